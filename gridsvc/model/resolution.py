"""The resolver's whole answer for one location at one time; field names are the public contract of the HTTP answer."""

from dataclasses import dataclass, field
from enum import StrEnum

from gridsvc.model.places import Location


class Match(StrEnum):
    """How the cell was found; NO_CELL means that only an area covers the place."""

    INSIDE = "INSIDE"
    BOUNDARY = "BOUNDARY"
    OVERLAP = "OVERLAP"
    GAP = "GAP"
    NO_CELL = "NO_CELL"


class Flag(StrEnum):
    """Doubts; an empty list is none."""

    NEAR_BOUNDARY = "NEAR_BOUNDARY"
    LOW_ACCURACY = "LOW_ACCURACY"
    CHIEF_ACROSS_BORDER = "CHIEF_ACROSS_BORDER"
    SUSPECT_DATUM = "SUSPECT_DATUM"


class NextStep(StrEnum):
    """What the subdistrict would do now; blowing a whistle stays a human act."""

    DISPATCH = "DISPATCH"
    SUGGEST_WHISTLE = "SUGGEST_WHISTLE"
    SUGGEST_JOINT_WHISTLE = "SUGGEST_JOINT_WHISTLE"


class Rule(StrEnum):
    """Which rule named a department, in order of precedence."""

    DETERMINATION = "DETERMINATION"
    COMPONENT = "COMPONENT"
    PATCH = "PATCH"
    COMPETENCE = "COMPETENCE"
    RESPONSIBLE_BODY = "RESPONSIBLE_BODY"
    TERRITORIAL = "TERRITORIAL"


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """The winning cell."""

    scheme: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """One level of the area tree, widest first."""

    level: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """A group that the winning cell belongs to."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cell that may be meant, with the probability that the true place lies in it."""

    code: str
    probability: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class SegmentAnswer:
    """A segment with its distance in metres; `side` is of the centre line, None when the point lies on it."""

    scheme: str
    code: str
    name: str
    kind: str
    distance_m: float
    side: str | None


@dataclass(frozen=True, slots=True)
class ChiefAnswer:
    """The chief who answers, or the stand-in of an absent one (`stand_in_for` is then the holder's code)."""

    role: str
    person: str
    name: str
    stand_in_for: str | None
    target: str


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """Somebody of the place; `on_duty` is None where no shifts are kept; name and phone only for who may see them."""

    role: str
    person: str
    name: str | None
    phone: str | None
    target: str
    on_duty: bool | None


@dataclass(frozen=True, slots=True)
class DepartmentAnswer:
    """A department's part, the rule that named it and that rule's row."""

    code: str
    name: str
    part: str
    rule: str
    rule_id: str | None


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One rule that fired, in both languages, with the ids of what it speaks about."""

    code: str
    zh: str
    en: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """责任判定. `at` is ISO 8601 with offset in the city's time zone; probabilities sum to 1."""

    location: Location
    edition: int
    roster: int
    at: str
    flags: tuple[str, ...]
    cell: CellAnswer | None
    match: str
    distance_m: float
    areas: tuple[AreaAnswer, ...]
    groups: tuple[GroupAnswer, ...]
    candidates: tuple[Candidate, ...]
    outside_probability: float
    other_probability: float
    segment: SegmentAnswer | None
    nearest_segment: SegmentAnswer | None
    chief: ChiefAnswer | None
    people: tuple[PersonAnswer, ...]
    departments: tuple[DepartmentAnswer, ...]
    next_step: str | None
    trace: tuple[TraceLine, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a shape: `share` in [0, 1] of what its list measures, `amount` in the list's unit (`Measures`)."""

    code: str
    name: str
    share: float
    amount: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What `amount` is in each list, LENGTH_M or AREA_M2: that of the shape, but segments always have a length."""

    cells: str
    areas: str
    segments: str
    departments: str


@dataclass(frozen=True, slots=True)
class ShapeResolution:
    """Who is concerned by a line or polygon (`measure` LENGTH_M or AREA_M2); cells may sum to less than 1."""

    edition: int
    roster: int
    at: str
    measure: str
    measures: Measures
    total: float
    outside_share: float
    cells: tuple[Share, ...]
    areas: tuple[Share, ...]
    segments: tuple[Share, ...]
    departments: tuple[Share, ...]
    chiefs: tuple[ChiefAnswer, ...]
    people: tuple[PersonAnswer, ...]
    trace: tuple[TraceLine, ...] = ()
