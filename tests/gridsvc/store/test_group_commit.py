"""Small transactions that share a commit: each as durable and as whole as alone, whatever becomes of the others."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError

from gridsvc.errors import Busy, NotReady
from gridsvc.model.work import Message, Topic
from gridsvc.store import SqlStore

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
THREADS, EACH = 8, 15


class Refused(Exception):
    """What a use case raises."""


def _tell(store: SqlStore, name: str, fail: bool = False) -> None:
    with store.begin() as work:
        work.tell([Message(topic=Topic.JOB_CHANGED, at=NOW, body={"name": name})])
        if fail:
            raise Refused


def _names(store: SqlStore) -> list[Any]:
    return [message.body["name"] for message in store.list_messages(0, 1000)]


def _commits(store: SqlStore) -> list[int]:
    counted: list[int] = []
    event.listen(store._database.engine, "commit", lambda _: counted.append(1))
    return counted


def _together(store: SqlStore, work: Callable[[int], None]) -> None:
    """Run in threads that all wait while another one has the turn, so that they form groups."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    try:
        with store.begin() as first:
            first.tell([Message(topic=Topic.JOB_CHANGED, at=NOW, body={"name": "first"})])
            for thread in threads:
                thread.start()
            while store._group is not None and store._group._queued < THREADS:
                time.sleep(0.001)
    finally:
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()


def test_those_who_wait_share_a_commit_and_all_is_there(sqlite_store: SqlStore) -> None:
    commits = _commits(sqlite_store)
    _together(sqlite_store, lambda number: _tell(sqlite_store, str(number)))
    assert sorted(_names(sqlite_store)) == sorted([*map(str, range(THREADS)), "first"])
    assert len(commits) < THREADS


def test_one_that_fails_is_undone_alone(sqlite_store: SqlStore) -> None:
    failed: list[int] = []

    def work(number: int) -> None:
        try:
            _tell(sqlite_store, str(number), fail=number % 2 == 1)
        except Refused:
            failed.append(number)

    _together(sqlite_store, work)
    assert sorted(failed) == [number for number in range(THREADS) if number % 2]
    assert sorted(_names(sqlite_store)) == sorted([*(str(n) for n in range(THREADS) if n % 2 == 0), "first"])


def test_nobody_returns_before_the_commit(sqlite_store: SqlStore) -> None:
    seen: list[bool] = []

    def work(number: int) -> None:
        for count in range(EACH):
            _tell(sqlite_store, f"{number}-{count}")
            with sqlite_store._database.read() as connection:
                found = connection.scalar(
                    text("SELECT count(*) FROM outbox WHERE body LIKE :name"), {"name": f'%"{number}-{count}"%'}
                )
            seen.append(found == 1)

    _together(sqlite_store, work)
    assert seen == [True] * (THREADS * EACH)
    assert [message.number for message in sqlite_store.list_messages(0, 1000)] == list(range(1, THREADS * EACH + 2))


def test_a_commit_that_fails_fails_for_all_and_the_next_one_works(sqlite_store: SqlStore) -> None:
    told: list[str] = []

    def refuse(_: object) -> None:
        raise NotReady("the disk is full")

    def work(number: int) -> None:
        try:
            _tell(sqlite_store, str(number))
        except (NotReady, Busy) as error:
            told.append(error.message)

    event.listen(sqlite_store._database.engine, "commit", refuse)
    with pytest.raises(NotReady):
        _together(sqlite_store, work)
    event.remove(sqlite_store._database.engine, "commit", refuse)
    assert told == ["the disk is full"] * THREADS
    assert _names(sqlite_store) == []
    _tell(sqlite_store, "next")
    assert _names(sqlite_store) == ["next"]


def test_a_transaction_that_sqlite_gave_up_is_acknowledged_to_nobody(sqlite_store: SqlStore) -> None:
    """As when the disk is full: SQLite rolls back all of it, the work of those before included."""
    refused: list[int] = []

    def work(number: int) -> None:
        try:
            with sqlite_store.begin() as mine:
                mine.tell([Message(topic=Topic.JOB_CHANGED, at=NOW, body={"name": str(number)})])
                if number == 3:
                    mine._connection.connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]
        except (Busy, SQLAlchemyError):
            refused.append(number)

    try:
        _together(sqlite_store, work)
        first = True
    except Busy:
        first = False
    kept = _names(sqlite_store)
    acknowledged = {str(number) for number in range(THREADS) if number not in refused} | ({"first"} if first else set())
    assert set(kept) == acknowledged
    _tell(sqlite_store, "next")
    assert _names(sqlite_store)[-1] == "next"


def test_other_writers_find_their_turn_while_many_record(sqlite_store: SqlStore) -> None:
    stop, waits = threading.Event(), list[float]()

    def record() -> None:
        while not stop.is_set():
            _tell(sqlite_store, "again")

    threads = [threading.Thread(target=record) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        start = time.perf_counter()
        with sqlite_store._database.write() as connection:
            connection.execute(text("UPDATE day_count SET count = 0"))
        waits.append(time.perf_counter() - start)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert max(waits) < 5
