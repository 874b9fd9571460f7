"""Reports that share a transaction: each as durable and as whole as alone, whatever becomes of the others."""

from concurrent.futures import Future, wait
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from gridsvc.errors import NotReady
from gridsvc.model.incidents import Incident, IncidentFilter, Sight
from gridsvc.ports.recording import Fate, Outcome
from gridsvc.store import SqlStore
from tests.fixtures.incidents import NOW, make_incident, make_report
from tests.gridsvc.store.reports import claim, count_rows, fates_of, list_numbers, made, made_at, report, together

DAY = timedelta(days=1)


def test_those_who_wait_share_a_commit_and_all_is_there(store: SqlStore) -> None:
    with together(store) as commits:
        told = [store.record(report(str(n))) for n in range(20)]
    assert [one.result(10) for one in told] == [
        Outcome(Fate.RECORDED, 201, made(n + 2).number.encode()) for n in range(20)
    ]
    assert len(commits) == 2
    assert list_numbers(store) == [made(n).number for n in range(1, 22)]
    assert [message.body["number"] for message in store.list_messages(0, 99)] == list_numbers(store)
    assert [entry.target for _, entry in store.list_audit(before=None, limit=99)] == list_numbers(store)[::-1]
    assert count_rows(store) == (21, 21, 21, 20)


def test_an_incident_of_a_group_comes_back_whole_and_is_found_by_its_departments(store: SqlStore) -> None:
    with together(store):
        told = [store.record(make_report(partial(made_at, place))) for place in ("A1", "B2")]
    wait(told, 10)
    assert store.get_incident("20260401-000003") == make_incident("20260401-000003", "B2")
    for place, number in (("A1", "20260401-000002"), ("B2", "20260401-000003")):
        for department in make_incident("", place).answer.departments:
            sight = Sight(login="nobody", scoped=True, department=department)
            assert number in [found.number for _, found in store.list_incidents(IncidentFilter(), sight, 9)]


def test_one_that_fails_while_it_is_put_together_fails_alone_and_takes_no_number(store: SqlStore) -> None:
    def refuse(_: int) -> Incident:
        raise ValueError("no")

    with together(store):
        told = [store.record(make_report(refuse if n == 1 else made)) for n in range(3)]
    assert isinstance(told[1].exception(10), ValueError)
    assert fates_of([told[0], told[2]]) == [Fate.RECORDED] * 2
    assert list_numbers(store) == [made(n).number for n in (1, 2, 3)]
    assert count_rows(store) == (3, 3, 3, 0)


def test_one_that_the_database_refuses_fails_alone_and_leaves_nothing(store: SqlStore) -> None:
    with together(store):
        told = [store.record(make_report((lambda _: made(1)) if n == 1 else made, claim(str(n)))) for n in range(3)]
    assert isinstance(told[1].exception(10), IntegrityError)
    assert fates_of([told[0], told[2]]) == [Fate.RECORDED] * 2
    assert list_numbers(store) == [made(n).number for n in (1, 2, 3)]
    assert count_rows(store) == (3, 3, 3, 2)
    assert store.record(report("1")).result(10).fate is Fate.RECORDED


def test_a_key_that_comes_twice_in_a_group_is_recorded_once(store: SqlStore) -> None:
    with together(store):
        told = [
            store.record(report(key, digest)) for key, digest in (("k", "d"), ("k", "d"), ("k", "other"), ("l", "d"))
        ]
    assert fates_of(told) == [Fate.RECORDED, Fate.REPLAYED, Fate.KEY_REUSED, Fate.RECORDED]
    assert told[1].result() == Outcome(Fate.REPLAYED, 201, told[0].result().body)
    assert told[2].result().body == b""
    assert count_rows(store) == (3, 3, 3, 2)


def test_a_key_that_came_before_is_answered_as_it_was(store: SqlStore) -> None:
    first = store.record(report("k")).result(10)
    assert store.record(report("k")).result(10) == replace(first, fate=Fate.REPLAYED)
    assert store.record(report("k", "other")).result(10).fate is Fate.KEY_REUSED
    assert store.record(make_report(made, claim("k", login="other"))).result(10).fate is Fate.RECORDED
    kept = store.find_reply("camera", "incidents", "k")
    assert kept is not None
    assert (kept.body, kept.status, kept.body_digest, kept.at) == (first.body, 201, "d", NOW)
    assert store.find_reply("camera", "disputes", "k") is None
    assert count_rows(store) == (2, 2, 2, 2)


def test_a_key_whose_reply_is_too_old_is_free_again(store: SqlStore) -> None:
    first = store.record(report("k")).result(10)
    later = replace(report("k", "other"), at=NOW + 8 * DAY, forget_before=NOW + DAY)
    with together(store):
        told = [store.record(later), store.record(report("l"))]
    assert fates_of(told) == [Fate.RECORDED] * 2
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
    with together(sqlite_store):
        told = [sqlite_store.record(report(str(n))) for n in range(3)]
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
        with together(store):
            told = [store.record(report("k")), store.record(report("l"))]
        assert fates_of(told) == [Fate.IN_FLIGHT, Fate.RECORDED]
        with store.begin() as third:
            assert not third.claim_key("camera", "incidents", "k")
    assert store.record(report("k")).result(10).fate is Fate.RECORDED


def test_days_are_counted_apart_in_a_group(store: SqlStore) -> None:
    with together(store):
        told = [
            store.record(make_report(partial(made, day=day), day=day)) for day in ("20260402", "20260401", "20260402")
        ]
    wait(told, 10)
    assert list_numbers(store) == ["20260401-000001", "20260401-000002", "20260402-000001", "20260402-000002"]


def test_nobody_is_told_before_the_disk_has_it(store: SqlStore) -> None:
    seen: list[bool] = []
    synchronous: list[object] = []

    def look(told: "Future[Outcome]") -> None:
        seen.append(told.result().body.decode() in list_numbers(store))

    def note(connection: Connection) -> None:
        if store._database.is_sqlite:
            synchronous.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())

    event.listen(store._database.engine, "commit", note)
    with together(store):
        told = [store.record(report(str(n))) for n in range(5)]
        for one in told:
            one.add_done_callback(look)
    wait(told, 10)
    store.record(report()).result(10)  # by now those of the group have been looked at
    assert seen == [True] * 5
    assert synchronous == ([2] * len(synchronous) if store._database.is_sqlite else [])


def test_a_commit_that_fails_fails_for_all_and_the_next_one_works(store: SqlStore) -> None:
    tried: list[int] = []

    def refuse_the_second(_: object) -> None:
        tried.append(1)
        if len(tried) == 2:
            raise NotReady("the disk is full")

    event.listen(store._database.engine, "commit", refuse_the_second)
    with together(store):
        told = [store.record(report(str(n))) for n in range(5)]
    assert {str(one.exception(10)) for one in told} == {"the disk is full"}
    assert count_rows(store) == (1, 1, 1, 0)
    assert store.record(report("0")).result(10).body == made(2).number.encode()
