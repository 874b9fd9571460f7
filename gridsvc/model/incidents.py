"""Incidents with their frozen resolution, the photos and fixes that belong to field work, and disputes of answers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gridsvc.model.places import BoundingBox, Key, Location


class Source(StrEnum):
    """Where a report came from."""

    COLLECTOR = "COLLECTOR"
    PUBLIC_APP = "PUBLIC_APP"
    HOTLINE_12345 = "HOTLINE_12345"
    CHIEF = "CHIEF"
    STEWARD = "STEWARD"
    COUNCIL = "COUNCIL"
    VIDEO = "VIDEO"
    SUPERIOR = "SUPERIOR"
    MEDIA = "MEDIA"
    CHECKLIST = "CHECKLIST"
    DEVICE = "DEVICE"


class IncidentState(StrEnum):
    """States of a case; so far an incident is only REPORTED."""

    REPORTED = "REPORTED"


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    """What the resolver said when an incident was recorded. `document` is its JSON, byte for byte.

    `areas` are codes, widest first; `departments` codes, the LEAD first. Resolving again with `edition`, `roster`
    and `at` gives the same bytes.
    """

    edition: int
    roster: int
    at: str
    document: bytes
    areas: tuple[str, ...]
    departments: tuple[str, ...]
    cell: Key | None = None
    segment: Key | None = None
    flags: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        """The department that leads."""
        return self.departments[0]


@dataclass(frozen=True, slots=True)
class Contact:
    """Who reported from outside, to be rung back: personal, kept apart from everything that is listed."""

    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture as kept: re-encoded, without metadata. `digest` is the SHA-256 (hex) of `data`, `thumb` a small copy.

    Lists leave both out.
    """

    digest: str
    incident: str
    media_type: str
    width: int
    height: int
    added_at: datetime
    added_by: str | None
    data: bytes = b""
    thumb: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """案件. `number` is the day in the city and a count within it: 20261122-000017.

    `category_name` is what the category was called then. `reporter` is the person of the field whose own territory the
    answer was held against, part of what was asked. `version` grows with every change.
    """

    number: str
    state: IncidentState
    source: Source
    location: Location
    answer: FrozenAnswer
    category: Key | None
    description: str
    address: str
    reported_at: datetime
    occurred_at: datetime | None
    made_by: str | None
    category_name: str | None = None
    reporter: str | None = None
    contact: Contact | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may see of things that lie in areas and concern departments, for the store to select by.

    `everything`; else what `login` made and, with `scoped`, what lies in `area` and concerns `department` (None: any).
    """

    login: str | None = None
    everything: bool = False
    scoped: bool = False
    area: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """What is looked for; None is anything. `since` ≤ reported_at < `until`. `text` is part of description or address,
    or the beginning of a number; `numbers` are whole ones. `after` is (reported_at, id) of the last incident seen:
    older ones follow.
    """

    box: BoundingBox | None = None
    since: datetime | None = None
    until: datetime | None = None
    category: Key | None = None
    state: IncidentState | None = None
    source: Source | None = None
    subdistrict: str | None = None
    text: str | None = None
    numbers: tuple[str, ...] | None = None
    made_by: str | None = None
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer given to a request with an idempotency key, given again when the request comes again."""

    login: str
    route: str
    key: str
    body_digest: str
    status: int
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Where somebody was. `device_at` is the device's own clock, `at` when the fix arrived."""

    login: str
    at: datetime
    device_at: datetime
    location: Location
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixFilter:
    """Which fixes are wanted: `since` ≤ device_at < `until`, of one login or of all.

    `after` is (device_at, login) of the last one seen: later ones follow.
    """

    since: datetime
    until: datetime
    login: str | None = None
    after: tuple[datetime, str] | None = None


class DisputeState(StrEnum):
    """OPEN until an officer decides: DETERMINED by a joint decision on site, or DECLINED with a reason."""

    OPEN = "OPEN"
    DETERMINED = "DETERMINED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Somebody says that an answer is wrong. `claimed` is the department that should answer, None where unknown."""

    number: int
    state: DisputeState
    location: Location
    answer: FrozenAnswer
    category: Key | None
    component: Key | None
    incident: str | None
    reason: str
    claimed: str | None
    made_by: str
    opened_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    determination: str | None = None
    decision: str = ""
    version: int = 1
