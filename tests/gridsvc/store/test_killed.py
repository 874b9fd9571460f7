"""A process that is killed in the middle of a long write: nobody sees anything of it, and the next write succeeds."""

import pytest
from sqlalchemy import text

from gridsvc.model.edition import Draft
from gridsvc.model.territory import Layer, Territory
from gridsvc.store import SqlStore
from tests.gridsvc.store.long_work import CELLS, kill_in_the_middle, many_cells
from tests.gridsvc.store.scenario import NOW, draft_of, edition_of, publish_tiny, put, renamed, silent


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
    assert draft.revision == 0
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
