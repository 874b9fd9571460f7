"""What must leave the process: messages of the outbox; and long work: jobs."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Topic(StrEnum):
    """What a message tells."""

    INCIDENT_RECORDED = "incident.recorded"
    INCIDENT_CHANGED = "incident.changed"
    DISPUTE_OPENED = "dispute.opened"
    DISPUTE_DECIDED = "dispute.decided"
    ROSTER_CHANGED = "roster.changed"
    EDITION_PUBLISHED = "edition.published"
    JOB_CHANGED = "job.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing that happened. `areas`, `departments` and `made_by` decide who hears of it, as they do for reading.

    `number` is given by the outbox in the order of commits, 0 before.
    """

    topic: Topic
    at: datetime
    body: dict[str, object]
    areas: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    made_by: str | None = None
    number: int = 0


class JobKind(StrEnum):
    """Long work that a request starts and a worker does."""

    IMPORT_LAYER = "IMPORT_LAYER"
    CHECK_DRAFT = "CHECK_DRAFT"
    PUBLISH = "PUBLISH"
    RESTORE = "RESTORE"
    EXPORT_LAYER = "EXPORT_LAYER"


MAX_ATTEMPTS = 3


class JobState(StrEnum):
    """WAITING → RUNNING → DONE, REFUSED (findings that block) or FAILED."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`done` of `total` steps (total 0: unknown). The worker that holds `lease` must renew it before `leased_until`.

    `input` is JSON-ready; an uploaded file is named in it and lies in the data folder until the job has ended, a file
    that was made as long as the job is kept.
    `attempts` counts how often a worker began; after MAX_ATTEMPTS the job fails.
    """

    number: int
    kind: JobKind
    state: JobState
    made_by: str
    created_at: datetime
    input: dict[str, object]
    done: int = 0
    total: int = 0
    findings: tuple[dict[str, object], ...] = ()
    result: dict[str, object] = field(default_factory=dict)
    error: str | None = None
    attempts: int = 0
    lease: str | None = None
    leased_until: datetime | None = None
    ended_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing changes any more."""
        return self.state not in {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A worker's right to work on one job: `token` is its own, for as long as `until` lies ahead."""

    job: int
    token: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a job ended: DONE, REFUSED or FAILED, with what came out, what was found, or why it failed."""

    state: JobState
    result: dict[str, object] = field(default_factory=dict)
    findings: tuple[dict[str, object], ...] = ()
    error: str | None = None
