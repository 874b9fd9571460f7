"""Reports that share a transaction: each as durable and as whole as alone, whatever becomes of the others."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from gridsvc.errors import Busy, NotReady
from gridsvc.model.incidents import Incident, IncidentFilter, Sight
from gridsvc.ports.recording import Claim, Fate, Outcome, Report
from gridsvc.store import SqlStore, open_store, recorder
from tests.fixtures.incidents import NOW, make_incident, make_report

ALL = Sight(everything=True)
DAY = timedelta(days=1)


def _made(count: int, day: str = "20260401") -> Incident:
    return make_incident(f"{day}-{count:06d}", "C1")


def _at(place: str, count: int) -> Incident:
    return make_incident(f"20260401-{count:06d}", place)


def _claim(key: str, digest: str = "d", login: str = "camera") -> Claim:
    return Claim(login, "incidents", key, digest)


def _report(key: str | None = None, digest: str = "d") -> Report:
    return make_report(_made, None if key is None else _claim(key, digest))


def _numbers(store: SqlStore) -> list[str]:
    return sorted(incident.number for _, incident in store.list_incidents(IncidentFilter(), ALL, 1000))


def _counts(store: SqlStore) -> tuple[int, ...]:
    """Rows of all that a report writes."""
    tables = ("incident", "audit", "outbox", "reply")
    with store._database.read() as connection:
        return tuple(connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in tables)


@contextmanager
def _together(store: SqlStore) -> Iterator[list[int]]:
    """What is recorded in the block waits for one that is held up, and so forms a group. Gives the commits."""
    inside, go_on, commits = threading.Event(), threading.Event(), list[int]()

    def slow(count: int) -> Incident:
        inside.set()
        assert go_on.wait(10)
        return _made(count)

    first = store.record(make_report(slow))
    assert inside.wait(10)
    try:
        yield commits
    finally:
        event.listen(store._database.engine, "commit", lambda _: commits.append(1))
        go_on.set()
        first.result(10)


def _fates(told: "list[Future[Outcome]]") -> list[Fate]:
    return [one.result(10).fate for one in told]


def test_those_who_wait_share_a_commit_and_all_is_there(store: SqlStore) -> None:
    with _together(store) as commits:
        told = [store.record(_report(str(n))) for n in range(20)]
    assert [one.result(10) for one in told] == [
        Outcome(Fate.RECORDED, 201, _made(n + 2).number.encode()) for n in range(20)
    ]
    assert len(commits) == 2
    assert _numbers(store) == [_made(n).number for n in range(1, 22)]
    assert [message.body["number"] for message in store.list_messages(0, 99)] == _numbers(store)
    assert [entry.target for _, entry in store.list_audit(before=None, limit=99)] == _numbers(store)[::-1]
    assert _counts(store) == (21, 21, 21, 20)


def test_an_incident_of_a_group_comes_back_whole_and_is_found_by_its_departments(store: SqlStore) -> None:
    with _together(store):
        told = [store.record(make_report(partial(_at, place))) for place in ("A1", "B2")]
    wait(told, 10)
    assert store.get_incident("20260401-000003") == make_incident("20260401-000003", "B2")
    for place, number in (("A1", "20260401-000002"), ("B2", "20260401-000003")):
        for department in make_incident("", place).answer.departments:
            sight = Sight(login="nobody", scoped=True, department=department)
            assert number in [found.number for _, found in store.list_incidents(IncidentFilter(), sight, 9)]


def test_one_that_fails_while_it_is_put_together_fails_alone_and_takes_no_number(store: SqlStore) -> None:
    def refuse(_: int) -> Incident:
        raise ValueError("no")

    with _together(store):
        told = [store.record(make_report(refuse if n == 1 else _made)) for n in range(3)]
    assert isinstance(told[1].exception(10), ValueError)
    assert _fates([told[0], told[2]]) == [Fate.RECORDED] * 2
    assert _numbers(store) == [_made(n).number for n in (1, 2, 3)]
    assert _counts(store) == (3, 3, 3, 0)


def test_one_that_the_database_refuses_fails_alone_and_leaves_nothing(store: SqlStore) -> None:
    with _together(store):
        told = [store.record(make_report((lambda _: _made(1)) if n == 1 else _made, _claim(str(n)))) for n in range(3)]
    assert isinstance(told[1].exception(10), IntegrityError)
    assert _fates([told[0], told[2]]) == [Fate.RECORDED] * 2
    assert _numbers(store) == [_made(n).number for n in (1, 2, 3)]
    assert _counts(store) == (3, 3, 3, 2)
    assert store.record(_report("1")).result(10).fate is Fate.RECORDED


def test_a_key_that_comes_twice_in_a_group_is_recorded_once(store: SqlStore) -> None:
    with _together(store):
        told = [
            store.record(_report(key, digest)) for key, digest in (("k", "d"), ("k", "d"), ("k", "other"), ("l", "d"))
        ]
    assert _fates(told) == [Fate.RECORDED, Fate.REPLAYED, Fate.KEY_REUSED, Fate.RECORDED]
    assert told[1].result() == Outcome(Fate.REPLAYED, 201, told[0].result().body)
    assert told[2].result().body == b""
    assert _counts(store) == (3, 3, 3, 2)


def test_a_key_that_came_before_is_answered_as_it_was(store: SqlStore) -> None:
    first = store.record(_report("k")).result(10)
    assert store.record(_report("k")).result(10) == replace(first, fate=Fate.REPLAYED)
    assert store.record(_report("k", "other")).result(10).fate is Fate.KEY_REUSED
    assert store.record(make_report(_made, _claim("k", login="other"))).result(10).fate is Fate.RECORDED
    kept = store.find_reply("camera", "incidents", "k")
    assert kept is not None
    assert (kept.body, kept.status, kept.body_digest, kept.at) == (first.body, 201, "d", NOW)
    assert store.find_reply("camera", "disputes", "k") is None
    assert _counts(store) == (2, 2, 2, 2)


def test_a_key_whose_reply_is_too_old_is_free_again(store: SqlStore) -> None:
    first = store.record(_report("k")).result(10)
    later = replace(_report("k", "other"), at=NOW + 8 * DAY, forget_before=NOW + DAY)
    with _together(store):
        told = [store.record(later), store.record(_report("l"))]
    assert _fates(told) == [Fate.RECORDED] * 2
    assert told[0].result().body != first.body
    kept = store.find_reply("camera", "incidents", "k")
    assert kept is not None
    assert (kept.body, kept.at) == (told[0].result().body, NOW + 8 * DAY)


def test_keys_are_found_along_the_index(sqlite_store: SqlStore) -> None:
    """A week's replies are looked through with each group."""
    asked: list[tuple[str, Any]] = []
    event.listen(
        sqlite_store._database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3]))
    )
    with _together(sqlite_store):
        told = [sqlite_store.record(_report(str(n))) for n in range(3)]
    wait(told, 10)
    statement, names = next(one for one in asked if "JOIN reply" in one[0] and len(one[1]) == 9)
    with sqlite_store._database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", names).all()
    assert any("SEARCH reply USING INDEX" in row[3] for row in plan)


@pytest.mark.parametrize("database_url", [pytest.param("postgis", marks=pytest.mark.postgis)], indirect=True)
def test_a_key_that_another_process_is_answering_is_in_flight(store: SqlStore) -> None:
    """Where several transactions write at once; SQLite's write lock lets in one."""
    with store.begin() as other:
        assert other.claim_key("camera", "incidents", "k")
        with _together(store):
            told = [store.record(_report("k")), store.record(_report("l"))]
        assert _fates(told) == [Fate.IN_FLIGHT, Fate.RECORDED]
        with store.begin() as third:
            assert not third.claim_key("camera", "incidents", "k")
    assert store.record(_report("k")).result(10).fate is Fate.RECORDED


def test_days_are_counted_apart_in_a_group(store: SqlStore) -> None:
    with _together(store):
        told = [
            store.record(make_report(partial(_made, day=day), day=day)) for day in ("20260402", "20260401", "20260402")
        ]
    wait(told, 10)
    assert _numbers(store) == ["20260401-000001", "20260401-000002", "20260402-000001", "20260402-000002"]


def test_nobody_is_told_before_the_disk_has_it(store: SqlStore) -> None:
    seen: list[bool] = []
    synchronous: list[object] = []

    def look(told: "Future[Outcome]") -> None:
        seen.append(told.result().body.decode() in _numbers(store))

    def note(connection: Connection) -> None:
        if store._database.is_sqlite:
            synchronous.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())

    event.listen(store._database.engine, "commit", note)
    with _together(store):
        told = [store.record(_report(str(n))) for n in range(5)]
        for one in told:
            one.add_done_callback(look)
    wait(told, 10)
    store.record(_report()).result(10)  # by now those of the group have been looked at
    assert seen == [True] * 5
    assert synchronous == ([2] * len(synchronous) if store._database.is_sqlite else [])


def test_a_commit_that_fails_fails_for_all_and_the_next_one_works(store: SqlStore) -> None:
    tried: list[int] = []

    def refuse_the_second(_: object) -> None:
        tried.append(1)
        if len(tried) == 2:
            raise NotReady("the disk is full")

    event.listen(store._database.engine, "commit", refuse_the_second)
    with _together(store):
        told = [store.record(_report(str(n))) for n in range(5)]
    assert {str(one.exception(10)) for one in told} == {"the disk is full"}
    assert _counts(store) == (1, 1, 1, 0)
    assert store.record(_report("0")).result(10).body == _made(2).number.encode()


def test_one_that_is_given_up_before_its_turn_is_not_recorded(store: SqlStore) -> None:
    with _together(store):
        told = [store.record(_report(str(n))) for n in range(3)]
        assert told[1].cancel()
    assert _fates([told[0], told[2]]) == [Fate.RECORDED] * 2
    assert _counts(store) == (3, 3, 3, 2)


def test_when_too_many_wait_the_next_is_sent_away(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store._recorder._queue, "maxsize", 3)
    with _together(store):
        told = [store.record(_report()) for _ in range(3)]
        with pytest.raises(Busy):
            store.record(_report())
    assert _fates(told) == [Fate.RECORDED] * 3


def test_closing_records_what_waits_and_takes_no_more(database_url: str, store: SqlStore) -> None:
    with closing(open_store(database_url)) as other:
        with _together(other):
            told = [other.record(_report()) for _ in range(2 * recorder.MOST_AT_ONCE)]
        other.close()
        assert _fates(told) == [Fate.RECORDED] * len(told)
        with pytest.raises(NotReady):
            other.record(_report())
    assert len(_numbers(store)) == len(told) + 1


def test_several_processes_record_at_once_in_one_order(database_url: str, store: SqlStore) -> None:
    """Messages are numbered in the order of commits: who follows the numbers misses nothing."""
    heard: list[int] = []
    done = threading.Event()

    def follow() -> None:
        while not done.is_set() or heard[-1:] != [store.last_message()]:
            heard.extend(message.number for message in store.list_messages(heard[-1] if heard else 0, 100))

    follower = threading.Thread(target=follow)
    follower.start()
    with closing(open_store(database_url)) as other:
        told = [one.record(_report(f"{n}")) for n in range(60) for one in (store, other)]
        fates = _fates(told)
    done.set()
    follower.join(30)
    # On PostgreSQL the second may come while the first is being written: then it is to come again.
    assert fates.count(Fate.RECORDED) == 60
    assert set(fates) <= {Fate.RECORDED, Fate.REPLAYED, Fate.IN_FLIGHT}
    assert heard == list(range(1, 61))
    assert _numbers(store) == [_made(n).number for n in range(1, 61)]


def test_other_writers_find_their_turn_while_many_are_recorded(sqlite_store: SqlStore) -> None:
    stop, waits = threading.Event(), list[float]()

    def record() -> None:
        while not stop.is_set():
            sqlite_store.record(_report()).result(10)

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        start = time.perf_counter()
        with sqlite_store.begin() as work:
            work.log([])
        waits.append(time.perf_counter() - start)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert max(waits) < 5
