"""Whose row it is: what a right of reach SCOPE is held against, table by table.

A row may concern several things (a shift names a post and a department); whoever changes it must have all of them in
their territory. Rows that concern nothing on the ground (departments, duty lists, categories), and those that go
before everybody's competence (patches, determinations), are for who has the whole city.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gridsvc.index.roster.organisation import Organisation
from gridsvc.index.roster.staff import Staff
from gridsvc.model.departments import Competence, Stationing
from gridsvc.model.people import Absence, Assignment, Person, Post, Shift
from gridsvc.model.roster import Row
from gridsvc.roster.days import Span, meets, merge, span_of
from gridsvc.roster.whereabouts import NOWHERE, Codes, Whereabouts


@dataclass(frozen=True, slots=True)
class Claim:
    """A thing that a row concerns: the areas that it lies in, and the departments that answer for it."""

    areas: Codes
    departments: Codes


@dataclass(frozen=True, slots=True)
class Scopes:
    """The claims of rows, by a roster and an edition."""

    staff: Staff
    organisation: Organisation
    whereabouts: Whereabouts
    _days_of: dict[str, dict[Claim, list[Span]]] = field(default_factory=dict, repr=False, compare=False)

    def claims_of(self, table: str, row: Row) -> tuple[Claim, ...]:
        """What a row concerns; nothing where it is for who has the whole city."""
        return _CLAIMS[table](self, row)

    def claim(self, areas: Codes, *departments: str | None) -> Claim:
        """Areas with the departments that govern them, and named departments with the offices they are units of."""
        found = {block.code for area in areas for block in self.organisation.blocks.get(area, ())}
        for named in departments:
            code = named
            while code is not None and code not in found:
                found.add(code)
                department = self.organisation.by_code.get(code)
                code = None if department is None else department.parent
        return Claim(areas, frozenset(found))

    def of_department(self, code: str | None) -> Claim:
        """Where a department is: the area that it, or the office it is a unit of, governs; else nowhere."""
        seen: set[str] = set()
        at = code
        while at is not None and at not in seen:
            seen.add(at)
            department = self.organisation.by_code.get(at)
            if department is None:
                return self.claim(self.whereabouts.of_area(at), code)
            if department.area is not None:
                return self.claim(self.whereabouts.of_area(department.area), code)
            at = department.parent
        return self.claim(NOWHERE, code)

    def of_post(self, code: str) -> Claim:
        """Where a post's target is."""
        post = self.staff.posts.get(code)
        return self.claim(NOWHERE if post is None else self.whereabouts.of_post(post))

    def of_posts(self, person: str, day: date) -> list[Claim]:
        """Where somebody's posts are, each for itself: those held or stood in for on the day."""
        rows = [*self.staff.assignments_of.get(person, ()), *self.staff.standing_in.get(person, ())]
        return [self.of_post(row.post) for row in rows if row.valid_on(day)]

    def days_of_posts(self, person: str) -> Mapping[Claim, list[Span]]:
        """Merged days on which somebody holds posts, by what those concern. Looked up once for each person: a file may
        have thousands of their absences.
        """
        if person not in self._days_of:
            held: dict[Claim, list[Span]] = defaultdict(list)
            for row in self.staff.assignments_of.get(person, ()):
                held[self.of_post(row.post)].append(span_of(row))
            self._days_of[person] = {claim: merge(spans) for claim, spans in held.items()}
        return self._days_of[person]

    def of_person(self, person: Person | None) -> Claim:
        """Where somebody belongs or is used."""
        if person is None:
            return Claim(NOWHERE, NOWHERE)
        parts = [self.of_department(code) for code in (person.belongs_to, person.used_by) if code is not None]
        return _together(parts)


def _together(parts: list[Claim]) -> Claim:
    return Claim(NOWHERE.union(*(part.areas for part in parts)), NOWHERE.union(*(part.departments for part in parts)))


def _city(scopes: Scopes, row: Row) -> tuple[Claim, ...]:  # noqa: ARG001  every table's function is asked alike
    return ()


def _person(scopes: Scopes, row: Person) -> tuple[Claim, ...]:
    return (scopes.of_person(row),)


def _post(scopes: Scopes, row: Post) -> tuple[Claim, ...]:
    return (scopes.claim(scopes.whereabouts.of_post(row)),)


def _assignment(scopes: Scopes, row: Assignment) -> tuple[Claim, ...]:
    return (scopes.of_post(row.post),)


def _absence(scopes: Scopes, row: Absence) -> tuple[Claim, ...]:
    """Whoever has the person or one of their posts of those days must know that they are away."""
    away = span_of(row)
    posts = [claim for claim, days in scopes.days_of_posts(row.person).items() if meets(days, away)]
    return (_together([scopes.of_person(scopes.staff.people.get(row.person)), *posts]),)


def _shift(scopes: Scopes, row: Shift) -> tuple[Claim, ...]:
    claims = [scopes.of_post(row.post)] if row.post is not None else []
    claims += [scopes.of_department(row.department)] if row.department is not None else []
    if not claims and row.person is not None:
        claims = [scopes.of_person(scopes.staff.people.get(row.person))]
    return tuple(claims)


def _stationing(scopes: Scopes, row: Stationing) -> tuple[Claim, ...]:
    return (scopes.claim(scopes.whereabouts.of_area(row.subdistrict), row.department),)


def _competence(scopes: Scopes, row: Competence) -> tuple[Claim, ...]:
    return (scopes.claim(scopes.whereabouts.of_area(row.area), row.department),)


_CLAIMS: dict[str, Callable[[Scopes, Any], tuple[Claim, ...]]] = {
    "people": _person,
    "departments": _city,
    "stationings": _stationing,
    "posts": _post,
    "assignments": _assignment,
    "absences": _absence,
    "shifts": _shift,
    "duty_lists": _city,
    "duty_items": _city,
    "categories": _city,
    "competences": _competence,
    "patches": _city,
    "determinations": _city,
}
