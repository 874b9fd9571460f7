"""Long work: a queue in the store. Who holds a lease may work; who let it run out has lost the job to the next one."""

from datetime import datetime
from typing import Protocol

from gridsvc.model.work import Job, JobState, Lease, Outcome


class JobStore(Protocol):
    """Reading jobs."""

    def find_job(self, number: int) -> Job | None:
        """One job with its findings."""

    def list_jobs(self, *, made_by: str | None, before: int | None, limit: int) -> list[Job]:
        """Newest first, of one account or of all, those with smaller numbers than `before`; without findings."""

    def list_unended_jobs(self) -> list[Job]:
        """Jobs that wait or run, oldest first; without findings."""

    def has_due_job(self, now: datetime) -> bool:
        """Whether a job waits for a worker, or its worker has let the lease run out."""

    def count_jobs(self) -> dict[JobState, int]:
        """How many jobs are in each state."""

    def find_last_job_of_draft(self, draft: int) -> Job | None:
        """The newest job that has looked at a whole draft (a check or a publish) and told its findings."""


class JobWork(Protocol):
    """Changing jobs, in the transaction of a `Work`. Each change is told to who may read the job."""

    def add_job(self, job: Job) -> Job:
        """Put a new job (its number is 0) into the queue, and return it with its number."""

    def take_job(self, token: str, now: datetime, until: datetime) -> Job | None:
        """Begin the oldest due job, None where none is due. One whose attempts are used up fails instead."""

    def renew_lease(self, lease: Lease, done: int, total: int, now: datetime) -> bool:
        """Keep a lease and note the progress; False where it is lost and the work must stop."""

    def give_back_job(self, lease: Lease, now: datetime, *, counts: bool) -> None:
        """Let the job be taken again at once, this attempt counted or not; nothing where the lease is lost."""

    def end_job(self, lease: Lease, outcome: Outcome, now: datetime) -> bool:
        """End a job; False, and nothing written, where the lease is lost."""
