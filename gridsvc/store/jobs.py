"""Reading jobs."""

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy import Row as SqlRow

from gridsvc.model.work import Job, JobKind, JobState
from gridsvc.store.database import Database
from gridsvc.store.work_tables import job

LONGEST_LEASE = timedelta(minutes=10)
"""Nobody takes a job for longer without renewing it."""
_UNENDED = (JobState.WAITING.value, JobState.RUNNING.value)
_WHOLE_DRAFT = (JobKind.CHECK_DRAFT.value, JobKind.PUBLISH.value)
_BRIEF = [column for column in job.c if column is not job.c.findings]
"""Findings may be megabytes: a list does without them."""


class Jobs:
    """The part of the store that answers `gridsvc.ports.jobs.JobStore`."""

    _database: Database

    def find_job(self, number: int) -> Job | None:
        """With its findings."""
        with self._database.read() as connection:
            row = connection.execute(select(job).where(job.c.number == number)).first()
        return None if row is None else decode_job(row)

    def list_jobs(self, *, made_by: str | None, before: int | None, limit: int) -> list[Job]:
        """Newest first."""
        wanted = select(*_BRIEF).order_by(job.c.number.desc()).limit(limit)
        if made_by is not None:
            wanted = wanted.where(job.c.made_by == made_by)
        if before is not None:
            wanted = wanted.where(job.c.number < before)
        with self._database.read() as connection:
            return [decode_job(row) for row in connection.execute(wanted)]

    def list_unended_jobs(self) -> list[Job]:
        """Oldest first."""
        wanted = select(*_BRIEF).where(job.c.state.in_(_UNENDED)).order_by(job.c.number)
        with self._database.read() as connection:
            return [decode_job(row) for row in connection.execute(wanted)]

    def has_due_job(self, now: datetime) -> bool:
        """Whether a worker would find something to do."""
        with self._database.read() as connection:
            return connection.scalar(select(job.c.number).where(is_due(now)).limit(1)) is not None

    def count_jobs(self) -> dict[JobState, int]:
        """States without jobs are told as 0."""
        with self._database.read() as connection:
            rows = connection.execute(select(job.c.state, func.count()).group_by(job.c.state))
            counts = {JobState(state): count for state, count in rows}
        return {state: counts.get(state, 0) for state in JobState}

    def find_last_job_of_draft(self, draft: int) -> Job | None:
        """By the number of the draft in its input."""
        looked = or_(job.c.state == JobState.DONE.value, job.c.findings != "[]")
        ended = select(job).where(job.c.kind.in_(_WHOLE_DRAFT), looked, job.c.draft == draft)
        with self._database.read() as connection:
            row = connection.execute(ended.order_by(job.c.number.desc()).limit(1)).first()
        return None if row is None else decode_job(row)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Waiting, or left by a worker that is gone. A lease far ahead was given before the clock was set back: whoever
    still works has renewed it by now, and the job would else wait for that hour to come again.
    """
    is_over = or_(job.c.leased_until < now, job.c.leased_until > now + LONGEST_LEASE)
    return or_(job.c.state == JobState.WAITING.value, and_(job.c.state == JobState.RUNNING.value, is_over))


def decode_job(row: SqlRow[Any]) -> Job:
    """A job out of its row, with or without its findings."""
    given = {name: value for name, value in row._asdict().items() if name != "draft"}
    given["kind"], given["state"] = JobKind(row.kind), JobState(row.state)
    given["input"], given["result"] = orjson.loads(row.input), orjson.loads(row.result)
    given["findings"] = tuple(orjson.loads(given.get("findings", "[]")))
    return Job(**given)
