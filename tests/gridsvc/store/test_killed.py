"""A process that is killed in the middle of a long write: nobody sees anything of it, and the next write succeeds."""

import pytest
from sqlalchemy import text

from gridsvc.errors import Conflict
from gridsvc.model.edition import Draft
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Layer, Territory
from gridsvc.store import SqlStore, upgrade
from gridsvc.store.rosters import Batch
from gridsvc.store.rows import encode_changes
from gridsvc.store.sweeping import GRACE, sweep
from tests.gridsvc.store.long_work import CELLS, kill_in_the_middle, many_cells, many_people
from tests.gridsvc.store.scenario import NOW, draft_of, edition_of, names_of, person, publish_tiny, put, renamed, silent


def _count(store: SqlStore, query: str) -> int:
    with store._database.read() as connection:
        return int(connection.execute(text(query)).scalar_one())


def _last_draft(store: SqlStore) -> Draft:
    return store.list_drafts()[-1]


def test_a_killed_import_leaves_nothing_to_see(store: SqlStore, database_url: str) -> None:
    territory = publish_tiny(store)
    kill_in_the_middle(database_url, "import")
    draft = _last_draft(store)
    assert 0 < _count(store, f"SELECT count(*) FROM draft_change WHERE draft = {draft.number}") < CELLS
    assert draft.revision == 1, "the roster before it was accepted"
    assert store.load_draft(draft.number) == territory
    assert store.list_changes(draft.number) == []
    assert store.list_acceptances() == {"ACKNOWLEDGED": "before the kill"}

    put(store, draft, renamed(territory.cells[0], "edit"))
    assert len(store.list_changes(draft.number)) == 1
    assert _count(store, f"SELECT count(*) FROM draft_change WHERE draft = {draft.number}") == 1
    store.put_features(draft.number, Layer.CELLS, many_cells(), [], silent)
    assert len(store.load_draft(draft.number).cells) == CELLS + 9


@pytest.mark.parametrize("next_work", ["publish", "restore"])
def test_a_killed_publish_leaves_nothing_to_see(store: SqlStore, database_url: str, next_work: str) -> None:
    territory = publish_tiny(store)
    kill_in_the_middle(database_url, "publish")
    draft = _last_draft(store)
    assert _count(store, "SELECT count(*) FROM span WHERE first_edition = 2") > 0
    assert store.state().edition == 1
    assert store.load_territory(1) == territory
    assert store.list_acceptances() == {"ACKNOWLEDGED": "before the kill"}

    if next_work == "publish":
        store.publish_draft(draft.number, edition_of(2), silent)
        assert len(store.load_territory(2).cells) == CELLS + 9
    else:
        store.restore_edition(1, edition_of(2), silent)
        assert store.load_territory(2) == territory
        assert _count(store, "SELECT count(*) FROM span WHERE first_edition = 2") == 0
    assert store.load_territory(1) == territory


def test_a_killed_restore_reopens_what_it_had_closed(store: SqlStore, database_url: str) -> None:
    publish_tiny(store)
    large = Territory("EPSG:4548", cells=tuple(many_cells()))
    draft = store.create_draft(NOW)
    store.put_features(draft.number, Layer.CELLS, large.cells, [], silent)
    store.publish_draft(draft.number, edition_of(2), silent)
    kill_in_the_middle(database_url, "restore")
    assert _count(store, "SELECT count(*) FROM span WHERE last_edition = 2") > 0
    assert len(store.load_territory(2).cells) == CELLS + 9

    further = draft_of(store, Territory("EPSG:4548", cells=(renamed(large.cells[0], "further"),)))
    store.publish_draft(further.number, edition_of(3), silent)
    assert len(store.load_territory(3).cells) == CELLS + 9
    assert _count(store, "SELECT count(*) FROM span WHERE last_edition = 2") == 1


def test_a_killed_append_to_the_roster_leaves_nothing_to_see(store: SqlStore, database_url: str) -> None:
    store.append_roster([person("P00000", "before")], NOW)
    kill_in_the_middle(database_url, "append")
    assert 1 < _count(store, "SELECT count(*) FROM roster_log") < CELLS
    assert store.state().roster_revision == 1
    assert names_of(store.load_roster()) == ["before"]
    assert store.append_roster([person("P00001", "after")], NOW) == 2
    assert names_of(store.load_roster()) == ["before", "after"]
    assert store.append_roster(many_people(), NOW) == 3
    assert names_of(store.load_roster()) == ["many"] * CELLS


def test_a_killed_change_of_a_drafts_roster_leaves_nothing_to_see(store: SqlStore, database_url: str) -> None:
    kill_in_the_middle(database_url, "draft roster")
    draft = _last_draft(store)
    assert 0 < _count(store, "SELECT count(*) FROM draft_roster") < CELLS
    assert (draft.revision, store.list_draft_roster(draft.number)) == (0, [])
    store.put_draft_roster(draft.number, [person("P1", "after")])
    assert store.list_draft_roster(draft.number) == [person("P1", "after")]


def test_a_killed_publish_leaves_nothing_of_its_roster(store: SqlStore, database_url: str) -> None:
    kill_in_the_middle(database_url, "publish")
    assert _count(store, "SELECT count(*) FROM roster_log") == CELLS
    assert store.state().roster_revision == 0
    assert store.load_roster() == Roster()
    store.publish_draft(_last_draft(store).number, edition_of(1), silent)
    assert store.state().roster_revision == 1
    assert names_of(store.load_roster()) == ["many"] * CELLS


def test_what_was_killed_is_swept_when_it_is_nobodys(store: SqlStore, database_url: str) -> None:
    territory = publish_tiny(store)
    kill_in_the_middle(database_url, "import")
    kill_in_the_middle(database_url, "append")
    draft = _last_draft(store)
    before = _count(store, "SELECT count(*) FROM feature")
    upgrade(database_url)
    # The draft is open: what the import left may still be going on, for all that is known.
    assert _count(store, "SELECT count(*) FROM feature") == before
    assert _count(store, "SELECT count(*) FROM draft_roster") == CELLS
    assert _count(store, "SELECT count(*) FROM roster_log") == 0
    assert _count(store, "SELECT count(*) FROM roster_revision") == 0
    store.discard_draft(draft.number)
    upgrade(database_url)
    assert _count(store, "SELECT count(*) FROM feature") == sum(len(territory.layer(layer)) for layer in Layer)
    assert _count(store, f"SELECT count(*) FROM draft_change WHERE draft = {draft.number}") == 0
    assert store.load_territory(1) == territory
    assert len(store.list_draft_roster(draft.number)) == CELLS


def test_what_a_discarded_draft_had_accepted_is_kept(store: SqlStore, database_url: str) -> None:
    draft = store.create_draft(NOW, crs="EPSG:4548")
    store.put_features(draft.number, Layer.CELLS, many_cells(), [], silent)
    store.discard_draft(draft.number)
    upgrade(database_url)
    assert list(store.load_draft(draft.number).cells) == list(many_cells())


def test_a_batch_that_was_swept_does_not_come_back_in_part(store: SqlStore) -> None:
    database, slow = store._database, Batch(NOW, "slept for a day")
    with database.write() as connection:
        slow.write(connection, encode_changes(many_people()[:2]))
    sweep(database, NOW + GRACE)
    assert _count(store, "SELECT count(*) FROM roster_log") == 2
    sweep(database, NOW + 2 * GRACE)
    with pytest.raises(Conflict), database.write() as connection:
        slow.write(connection, encode_changes(many_people()[2:4]))
    with pytest.raises(Conflict), database.write() as connection:
        slow.finish(connection)
    assert store.load_roster() == Roster()
