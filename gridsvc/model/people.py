"""People, their posts on segments, cells, groups and areas, and who is on duty (shifts are instants, else days)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gridsvc.model.validity import Valid


class Role(StrEnum):
    """Roles of domain usage; chiefs first, in the order in which an answer climbs."""

    LANE_CHIEF = "LANE_CHIEF"
    STREET_CHIEF = "STREET_CHIEF"
    SUBDISTRICT_CHIEF = "SUBDISTRICT_CHIEF"
    GENERAL_CHIEF = "GENERAL_CHIEF"
    GRID_OFFICER = "GRID_OFFICER"
    COMMISSIONER = "COMMISSIONER"
    STEWARD = "STEWARD"
    COLLECTOR = "COLLECTOR"
    ACCEPTOR = "ACCEPTOR"
    DUTY_CHIEF = "DUTY_CHIEF"
    DISPATCHER = "DISPATCHER"
    HANDLER = "HANDLER"
    INSPECTOR = "INSPECTOR"
    AUXILIARY = "AUXILIARY"
    COUNCIL_MEMBER = "COUNCIL_MEMBER"
    DOORWAY_HEAD = "DOORWAY_HEAD"
    LIAISON = "LIAISON"


CHIEF_ROLES = (Role.LANE_CHIEF, Role.STREET_CHIEF, Role.SUBDISTRICT_CHIEF, Role.GENERAL_CHIEF)


class TargetKind(StrEnum):
    """What a post is about."""

    SEGMENT = "segment"
    CELL = "cell"
    GROUP = "group"
    AREA = "area"


class Side(StrEnum):
    """Side of a centre line, seen along its direction."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Valid):
    """`belongs_to` and `used_by` are departments and may differ (auxiliary officers)."""

    code: str
    name: str
    phone: str | None = None
    belongs_to: str | None = None
    used_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Valid):
    """A role on a target. `target_scheme` may be None where the code alone is unambiguous (areas, groups)."""

    code: str
    role: Role
    target_kind: TargetKind
    target_code: str
    target_scheme: str | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Valid):
    """A person holding a post; while absent, the `stand_in` answers."""

    code: str
    post: str
    person: str
    stand_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(Valid):
    """A person is away on these days. No reason is kept."""

    code: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Who is on duty for a department or a post between two instants, with the number that rings."""

    code: str
    starts_at: datetime
    ends_at: datetime
    department: str | None = None
    post: str | None = None
    person: str | None = None
    phone: str | None = None
