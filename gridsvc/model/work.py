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


class JobState(StrEnum):
    """WAITING → RUNNING → DONE, REFUSED (findings that block) or FAILED."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`done` of `total` steps (total 0: unknown). The worker that holds `lease` must renew it before `leased_until`."""

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
