import pytest

from geodata.draft_index import DraftIndex
from geodata.drafts import (
    LayerChanges,
    check_changes,
    check_draft,
    check_edition,
    draft_changes,
    find_open_draft,
    get_open_draft,
    neighbours_of_changes,
)
from gridsvc.errors import Conflict, NotFound
from gridsvc.model.people import Person
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster, RosterChange, lay_over
from gridsvc.model.territory import Layer
from gridsvc.ports import Store
from tests.fixtures.layers import CORNER, SCHEME, cell, overlap, rectangle, sound
from tests.geodata.drafting import NOW, draft_of, fill, put_out, shipped


def test_no_open_draft_is_none_or_not_found(sqlite_store: Store) -> None:
    assert find_open_draft(sqlite_store) is None
    with pytest.raises(NotFound, match="import"):
        get_open_draft(sqlite_store)


def test_the_single_open_draft_is_taken_and_of_two_one_must_be_named(sqlite_store: Store) -> None:
    first = sqlite_store.create_draft(NOW).number
    assert get_open_draft(sqlite_store) == first
    second = sqlite_store.create_draft(NOW).number
    with pytest.raises(Conflict):
        get_open_draft(sqlite_store)
    assert get_open_draft(sqlite_store, second) == second


def test_changes_are_counted_against_the_base(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    moved = cell(CORNER, "B0", rectangle(1, 0, 1.5, 1))
    new = cell(CORNER, "C", rectangle(4, 0, 5, 1))
    draft = draft_of(sqlite_store, [moved, new, sound()[0]], remove=["A1"])
    assert draft_changes(sqlite_store, draft.number) == {Layer.CELLS: LayerChanges(added=1, changed=1, removed=1)}


def test_a_draft_and_an_edition_are_checked_alike(sqlite_store: Store) -> None:
    draft = draft_of(sqlite_store, sound())
    before = check_draft(sqlite_store, draft.number, shipped(), today=NOW.date())
    put_out(sqlite_store, draft)
    assert check_edition(sqlite_store, 1, shipped(), today=NOW.date()) == before


def test_acceptances_of_the_store_are_heard(sqlite_store: Store) -> None:
    draft = draft_of(sqlite_store, overlap())
    [issue] = [i for i in check_draft(sqlite_store, draft.number, shipped(), today=NOW.date()) if i.code == "OVERLAP"]
    sqlite_store.accept_issues([issue.id], "measured again next year", NOW)
    [told] = [i for i in check_draft(sqlite_store, draft.number, shipped(), today=NOW.date()) if i.code == "OVERLAP"]
    assert told.values["accepted"] == "measured again next year"


def test_roster_changes_lie_over_the_roster() -> None:
    old, new = Person(code="P", name="old"), Person(code="P", name="new")
    roster = Roster(4, {"people": {"P": old, "Q": Person(code="Q", name="q")}})
    laid = lay_over(roster, [RosterChange("people", "P", new), RosterChange("people", "Q", None)])
    assert (laid.revision, laid.tables) == (4, {"people": {"P": new}})
    assert roster.tables["people"]["P"] == old


def test_only_changes_and_their_neighbours_are_looked_at_again(sqlite_store: Store) -> None:
    """The overlap far away was there before; the quick check is about what this draft did."""
    far = [cell(CORNER, "X", rectangle(50, 0, 51, 1)), cell(CORNER, "Y", rectangle(50.5, 0, 52, 1))]
    base = draft_of(sqlite_store, [*sound(), *far])
    accepted = [i.id for i in check_draft(sqlite_store, base.number, shipped(), today=NOW.date())]
    sqlite_store.accept_issues(accepted, "known", NOW)
    put_out(sqlite_store, base)
    draft = draft_of(sqlite_store, [cell(CORNER, "C", rectangle(1.5, 0, 3, 1))])
    index = DraftIndex(sqlite_store, draft.number)
    near = neighbours_of_changes(index, sqlite_store.list_changes(draft.number))
    assert {key.code for _, key in near} == {"B0", "B1", "C"}
    issues = check_changes(sqlite_store, draft.number, index, shipped(), today=NOW.date())
    assert [i.features for i in issues if i.code == "OVERLAP"] == [("B0", "C")]


def test_the_quick_check_follows_the_next_edit(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    draft = draft_of(sqlite_store, [cell(CORNER, "C", rectangle(1.5, 0, 3, 1))])
    index = DraftIndex(sqlite_store, draft.number)
    fill(sqlite_store, draft.number, [cell(CORNER, "C", rectangle(2, 0, 3, 1))])
    assert check_changes(sqlite_store, draft.number, index, shipped(), today=NOW.date()) == []
    fill(sqlite_store, draft.number, [], [Key(SCHEME, "C")])
    assert check_changes(sqlite_store, draft.number, index, shipped(), today=NOW.date()) == []
