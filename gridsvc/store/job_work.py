"""Changing jobs: each change is one row, held by the worker's lease, and told in the outbox."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update

from gridsvc.model.work import MAX_ATTEMPTS, Job, JobState, Lease, Message, Outcome, Topic
from gridsvc.store.jobs import decode_job, is_due
from gridsvc.store.live import tell
from gridsvc.store.work_tables import job

WORN_OUT = "Whoever worked on it was ended {count} times before it was done; look at the log, then start it again."


class JobWork:
    """The part of a transaction that answers `gridsvc.ports.jobs.JobWork`."""

    _connection: Connection

    def add_job(self, given: Job) -> Job:
        """With the number that it gets."""
        values = {
            "kind": given.kind.value,
            "state": given.state.value,
            "made_by": given.made_by,
            "created_at": given.created_at,
            "input": orjson.dumps(given.input).decode(),
            "draft": given.input.get("draft"),
            "done": 0,
            "total": 0,
            "findings": "[]",
            "result": "{}",
            "attempts": 0,
        }
        number = self._connection.scalar(insert(job).values(values).returning(job.c.number))
        added = replace(given, number=int(number or 0))
        self._tell(added, given.created_at)
        return added

    def take_job(self, token: str, now: datetime, until: datetime) -> Job | None:
        """Two workers never take the same one: on PostgreSQL the second passes a locked row by."""
        due = select(job).where(is_due(now)).order_by(job.c.number).limit(1).with_for_update(skip_locked=True)
        while (row := self._connection.execute(due).first()) is not None:
            found = decode_job(row)
            if found.attempts >= MAX_ATTEMPTS:
                self._end(found, Outcome(state=JobState.FAILED, error=WORN_OUT.format(count=found.attempts)), now)
                continue
            taken = replace(
                found, state=JobState.RUNNING, attempts=found.attempts + 1, lease=token, leased_until=until, done=0
            )
            self._write(taken, {"attempts": taken.attempts, "lease": token, "leased_until": until, "done": 0}, now)
            return taken
        return None

    def renew_lease(self, lease: Lease, done: int, total: int, now: datetime) -> bool:
        """Told only where the progress has changed."""
        held = self._held(lease)
        if held is None:
            return False
        going_on = replace(held, done=done, total=total)
        values = {"leased_until": lease.until, "done": done, "total": total}
        if (held.done, held.total) == (done, total):
            self._connection.execute(update(job).where(job.c.number == lease.job).values(values))
        else:
            self._write(going_on, values, now)
        return True

    def give_back_job(self, lease: Lease, now: datetime, *, counts: bool) -> None:
        """Waiting again."""
        held = self._held(lease)
        if held is not None:
            waiting = replace(held, state=JobState.WAITING)
            attempts = held.attempts if counts else held.attempts - 1
            self._write(waiting, {"attempts": attempts, "lease": None, "leased_until": None}, now)

    def end_job(self, lease: Lease, outcome: Outcome, now: datetime) -> bool:
        """Once: the lease goes with it."""
        held = self._held(lease)
        if held is None:
            return False
        self._end(held, outcome, now)
        return True

    def _held(self, lease: Lease) -> Job | None:
        mine = (job.c.number == lease.job) & (job.c.lease == lease.token) & (job.c.state == JobState.RUNNING.value)
        row = self._connection.execute(select(job).where(mine).with_for_update()).first()
        return None if row is None else decode_job(row)

    def _end(self, held: Job, outcome: Outcome, now: datetime) -> None:
        values = {
            "lease": None,
            "leased_until": None,
            "ended_at": now,
            "result": orjson.dumps(outcome.result).decode(),
            "findings": orjson.dumps(outcome.findings).decode(),
            "error": outcome.error,
        }
        self._write(replace(held, state=outcome.state), values, now)

    def _write(self, changed: Job, values: dict[str, Any], now: datetime) -> None:
        written = update(job).where(job.c.number == changed.number).values(state=changed.state.value, **values)
        self._connection.execute(written)
        self._tell(changed, now)

    def _tell(self, changed: Job, now: datetime) -> None:
        body: dict[str, object] = {
            "number": changed.number,
            "kind": changed.kind.value,
            "state": changed.state.value,
            "done": changed.done,
            "total": changed.total,
            "draft": changed.input.get("draft"),
        }
        tell(self._connection, [Message(topic=Topic.JOB_CHANGED, at=now, body=body, made_by=changed.made_by)])
