"""Which departments each rule names at a place, before any of them is looked up: one generator per rule.

The rules in their order of precedence: what was determined on site, the component's own departments, a patch,
the competence of the deepest area, the cell's responsible body, the territory itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.place import Place, area_of_rank, concerns
from gridsvc.index.rules.question import Matter
from gridsvc.model.departments import Axis, Concern, Department, DepartmentLevel, Determination, Part
from gridsvc.model.resolution import Rule
from gridsvc.model.territory import DISTRICT_RANK, SUBDISTRICT_RANK, Area, Component, key_of


class Inquiry(NamedTuple):
    """A matter at a place, put to the duties of a roster."""

    duties: Duties
    place: Place
    matter: Matter


@dataclass(frozen=True, slots=True)
class Claim:
    """A rule's word: this department (a code, or itself where the territory stands for it) has this part.

    A component's department that leads does so `as_part` its maintainer, owner or competent department.
    """

    department: str | Department
    part: Part
    rule: Rule
    rule_id: str
    sentence: str = ""
    as_part: Part | None = None
    rule_name: str | None = None


def by_determination(asked: Inquiry) -> Iterator[Claim]:
    """A decision about the component goes before one about the ground it stands on."""
    about_component: tuple[Determination, ...] = ()
    if asked.matter.component is not None:
        about_component = asked.duties.determinations_of(key_of(asked.matter.component), asked.matter.day)
    for row in (*about_component, *asked.place.determinations):
        if concerns(row.categories, asked.matter.category_key):
            yield Claim(row.department, Part.LEAD, Rule.DETERMINATION, row.code, "LEAD_DETERMINATION")


_LEADING = {
    Concern.DAMAGE: (Part.MAINTAINER, Part.OWNER, Part.COMPETENT),
    Concern.OWNER_ACTION: (Part.OWNER, Part.MAINTAINER, Part.COMPETENT),
    Concern.OVERSIGHT: (Part.COMPETENT, Part.MAINTAINER, Part.OWNER),
}


def by_component(asked: Inquiry) -> Iterator[Claim]:
    """Damage goes to the maintainer, an owner's action to the owner, oversight to the competent department."""
    if asked.matter.component is None or asked.matter.category is None:
        return
    component = asked.matter.component
    order = _LEADING[asked.matter.category.concern]
    named = [(part, code) for part in order if (code := _department_of(component, part)) is not None]
    for part, code in named:
        yield Claim(code, Part.LEAD, Rule.COMPONENT, component.code, "LEAD_COMPONENT", part, component.name)
    for part, code in named:
        yield Claim(code, part, Rule.COMPONENT, component.code, rule_name=component.name)


def _department_of(component: Component, part: Part) -> str | None:
    departments = {
        Part.MAINTAINER: component.maintainer,
        Part.OWNER: component.owner,
        Part.COMPETENT: component.competent,
    }
    return departments[part]


def by_patch(asked: Inquiry) -> Iterator[Claim]:
    """Parks, rivers, railways, compounds: the ground has a keeper of its own for these categories."""
    if asked.matter.category is None:
        return
    for row in asked.place.patches:
        if concerns(row.categories, asked.matter.category_key):
            yield Claim(row.department, row.part, Rule.PATCH, row.code, "LEAD_PATCH", rule_name=row.name)


def by_competence(asked: Inquiry) -> Iterator[Claim]:
    """The deepest area that has a row for a part decides that part; assistants are gathered from every level."""
    if (category := asked.matter.category_key) is None:
        return
    seen: set[Part] = set()
    for area in asked.place.path:
        rows = asked.duties.competences.list_rows(category, area, asked.matter.day)
        for row in rows:
            if row.part in (Part.LEAD, Part.ASSIST) or row.part not in seen:
                yield Claim(row.department, row.part, Rule.COMPETENCE, row.code, "LEAD_COMPETENCE")
        seen.update(row.part for row in rows)


def by_responsible_body(asked: Inquiry) -> Iterator[Claim]:
    """The cell names its responsible body, where it has a clear one."""
    if asked.place.cell is not None and asked.place.responsible_body is not None:
        rule = Rule.TERRITORIAL if asked.matter.category is None else Rule.RESPONSIBLE_BODY
        code, name = asked.place.cell.code, asked.place.cell_name
        yield Claim(asked.place.responsible_body, Part.LEAD, rule, code, "LEAD_RESPONSIBLE_BODY", rule_name=name)


def by_territory(asked: Inquiry) -> Iterator[Claim]:
    """属地兜底: the subdistrict, else the district, else the city; never nobody."""
    levels = ((SUBDISTRICT_RANK, "LEAD_SUBDISTRICT"), (DISTRICT_RANK, "LEAD_DISTRICT"))
    for rank, sentence in levels:
        if (area := area_of_rank(asked.place.areas, rank)) is not None:
            block = asked.duties.organisation.find_block(area.code, asked.matter.day)
            office, told = (block, sentence) if block is not None else (_area_itself(area, rank), "LEAD_AREA")
            yield Claim(office, Part.LEAD, Rule.TERRITORIAL, area.code, told, rule_name=area.name)
    city = asked.duties.organisation.find_city(asked.matter.day)
    if city is None:
        city = Department(code="CITY", name=asked.matter.city_name, axis=Axis.BLOCK, level=DepartmentLevel.CITY)
    yield Claim(city, Part.LEAD, Rule.TERRITORIAL, city.code, "LEAD_CITY")


def _area_itself(area: Area, rank: int) -> Department:
    """Where the roster knows no department of an area, the area stands for it."""
    level = DepartmentLevel.SUBDISTRICT if rank == SUBDISTRICT_RANK else DepartmentLevel.DISTRICT
    return Department(code=area.code, name=area.name, axis=Axis.BLOCK, level=level, area=area.code)


RULES = (by_determination, by_component, by_patch, by_competence, by_responsible_body, by_territory)
"""In order of precedence; the last one always names somebody."""
