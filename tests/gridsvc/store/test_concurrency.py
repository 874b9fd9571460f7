"""Several writers at once: one wins, the others are told, and nobody waits for a long write to end."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Barrier, Event

import pytest
from sqlalchemy import Connection

from gridsvc.errors import Busy, Conflict
from gridsvc.model.edition import Draft, DraftState, StoreState
from gridsvc.model.people import Person
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Cell, Layer
from gridsvc.store import SqlStore, revisions
from gridsvc.store.rosters import Batch
from gridsvc.store.rows import encode_changes
from tests.gridsvc.store.long_work import CELLS, many_cells, publish_at_once
from tests.gridsvc.store.scenario import NOW, edition_of, names_of, person, publish_tiny, put, renamed, silent


def _outcomes(*actions: Callable[[], object]) -> list[object]:
    """Run actions at the same moment; their results, or the Conflict that they met."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return action()
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def _while_writing(act: Callable[[], None]) -> Callable[[int, int], None]:
    """Progress that does something once, in the middle of the work."""
    pending = [act]

    def progress(done: int, total: int) -> None:
        if pending and done < CELLS:
            pending.pop()()

    return progress


def test_of_two_publishers_one_gets_conflict(store: SqlStore) -> None:
    territory = publish_tiny(store)
    drafts = [store.create_draft(NOW) for _ in range(2)]
    for draft, cell in zip(drafts, territory.cells, strict=False):
        put(store, draft, renamed(cell, f"draft {draft.number}"))
    outcomes = _outcomes(*(lambda n=d.number: store.publish_draft(n, edition_of(2), silent) for d in drafts))
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    winner = drafts[0] if isinstance(outcomes[1], Conflict) else drafts[1]
    assert store.state().edition == 2
    assert store.load_territory(2) == store.load_draft(winner.number)


def test_of_two_processes_that_publish_at_once_one_gets_conflict(store: SqlStore, database_url: str) -> None:
    territory = publish_tiny(store)
    drafts = []
    for name in ("left", "right"):
        draft = store.create_draft(NOW)
        put(store, draft, *(renamed(cell, name) for cell in territory.cells[: 5 if name == "left" else 9]))
        store.put_features(draft.number, Layer.CELLS, many_cells(name), [], silent)
        store.put_draft_roster(draft.number, [person("P1", name)])
        drafts.append(draft.number)
    outcomes = publish_at_once(database_url, drafts, 2)
    assert outcomes.count("published") == 1
    winner, loser = outcomes.index("published"), 1 - outcomes.index("published")
    assert store.state() == StoreState(2, 1)
    assert store.load_territory(2) == store.load_draft(drafts[winner])
    assert names_of(store.load_roster()) == [("left", "right")[winner]]
    assert store.load_territory(1) == territory
    assert store.get_draft(drafts[loser]).state is DraftState.OPEN
    with pytest.raises(Conflict, match="edition 2 was published since"):
        store.publish_draft(drafts[loser], edition_of(3), silent)


def test_a_small_append_enters_before_a_large_one_that_goes_on(store: SqlStore) -> None:
    large = Batch(NOW, "large")
    with store._database.write() as connection:
        large.write(connection, encode_changes([person("P1", "large"), person("P2", "large")]))
    assert store.append_roster([person("P1", "small"), person("P3", "small")], NOW) == 1
    assert names_of(store.load_roster()) == ["small", "small"]
    with store._database.write() as connection:
        assert large.finish(connection) == 2
    assert names_of(store.load_roster(1)) == ["small", "small"]
    assert names_of(store.load_roster()) == ["large", "large", "small"]


def test_a_writer_that_waits_too_long_is_told_and_may_try_again(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridsvc.store.database.LOCK_WAIT_S", 0.05)
    with sqlite_store._database.write(), pytest.raises(Busy, match="too long"):
        sqlite_store.create_draft(NOW)
    assert sqlite_store.create_draft(NOW).number == 1


def test_garbage_is_not_collected_while_others_wait_for_the_lock(sqlite_store: SqlStore) -> None:
    with sqlite_store._database.write():
        with sqlite_store._database.read():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_publish_that_begins_later_wins(store: SqlStore) -> None:
    slow, quick = store.create_draft(NOW, crs="EPSG:4548"), store.create_draft(NOW, crs="EPSG:4548")
    store.put_features(slow.number, Layer.CELLS, many_cells(), [], silent)
    put(store, quick, *islice(many_cells("quick"), 3))

    def overtake() -> None:
        store.publish_draft(quick.number, edition_of(1), silent)

    with pytest.raises(Conflict):
        store.publish_draft(slow.number, edition_of(1), _while_writing(overtake))
    assert [cell.name for cell in store.load_territory(1).cells] == ["quick"] * 3


def test_an_import_whose_draft_is_edited_meanwhile_gets_conflict(store: SqlStore) -> None:
    draft = store.create_draft(NOW, crs="EPSG:4548")

    def edit() -> None:
        store.set_draft_crs(draft.number, "EPSG:32650")

    with pytest.raises(Conflict):
        store.put_features(draft.number, Layer.CELLS, many_cells(), [], _while_writing(edit))
    assert store.load_draft(draft.number).cells == ()
    assert store.get_draft(draft.number).crs == "EPSG:32650"


def test_small_edits_of_one_draft_at_once_all_enter(store: SqlStore) -> None:
    draft = store.create_draft(NOW, crs="EPSG:4548")
    cells = list(islice(many_cells(), 6))
    outcomes = _outcomes(*(lambda c=cell: put(store, draft, c) for cell in cells))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert list(store.load_draft(draft.number).cells) == cells
    assert store.get_draft(draft.number).revision == 6


def test_an_edit_that_enters_between_two_looks_is_taken_for_nothing_that_was_left(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = store.create_draft(NOW, crs="EPSG:4548")
    first, second = islice(many_cells(), 2)
    look, looks = revisions.get_draft, []

    def look_and_be_overtaken(connection: Connection, number: int, *, for_update: bool = False) -> Draft:
        looks.append(found := look(connection, number, for_update=for_update))
        if len(looks) == 1:
            put(store, draft, first)
        return found

    monkeypatch.setattr(revisions, "get_draft", look_and_be_overtaken)
    put(store, draft, second)
    assert list(store.load_draft(draft.number).cells) == [first, second]


def test_roster_revisions_at_once_are_numbered_without_gaps(store: SqlStore) -> None:
    changes = [RosterChange("people", f"P{n}", Person(code=f"P{n}", name="An")) for n in range(6)]
    revisions = _outcomes(*(lambda c=change: store.append_roster([c], NOW) for change in changes))
    assert sorted(map(str, revisions)) == ["1", "2", "3", "4", "5", "6"]
    assert len(store.load_roster().tables["people"]) == 6


def test_others_write_and_read_while_an_import_goes_on(store: SqlStore) -> None:
    territory = publish_tiny(store)
    draft = store.create_draft(NOW)
    half_way, written = Event(), Event()

    def cells() -> Iterator[Cell]:
        source = many_cells()
        yield from islice(source, CELLS // 2)
        half_way.set()
        assert written.wait(30)
        yield from source

    def write() -> None:
        assert half_way.wait(30)
        store.accept_issues(["GAP:cells:1"], "a lake", NOW)
        assert store.load_draft(draft.number) == territory
        written.set()

    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit(write), pool.submit(store.put_features, draft.number, Layer.CELLS, cells(), [], silent)]
        for each in work:
            each.result()
    assert len(store.load_draft(draft.number).cells) == CELLS + 9
