"""Drafts: an overlay by revision that is visible whole or not at all."""

from collections.abc import Iterator

import pytest
from shapely import box

from gridsvc.errors import Conflict, InvalidInput, NotFound, NotReady
from gridsvc.model.accounts import AccountRole, AuditEntry
from gridsvc.model.edition import Draft, DraftState
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Cell, Layer, Territory, key_of
from gridsvc.ports import Work
from gridsvc.store import SqlStore
from tests.fixtures.tiny_city import tiny_rows, tiny_territory
from tests.gridsvc.store.scenario import (
    NOW,
    draft_of,
    edition_of,
    publish_tiny,
    put,
    renamed,
    roster_changes,
    silent,
    with_cells,
)


def _failing() -> Iterator[Cell]:
    for number in range(1500):
        yield Cell("S", str(number), "", box(0, 0, 1, 1))
    raise ValueError("the file ends in the middle")


def test_a_draft_that_does_not_exist_is_not_found(store: SqlStore) -> None:
    with pytest.raises(NotFound, match="no draft 7"):
        store.get_draft(7)
    with pytest.raises(NotFound, match="no draft 7"):
        store.put_features(7, Layer.CELLS, [], [], silent)


def test_an_ended_draft_takes_no_changes(store: SqlStore) -> None:
    draft = store.create_draft(NOW)
    assert store.discard_draft(draft.number).state is DraftState.DISCARDED
    with pytest.raises(Conflict, match="discarded"):
        store.put_features(draft.number, Layer.CELLS, tiny_territory().cells, [], silent)
    with pytest.raises(Conflict, match="discarded"):
        store.publish_draft(draft.number, edition_of(1), silent)
    published = draft_of(store, Territory("EPSG:4548"))
    store.publish_draft(published.number, edition_of(1), silent)
    with pytest.raises(Conflict, match="published"):
        store.set_draft_crs(published.number, "EPSG:32650")


def test_what_cannot_be_logged_is_not_done(store: SqlStore) -> None:
    def fail(work: Work, draft: Draft) -> None:
        entry = AuditEntry(
            at=NOW, login="li", role=AccountRole.PLANNER, action="X", target=str(draft.number), details={}
        )
        work.log([entry])
        raise NotReady("the disk is full")

    with pytest.raises(NotReady):
        store.create_draft(NOW, also=fail)
    assert store.list_drafts() == []
    draft = store.create_draft(NOW)
    with pytest.raises(NotReady):
        store.discard_draft(draft.number, also=fail)
    assert store.get_draft(draft.number).state is DraftState.OPEN
    assert store.list_audit(before=None, limit=1) == []


def test_an_import_that_fails_leaves_nothing(store: SqlStore) -> None:
    draft = store.create_draft(NOW, crs="EPSG:4548")
    cells = tiny_territory().cells
    with pytest.raises(ValueError, match="ends in the middle"):
        store.put_features(draft.number, Layer.CELLS, _failing(), [], silent)
    with pytest.raises(InvalidInput, match="twice"):
        put(store, draft, *cells, cells[3])
    with pytest.raises(InvalidInput, match="twice"):
        put(store, draft, cells[3], remove=(cells[3],))
    assert store.get_draft(draft.number) == draft
    assert store.load_draft(draft.number) == Territory("EPSG:4548")


@pytest.mark.parametrize("text", ["NUL \0", "half \ud800"])
def test_texts_that_no_database_keeps_are_refused(store: SqlStore, text: str) -> None:
    draft = store.create_draft(NOW)
    with pytest.raises(InvalidInput, match="text"):
        put(store, draft, Cell("S", "1", text, box(0, 0, 1, 1)))
    with pytest.raises(InvalidInput, match="table 'nonsense'"):
        store.put_draft_roster(draft.number, [RosterChange("nonsense", "1", None)])


def test_a_new_draft_is_based_on_the_newest_edition_and_its_crs(store: SqlStore) -> None:
    territory = publish_tiny(store)
    draft = store.create_draft(NOW, comment="spring")
    assert (draft.based_on, draft.revision, draft.crs, draft.comment) == (1, 0, "EPSG:4548", "spring")
    assert draft.created_at == NOW
    assert store.load_draft(draft.number) == territory
    assert store.set_draft_crs(draft.number, "EPSG:32650").crs == "EPSG:32650"
    assert store.load_draft(draft.number).crs == "EPSG:32650"
    assert [each.number for each in store.list_drafts()] == [1, draft.number]


def test_changes_lie_over_the_base_and_the_last_one_counts(store: SqlStore) -> None:
    territory = publish_tiny(store)
    first, second, third, *_ = territory.cells
    new = Cell(first.scheme, "000", "new", box(116.3, 39.9, 116.4, 39.901))
    draft = put(store, store.create_draft(NOW), renamed(first, "once"), new, remove=(second, third))
    draft = put(store, draft, renamed(first, "twice"), third)
    assert draft.revision == 2
    expected = with_cells(territory, new, renamed(first, "twice"), remove=(second,))
    assert store.load_draft(draft.number) == expected
    assert store.list_changes(draft.number) == [(Layer.CELLS, key_of(cell)) for cell in (new, first, second)]
    store.publish_draft(draft.number, edition_of(2), silent)
    assert store.load_territory(2) == expected
    assert store.load_draft(draft.number) == expected


def test_a_change_there_and_back_changes_nothing(store: SqlStore) -> None:
    territory = publish_tiny(store)
    draft = put(store, store.create_draft(NOW), renamed(territory.cells[0], "other"), remove=(territory.cells[1],))
    draft = put(store, draft, territory.cells[0], territory.cells[1])
    assert store.list_changes(draft.number) == []
    assert store.load_draft(draft.number) == territory


def test_removing_what_is_not_there_changes_nothing(store: SqlStore) -> None:
    draft = store.create_draft(NOW)
    put(store, draft, remove=(tiny_territory().cells[0],))
    assert store.list_changes(draft.number) == []


def test_two_drafts_do_not_see_each_other(store: SqlStore) -> None:
    territory = publish_tiny(store)
    left, right = store.create_draft(NOW), store.create_draft(NOW)
    put(store, left, renamed(territory.cells[0], "left"))
    put(store, right, renamed(territory.cells[0], "right"))
    names = [store.load_draft(draft.number).cells[0].name for draft in (left, right)]
    assert names == ["left", "right"]


def test_roster_changes_wait_in_the_draft(store: SqlStore) -> None:
    draft = store.create_draft(NOW)
    store.put_draft_roster(draft.number, roster_changes())
    gone = RosterChange("people", "P01", None)
    draft = store.put_draft_roster(draft.number, [gone])
    assert draft.revision == 2
    waiting = store.list_draft_roster(draft.number)
    assert gone in waiting
    assert len(waiting) == sum(map(len, tiny_rows().values()))
    assert store.put_draft_roster(draft.number, []) == draft


def test_progress_ends_with_everything_done(store: SqlStore) -> None:
    seen: list[tuple[int, int]] = []
    draft = store.create_draft(NOW)
    cells = tiny_territory().cells
    store.put_features(draft.number, Layer.CELLS, cells, [], lambda done, total: seen.append((done, total)))
    assert seen[-1] == (9, 9)
    store.publish_draft(draft.number, edition_of(1), lambda done, total: seen.append((done, total)))
    assert seen[-1] == (9, 9)
