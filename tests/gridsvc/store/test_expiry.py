"""What is kept for a time goes piece by piece, and what must stay stays, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gridsvc.datum.location import locate
from gridsvc.model.incidents import Fix, FixFilter, Sight
from gridsvc.model.work import Job, JobKind, JobState, Lease, Message, Outcome, Topic
from gridsvc.ports.expiry import Kept
from gridsvc.ports.recording import Claim
from gridsvc.store import SqlStore, expiry
from tests.fixtures.incidents import NOW, make_incident, make_report

DAY = timedelta(days=1)
EVERYTHING = Kept(
    replies_since=NOW - 900 * DAY,
    messages_since=NOW - 900 * DAY,
    jobs_since=NOW - 900 * DAY,
    fixes_since=NOW - 900 * DAY,
)


def _tell(store: SqlStore, *days_ago: int) -> None:
    with store.begin() as work:
        work.tell([Message(topic=Topic.ROSTER_CHANGED, at=NOW - ago * DAY, body={}) for ago in days_ago])


def _forget_all(store: SqlStore, kept: Kept) -> list[int]:
    counts = []
    while count := store.forget_old(kept):
        counts.append(count)
    return counts


def test_replies_go_by_their_age(store: SqlStore) -> None:
    for count, key in enumerate(("old", "new")):
        made = make_incident(f"20260401-{count:06d}", "C1")
        report = make_report(lambda _, made=made: made, Claim("camera", "incidents", key, "d"))  # type: ignore[misc]
        store.record(replace(report, at=NOW - (8 - 7 * count) * DAY, forget_before=NOW - 90 * DAY)).result(10)
    assert store.forget_old(EVERYTHING) == 0
    assert store.forget_old(replace(EVERYTHING, replies_since=NOW - 7 * DAY)) == 1
    assert store.find_reply("camera", "incidents", "old") is None
    assert store.find_reply("camera", "incidents", "new") is not None


def test_messages_go_little_by_little_and_numbers_never_come_again(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "AT_ONCE", 4)
    _tell(store, *[9] * 10, 1, 0)
    week = replace(EVERYTHING, messages_since=NOW - 7 * DAY)
    assert _forget_all(store, week) == [4, 4, 2]
    assert (store.first_message(), store.last_message()) == (11, 12)
    assert _forget_all(store, replace(EVERYTHING, messages_since=NOW + DAY)) == [1]
    assert (store.first_message(), store.last_message()) == (12, 12)
    _tell(store, 0)
    assert store.last_message() == 13


def test_jobs_go_when_they_ended_long_ago_unless_their_draft_is_open(store: SqlStore) -> None:
    draft = store.create_draft(NOW)
    ended = [_ended_job(store, {}), _ended_job(store, {"draft": draft.number})]
    with store.begin() as work:
        waiting = work.add_job(_job({})).number
    assert _forget_all(store, replace(EVERYTHING, jobs_since=NOW)) == []
    later = replace(EVERYTHING, jobs_since=NOW + DAY)
    assert _forget_all(store, later) == [1]
    assert [store.find_job(number) is None for number in (*ended, waiting)] == [True, False, False]
    store.discard_draft(draft.number)
    assert _forget_all(store, later) == [1]
    assert store.find_job(waiting) is not None


def test_fixes_go_by_when_they_arrived(store: SqlStore) -> None:
    place = locate(116.4005, 39.9013, "WGS84")
    fixes = [Fix(login="a", at=NOW - ago * DAY, device_at=NOW + ago * DAY, location=place, areas=()) for ago in (3, 1)]
    with store.begin() as work:
        work.add_fixes(fixes)
    assert _forget_all(store, replace(EVERYTHING, fixes_since=NOW - 2 * DAY)) == [1]
    wanted = FixFilter(since=NOW - 9 * DAY, until=NOW + 9 * DAY)
    assert store.list_fixes(wanted, Sight(everything=True), 9) == fixes[1:]


def _job(given: dict[str, object]) -> Job:
    return Job(number=0, kind=JobKind.CHECK_DRAFT, state=JobState.WAITING, made_by="a", created_at=NOW, input=given)


def _ended_job(store: SqlStore, given: dict[str, object]) -> int:
    with store.begin() as work:
        number = work.add_job(_job(given)).number
    with store.begin() as work:
        assert work.take_job("t", NOW, NOW + DAY) is not None
        assert work.end_job(Lease(job=number, token="t", until=NOW + DAY), Outcome(state=JobState.DONE), NOW)
    return number
