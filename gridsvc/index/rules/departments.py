"""Exactly one lead for every place, and the other departments' parts: rule after rule as `precedence` orders them."""

from collections.abc import Iterable
from dataclasses import dataclass

from gridsvc.index.rules.place import Place, area_of_rank
from gridsvc.index.rules.precedence import RULES, Claim, Inquiry
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.model.departments import Axis, Department, DepartmentLevel, DutyItem, Part
from gridsvc.model.resolution import DepartmentAnswer, Rule
from gridsvc.model.territory import SUBDISTRICT_RANK

Chosen = tuple[Claim, Department]
"""A claim with the department that acts for it."""


@dataclass(frozen=True, slots=True)
class Competent:
    """Who leads and who has other parts; `own_subdistrict` when the place's own office leads, or a unit of it."""

    lead: DepartmentAnswer
    others: tuple[DepartmentAnswer, ...]
    own_subdistrict: bool
    duty_item: DutyItem | None

    @property
    def answers(self) -> tuple[DepartmentAnswer, ...]:
        """The lead first."""
        return (self.lead, *self.others)


def find_competent(asked: Inquiry, trace: Trace) -> Competent:
    """Ask rule after rule until one names a lead that exists; parts named on the way stay."""
    register = _Register(asked, trace)
    kept: list[Chosen] = []
    for rule in RULES:
        claims = list(rule(asked))
        chosen = register.first_lead(claims)
        parts = (claim for claim in claims if claim.part is not Part.LEAD and not _is_way_of_leading(claim, chosen))
        kept += register.known(parts)
        if chosen is not None:
            return _conclude(asked, chosen, kept, trace)
    raise AssertionError("the territorial rule names somebody everywhere")


class _Register:
    """Looks departments up on the day and tells, once each, which ones were succeeded or are not there."""

    def __init__(self, asked: Inquiry, trace: Trace) -> None:
        self._organisation = asked.duties.organisation
        self._day = asked.matter.day
        self._trace = trace
        self._found: dict[str, Department | None] = {}

    def first_lead(self, claims: Iterable[Claim]) -> Chosen | None:
        """The first lead that acts on the day."""
        return next(iter(self.known(claim for claim in claims if claim.part is Part.LEAD)), None)

    def known(self, claims: Iterable[Claim]) -> Iterable[Chosen]:
        """Claims whose department acts on the day, with it."""
        for claim in claims:
            department = claim.department if isinstance(claim.department, Department) else self._find(claim.department)
            if department is not None:
                yield claim, department

    def _find(self, code: str) -> Department | None:
        if code not in self._found:
            succession = self._organisation.follow(code, self._day)
            self._found[code] = found = succession.department
            if succession.cyclic:
                self._trace.add("DEPARTMENT_CYCLE", *succession.passed, department=self._name(code))
            elif found is None:
                self._trace.add("DEPARTMENT_ABSENT", *succession.passed, department=self._name(code))
            elif succession.passed:
                self._trace.add(
                    "DEPARTMENT_SUCCEEDED", code, found.code, department=self._name(code), successor=_named(found)
                )
        return self._found[code]

    def _name(self, code: str) -> Named:
        known = self._organisation.by_code.get(code)
        return Named(code) if known is None else _named(known)


def _is_way_of_leading(claim: Claim, chosen: Chosen | None) -> bool:
    """Whether a part is the very one by which the component's lead leads."""
    return chosen is not None and claim.rule is Rule.COMPONENT and claim.part is chosen[0].as_part


def _conclude(asked: Inquiry, chosen: Chosen, kept: list[Chosen], trace: Trace) -> Competent:
    claim, office = chosen
    ids = (claim.rule_id, office.code)
    trace.add(claim.sentence, *ids, department=_named(office), rule_id=Named(claim.rule_id, claim.rule_name))
    item, acting = _duty_item(asked), office
    # a determination names whom the parties agreed on: nobody is put in its place
    if item is not None and claim.rule is not Rule.DETERMINATION and _is_subdistrict_office(office, asked.place):
        unit = asked.duties.organisation.find_unit(office.code, item.block, asked.matter.day)
        if unit is not None:
            acting = unit
            trace.add("UNIT_BY_DUTY_LIST", item.code, unit.code, item=Named(item.code, item.title), unit=_named(unit))
    lead = _answer(claim, acting)
    others = _others(kept, (acting.code, office.code))
    for other, department in others:
        ids, row = (other.rule_id, department.code), Named(other.rule_id, other.rule_name)
        rule, part = other.rule.value, other.part.value
        trace.add("PART_NAMED", *ids, rule=rule, rule_id=row, department=_named(department), part=part)
    answers = tuple(_answer(other, department) for other, department in others)
    return Competent(lead, answers, _is_own(asked, office), item)


def _others(kept: list[Chosen], lead: tuple[str, str]) -> list[Chosen]:
    """Each part of a department once; whoever leads does not assist as well."""
    others: dict[tuple[str, Part], Chosen] = {}
    for claim, department in kept:
        if claim.part is not Part.ASSIST or department.code not in lead:
            others.setdefault((department.code, claim.part), (claim, department))
    return list(others.values())


def _named(department: Department) -> Named:
    return Named(department.code, department.name)


def _answer(claim: Claim, department: Department) -> DepartmentAnswer:
    return DepartmentAnswer(department.code, department.name, claim.part.value, claim.rule.value, claim.rule_id)


def _duty_item(asked: Inquiry) -> DutyItem | None:
    category = asked.matter.category_key
    if category is None:
        return None
    return asked.duties.duty_lists.find_item(asked.place.path, category, asked.matter.day)


def _is_subdistrict_office(department: Department, place: Place) -> bool:
    """Whether the department governs a subdistrict, this place's or another's; inner units govern none."""
    if department.axis is not Axis.BLOCK or department.area is None:
        return False
    subdistrict = area_of_rank(place.areas, SUBDISTRICT_RANK)
    own = subdistrict is not None and department.area == subdistrict.code
    return own or department.level is DepartmentLevel.SUBDISTRICT


def _is_own(asked: Inquiry, department: Department) -> bool:
    subdistrict = area_of_rank(asked.place.areas, SUBDISTRICT_RANK)
    if subdistrict is None:
        return False
    office = asked.duties.organisation.find_block(subdistrict.code, asked.matter.day)
    own = subdistrict.code if office is None else office.code
    return own in (department.code, department.parent)
