"""Departments, what they are competent for, and the duty lists that say what a subdistrict may do itself."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shapely import MultiPolygon, Polygon

from gridsvc.model.places import Key
from gridsvc.model.validity import Valid


class Axis(StrEnum):
    """条 (a line: vertical) and 块 (a block: territorial)."""

    LINE = "LINE"
    BLOCK = "BLOCK"


class DepartmentLevel(StrEnum):
    """Whose department it is."""

    CITY = "CITY"
    DISTRICT = "DISTRICT"
    SUBDISTRICT = "SUBDISTRICT"
    COMPANY = "COMPANY"


class StationingMode(StrEnum):
    """常驻, 非常驻联络, 随叫随到."""

    PERMANENT = "PERMANENT"
    LIAISON = "LIAISON"
    ON_CALL = "ON_CALL"


class Part(StrEnum):
    """牵头, 配合, 权属, 养护, 主管."""

    LEAD = "LEAD"
    ASSIST = "ASSIST"
    OWNER = "OWNER"
    MAINTAINER = "MAINTAINER"
    COMPETENT = "COMPETENT"


class CategoryKind(StrEnum):
    """部件 or 事件."""

    COMPONENT = "COMPONENT"
    EVENT = "EVENT"


class Concern(StrEnum):
    """Whom a matter of a component is for: damage → maintainer, owner's action → owner, oversight → competent."""

    DAMAGE = "DAMAGE"
    OWNER_ACTION = "OWNER_ACTION"
    OVERSIGHT = "OVERSIGHT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(Valid):
    """A department, a subdistrict office, one of its inner units (`parent`), or a company.

    `area` is the territory that a BLOCK department governs. An inner unit names the blocks of the duty list
    that it handles. After `valid_to` the `successor` takes over.
    """

    code: str
    name: str
    short_name: str | None = None
    axis: Axis = Axis.LINE
    level: DepartmentLevel = DepartmentLevel.DISTRICT
    area: str | None = None
    parent: str | None = None
    successor: str | None = None
    duty_blocks: tuple[str, ...] = ()
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationing(Valid):
    """A department sent down to a subdistrict (an area code)."""

    code: str
    department: str
    subdistrict: str
    mode: StationingMode
    liaison: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyList(Valid):
    """职责清单 of a city (`area` None) or a district."""

    code: str
    title: str
    area: str | None = None
    expected_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyItem(Valid):
    """One duty; `inside_subdistrict_power` is per item and date, because powers move down."""

    code: str
    duty_list: str
    block: str
    title: str
    inside_subdistrict_power: bool
    categories: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Valid):
    """部件/事件类别. `sample` marks codes that no official table confirmed."""

    scheme: str
    code: str
    kind: CategoryKind
    major: str
    name: str
    name_en: str
    concern: Concern = Concern.DAMAGE
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence(Valid):
    """权责: for this category in this area (and below), this department has this part. The deepest area wins."""

    code: str
    category: Key
    area: str
    department: str
    part: Part
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch(Valid):
    """责任片区: polygon × categories (empty: all) × department × part × basis."""

    code: str
    name: str
    geometry: Polygon | MultiPolygon
    department: str
    part: Part = Part.LEAD
    categories: tuple[Key, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination(Valid):
    """现场定责 for a polygon or a component and categories (empty: all); wins over every other rule."""

    code: str
    department: str
    geometry: Polygon | MultiPolygon | None = None
    component: Key | None = None
    categories: tuple[Key, ...] = ()
    basis: str = ""
    documents: tuple[str, ...] = ()
    decided_on: date | None = None
