"""Jobs: taken by one worker at a time, taken up again when it is gone, ended once. On both databases."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from gridsvc.model.work import MAX_ATTEMPTS, Job, JobKind, JobState, Lease, Outcome, Topic
from gridsvc.store import SqlStore

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def _job(kind: JobKind = JobKind.CHECK_DRAFT, **given: object) -> Job:
    about = {"draft": 7, **given}
    return Job(number=0, kind=kind, state=JobState.WAITING, made_by="planner", created_at=NOW, input=about)


def _add(store: SqlStore, **given: object) -> Job:
    with store.begin() as work:
        return work.add_job(_job(**given))  # type: ignore[arg-type]


def _take(store: SqlStore, token: str = "a", now: datetime = NOW) -> Job | None:
    with store.begin() as work:
        return work.take_job(token, now, now + LEASE)


def _lease(job: Job, token: str = "a", until: datetime = NOW + LEASE) -> Lease:
    return Lease(job=job.number, token=token, until=until)


def test_nothing_is_due_where_nothing_waits(store: SqlStore) -> None:
    assert not store.has_due_job(NOW)
    assert _take(store) is None
    assert store.find_job(1) is None
    assert store.count_jobs() == dict.fromkeys(JobState, 0)


def test_jobs_are_taken_in_order_and_by_one_worker_each(store: SqlStore) -> None:
    first, second = _add(store), _add(store)
    assert store.has_due_job(NOW)
    taken = [_take(store, token) for token in ("a", "b", "c")]
    assert [job and job.number for job in taken] == [first.number, second.number, None]
    assert not store.has_due_job(NOW)
    found = store.find_job(first.number)
    assert found is not None
    assert (found.state, found.attempts, found.lease, found.leased_until) == (JobState.RUNNING, 1, "a", NOW + LEASE)
    assert found.input == {"draft": 7}


def test_workers_that_take_at_once_never_share_a_job(store: SqlStore) -> None:
    numbers = [_add(store).number for _ in range(8)]
    taken: list[int] = []

    def work(token: str) -> None:
        while (job := _take(store, token)) is not None:
            taken.append(job.number)

    workers = [threading.Thread(target=work, args=(token,)) for token in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == numbers


def test_lost_lease_renews_ends_and_gives_back_nothing(store: SqlStore) -> None:
    job = _add(store)
    assert _take(store) is not None
    later = NOW + LEASE + timedelta(seconds=1)
    again = _take(store, "b", later)
    assert again is not None
    assert again.attempts == 2
    with store.begin() as work:
        assert not work.renew_lease(_lease(job), 1, 2, later)
        assert not work.end_job(_lease(job), Outcome(state=JobState.DONE), later)
        work.give_back_job(_lease(job), later, counts=False)
    found = store.find_job(job.number)
    assert found is not None
    assert (found.state, found.lease) == (JobState.RUNNING, "b")


def test_renewed_lease_is_kept_with_its_progress(store: SqlStore) -> None:
    job = _add(store)
    _take(store)
    with store.begin() as work:
        assert work.renew_lease(_lease(job, until=NOW + 3 * LEASE), 5, 9, NOW)
    assert _take(store, "b", NOW + 2 * LEASE) is None
    found = store.find_job(job.number)
    assert found is not None
    assert (found.done, found.total) == (5, 9)


def test_ended_job_keeps_what_came_out_and_ends_once(store: SqlStore) -> None:
    job = _add(store)
    _take(store)
    outcome = Outcome(state=JobState.REFUSED, result={"blocking": 1}, findings=({"code": "OVERLAP"},), error="no")
    with store.begin() as work:
        assert work.end_job(_lease(job), outcome, NOW)
    with store.begin() as work:
        assert not work.end_job(_lease(job), Outcome(state=JobState.DONE), NOW)
    found = store.find_job(job.number)
    assert found is not None
    assert (found.state, found.ended_at, found.lease) == (JobState.REFUSED, NOW, None)
    assert (found.result, found.findings, found.error) == ({"blocking": 1}, ({"code": "OVERLAP"},), "no")
    assert store.find_last_job_of_draft(7) == found
    assert store.find_last_job_of_draft(8) is None
    assert not store.has_due_job(NOW + 10 * LEASE)
    assert store.list_unended_jobs() == []


@pytest.mark.parametrize("counts", [True, False])
def test_given_back_job_is_due_at_once(store: SqlStore, counts: bool) -> None:
    job = _add(store)
    _take(store)
    with store.begin() as work:
        work.give_back_job(_lease(job), NOW, counts=counts)
    again = _take(store, "b")
    assert again is not None
    assert again.attempts == 1 + counts


def test_job_whose_workers_die_fails_after_three_attempts(store: SqlStore) -> None:
    job, now = _add(store), NOW
    for _ in range(MAX_ATTEMPTS):
        assert _take(store, now=now) is not None
        now += 2 * LEASE
    assert _take(store, now=now) is None
    found = store.find_job(job.number)
    assert found is not None
    assert (found.state, found.attempts) == (JobState.FAILED, MAX_ATTEMPTS)
    assert found.error is not None
    assert "3 times" in found.error


def test_lists_are_newest_first_by_account_and_brief(store: SqlStore) -> None:
    jobs = [_add(store) for _ in range(3)]
    numbers = [job.number for job in jobs]
    assert [job.number for job in store.list_jobs(made_by=None, before=None, limit=2)] == numbers[:0:-1]
    assert [job.number for job in store.list_jobs(made_by="planner", before=numbers[1], limit=9)] == numbers[:1]
    assert store.list_jobs(made_by="somebody", before=None, limit=9) == []
    assert [job.number for job in store.list_unended_jobs()] == numbers


def test_every_change_is_told_to_who_made_the_job(store: SqlStore) -> None:
    job = _add(store)
    _take(store)
    with store.begin() as work:
        work.renew_lease(_lease(job), 1, 2, NOW)
        work.renew_lease(_lease(job), 1, 2, NOW)
        work.end_job(_lease(job), Outcome(state=JobState.DONE), NOW)
    told = store.list_messages(0, 10)
    assert [message.body["state"] for message in told] == ["WAITING", "RUNNING", "RUNNING", "DONE"]
    assert {(message.topic, message.made_by) for message in told} == {(Topic.JOB_CHANGED, "planner")}
