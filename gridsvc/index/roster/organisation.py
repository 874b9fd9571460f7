"""Departments on a day: who took over from whom, who governs an area, which inner unit handles a block of duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gridsvc.index.roster.rows import grouped, rows_of
from gridsvc.model.departments import Axis, Department, DepartmentLevel
from gridsvc.model.roster import Roster


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of a named department: `department` acts on the day, None if nobody does.

    `passed` are the codes that were left behind on the way; `cyclic` tells a chain that bites its tail.
    """

    department: Department | None
    passed: tuple[str, ...] = ()
    cyclic: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """Departments looked up by what is asked. Tuples are in order of code, independent bodies before inner units."""

    by_code: Mapping[str, Department]
    blocks: Mapping[str, tuple[Department, ...]]
    units: Mapping[str, tuple[Department, ...]]
    cities: tuple[Department, ...]

    def follow(self, code: str, day: date) -> Succession:
        """The department that acts under this name on the day; only one that has ended is succeeded."""
        passed: list[str] = []
        while (department := self.by_code.get(code)) is not None:
            if department.valid_on(day):
                return Succession(department, tuple(passed))
            passed.append(code)
            ended = department.valid_to is not None and department.valid_to <= day
            if not ended or department.successor is None:
                return Succession(None, tuple(passed))
            if department.successor in passed:
                return Succession(None, tuple(passed), cyclic=True)
            code = department.successor
        return Succession(None, (*passed, code))

    def find_block(self, area: str, day: date) -> Department | None:
        """The BLOCK department that governs an area on the day."""
        return self._first(self.blocks.get(area, ()), day)

    def find_city(self, day: date) -> Department | None:
        """The city's own BLOCK department."""
        return self._first(self.cities, day)

    def find_unit(self, office: str, block: str, day: date) -> Department | None:
        """The inner unit of an office that handles a block of the duty list."""
        return self._first(tuple(u for u in self.units.get(office, ()) if block in u.duty_blocks), day)

    def _first(self, departments: tuple[Department, ...], day: date) -> Department | None:
        """The first that is valid itself, else the first whose successor is."""
        for department in departments:
            if department.valid_on(day):
                return department
        for department in departments:
            if (successor := self.follow(department.code, day).department) is not None:
                return successor
        return None


def compile_organisation(roster: Roster) -> Organisation:
    """Arrange the departments of a roster for quick questions."""
    departments = rows_of(roster, "departments", Department)
    territorial = sorted((d for d in departments if d.axis is Axis.BLOCK), key=lambda d: (d.parent is not None, d.code))
    return Organisation(
        by_code={d.code: d for d in departments},
        blocks=grouped((d.area, d) for d in territorial if d.area is not None),
        units=grouped((d.parent, d) for d in departments if d.parent is not None),
        cities=tuple(d for d in territorial if d.level is DepartmentLevel.CITY),
    )
