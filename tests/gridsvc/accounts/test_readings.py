"""Notes of who read whose data: none twice a minute, none lost while the database is away, none in anybody's way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from gridsvc.accounts import readings as module
from gridsvc.accounts.readings import Readings
from gridsvc.errors import NotReady
from gridsvc.model.accounts import Account, AccountRole, Action, Caller
from gridsvc.store import SqlStore
from gridsvc.store.work import SqlWork

LI = Caller(Account(login="li", name="李", role=AccountRole.DISPATCHER))
PHONES = Action.READ_PHONES


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notes(sqlite_store: SqlStore, clock: Clock) -> Readings:
    return Readings(sqlite_store, clock)


def _logged(store: SqlStore) -> list[tuple[str | None, str, object, str | None]]:
    found = [entry for _, entry in store.list_audit(before=None, limit=1000)]
    return [(entry.login, entry.action, entry.details.get("whose"), entry.request) for entry in found]


def test_a_visitor_leaves_no_note(notes: Readings, sqlite_store: SqlStore) -> None:
    notes.note(Caller(), PHONES, ["P01"], "r1")
    notes.flush()
    assert _logged(sqlite_store) == []


def test_nothing_is_written_before_the_flush_and_all_of_it_then(notes: Readings, sqlite_store: SqlStore) -> None:
    notes.note(LI, PHONES, ["P01", "P02"], "r1")
    notes.note(LI, Action.READ_STAFF, ["P01"], "r2")
    assert _logged(sqlite_store) == []
    notes.flush()
    assert _logged(sqlite_store) == [("li", "READ_STAFF", ["P01"], "r2"), ("li", "READ_PHONES", ["P01", "P02"], "r1")]


def test_the_same_person_is_noted_once_a_minute(notes: Readings, sqlite_store: SqlStore, clock: Clock) -> None:
    for _ in range(3):
        notes.note(LI, PHONES, ["P01"], "r")
    notes.note(LI, PHONES, ["P01", "P02"], "r2")
    clock.now += timedelta(minutes=1)
    notes.note(LI, PHONES, ["P01"], "r3")
    notes.flush()
    assert [entry[2] for entry in reversed(_logged(sqlite_store))] == [["P01"], ["P02"], ["P01"]]


def test_notes_wait_while_the_database_is_away(
    notes: Readings, sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def gone() -> Iterator[SqlWork]:
        raise NotReady("gone")
        yield

    notes.note(LI, PHONES, ["P01"], "r1")
    with monkeypatch.context() as patch:
        patch.setattr(sqlite_store, "begin", gone)
        for _ in range(2):
            with pytest.raises(NotReady):
                notes.flush()
        notes.note(LI, PHONES, ["P02"], "r2")
    notes.flush()
    assert [entry[2] for entry in reversed(_logged(sqlite_store))] == [["P01"], ["P02"]]


def test_memory_is_bounded_and_what_was_lost_is_told(
    notes: Readings, sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    for number in range(5):
        notes.note(LI, PHONES, [f"P{number}"], None)
    notes.flush()
    [lost] = [entry for _, entry in sqlite_store.list_audit(before=None, limit=10) if entry.action == "READINGS_LOST"]
    assert lost.details == {"count": 2}
    assert len(_logged(sqlite_store)) == 4


def test_the_last_notes_are_written_when_the_process_ends(notes: Readings, sqlite_store: SqlStore) -> None:
    stop = threading.Event()
    stop.set()
    notes.note(LI, PHONES, ["P01"], "r1")
    notes.run(stop)
    assert len(_logged(sqlite_store)) == 1


def test_many_threads_lose_nothing(notes: Readings, sqlite_store: SqlStore) -> None:
    stop = threading.Event()
    flusher = threading.Thread(target=notes.run, args=(stop,))

    def read(reader: int) -> None:
        for number in range(200):
            notes.note(LI, PHONES, [f"P{reader}-{number}"], None)

    readers = [threading.Thread(target=read, args=(reader,)) for reader in range(4)]
    for thread in (flusher, *readers):
        thread.start()
    for thread in readers:
        thread.join()
    stop.set()
    flusher.join()
    assert len(sqlite_store.list_audit(before=None, limit=2000)) == 800
