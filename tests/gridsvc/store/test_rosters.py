"""The roster's log and the accepted findings: added to, never overwritten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from gridsvc.errors import InvalidInput, NotFound
from gridsvc.model.departments import Department
from gridsvc.model.people import Shift
from gridsvc.model.roster import Author, Roster, RosterChange, lay_over
from gridsvc.store import SqlStore
from tests.fixtures.tiny_city import tiny_roster
from tests.gridsvc.store.scenario import NOW, edition_of, names_of, person, publish_tiny, roster_changes, silent


def test_a_revision_that_was_never_given_is_not_found(store: SqlStore) -> None:
    with pytest.raises(NotFound, match="no revision 1"):
        store.load_roster(1)
    with pytest.raises(NotFound, match="no revision -1"):
        store.load_roster(-1)


def test_a_shift_without_offset_is_refused(store: SqlStore) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    shift = Shift(code="SH", starts_at=naive, ends_at=naive)
    with pytest.raises(InvalidInput, match="offset"):
        store.append_roster([RosterChange("shifts", "SH", shift)], NOW)
    assert store.load_roster() == Roster()


def test_an_acceptance_needs_a_reason(store: SqlStore) -> None:
    with pytest.raises(InvalidInput, match="why"):
        store.accept_issues(["GAP:cells:1"], "  ", NOW)
    assert store.list_acceptances() == {}


def test_every_table_comes_back_equal(store: SqlStore) -> None:
    assert store.append_roster(roster_changes(), NOW, "first") == 1
    assert store.load_roster() == tiny_roster(1)
    assert store.state().roster_revision == 1


def test_a_revision_shows_what_was_known_then(store: SqlStore) -> None:
    store.append_roster([person("P1", "An"), person("P2", "Bo")], NOW)
    store.append_roster([person("P1", "Ann", valid_to=date(2026, 5, 1)), RosterChange("people", "P2", None)], NOW)
    store.append_roster([person("P2", "Bo again")], NOW)
    assert store.load_roster(0) == Roster()
    names = [names_of(store.load_roster(revision)) for revision in (1, 2, 3)]
    assert names == [["An", "Bo"], ["Ann"], ["Ann", "Bo again"]]
    assert store.load_roster().revision == 3


def test_of_one_key_named_twice_the_last_entry_counts(store: SqlStore) -> None:
    store.append_roster([person("P1", "An"), person("P1", "Ann")], NOW)
    assert names_of(store.load_roster()) == ["Ann"]


def test_no_change_is_no_revision(store: SqlStore) -> None:
    assert store.append_roster([], NOW) == 0
    store.append_roster([person("P1", "An")], NOW)
    assert store.append_roster([], NOW) == 1


def test_instants_of_shifts_come_back_in_utc(store: SqlStore) -> None:
    begins = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    shift = Shift(code="SH", starts_at=begins, ends_at=begins + timedelta(hours=12), phone="000-0606")
    store.append_roster([RosterChange("shifts", "SH", shift)], NOW)
    loaded = store.load_roster().tables["shifts"]["SH"]
    assert loaded == shift
    assert isinstance(loaded, Shift)
    assert loaded.starts_at.tzinfo is UTC


def test_publishing_appends_the_drafts_roster_as_one_revision(store: SqlStore) -> None:
    store.append_roster([person("P1", "An"), person("P2", "Bo")], NOW)
    publish_tiny(store)
    draft = store.create_draft(NOW)
    department = Department(code="NEW", name="New Office")
    store.put_draft_roster(draft.number, [person("P1", "draft"), RosterChange("departments", "NEW", department)])
    store.put_draft_roster(draft.number, [person("P1", "An Yi"), RosterChange("people", "P2", None)])
    assert store.load_roster().revision == 1
    store.publish_draft(draft.number, edition_of(2), silent)
    roster = store.load_roster()
    assert roster.revision == store.state().roster_revision == 2
    assert names_of(roster) == ["An Yi"]
    assert roster.tables["departments"] == {"NEW": department}


def test_the_last_reason_of_an_acceptance_stands(store: SqlStore) -> None:
    store.accept_issues(["GAP:cells:1", "GAP:cells:2"], "a lake", NOW)
    store.accept_issues(["GAP:cells:2"], "a pond", NOW)
    store.accept_issues([], "nothing", NOW)
    assert store.list_acceptances() == {"GAP:cells:1": "a lake", "GAP:cells:2": "a pond"}


def test_the_history_of_a_row_says_who_and_when(store: SqlStore) -> None:
    store.append_roster([person("P1", "An"), person("P2", "Bo")], NOW, "first")
    with store.begin() as work:
        assert work.hold_roster() == 1
        assert (
            work.append_roster([person("P1", "Ann")], NOW + timedelta(days=1), "married", Author("clerk", ("990101",)))
            == 2
        )
    store.append_roster([RosterChange("people", "P1", None)], NOW + timedelta(days=2))
    message = store.list_messages(0, 10)[-2]
    assert (message.areas, message.made_by) == (("990101",), "clerk")
    assert message.body == {"revision": 2, "tables": ["people"], "keys": {"people": ["P1"]}, "areas": ["990101"]}
    told = [(e.revision, e.at, e.made_by, e.comment, e.row) for e in store.list_row_history("people", "P1")]
    assert [(revision, made_by, comment) for revision, _, made_by, comment, _ in told] == [
        (3, None, ""),
        (2, "clerk", "married"),
        (1, None, "first"),
    ]
    assert [at for _, at, *_ in told] == [NOW + timedelta(days=days) for days in (2, 1, 0)]
    assert [row and row.name for *_, row in told] == [None, "Ann", "An"]  # type: ignore[union-attr]


def test_a_row_knows_the_revision_of_its_last_change(store: SqlStore) -> None:
    store.append_roster([person("P1", "An"), person("P2", "Bo")], NOW)
    store.append_roster([person("P1", "Ann")], NOW)
    assert store.find_row_revision("people", "P1") == 2
    assert store.find_row_revision("people", "P1", 1) == 1
    assert store.find_row_revision("people", "P2") == 1
    assert store.find_row_revision("people", "P2", 0) is None
    assert store.find_row_revision("posts", "P1") is None


def test_changes_between_revisions_make_the_one_into_the_other(store: SqlStore) -> None:
    store.append_roster(roster_changes(), NOW)
    first = store.load_roster()
    store.append_roster([person("P01", "Ann"), person("NEW", "Hu")], NOW)
    store.append_roster([RosterChange("people", "P02", None), person("P01", "Anna")], NOW)
    changes = store.list_roster_changes(1, 3)
    assert [(change.key, change.row is None) for change in changes] == [("NEW", False), ("P01", False), ("P02", True)]
    assert lay_over(first, changes, 3) == store.load_roster(3)
    assert store.list_roster_changes(3, 3) == []


def test_who_holds_the_roster_makes_others_wait_and_see(store: SqlStore) -> None:
    seen: list[int] = []

    def second() -> None:
        with store.begin() as work:
            seen.append(work.hold_roster())

    with ThreadPoolExecutor(1) as threads:
        with store.begin() as work:
            assert work.hold_roster() == 0
            waiting = threads.submit(second)
            work.append_roster([person("P1", "An")], NOW)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        waiting.result(10)
    assert seen == [1]
