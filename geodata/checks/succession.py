"""Rows that go on after their department has ended: its successor acts for it, and without one nobody does."""

from collections.abc import Iterator
from datetime import date

from geodata.checks.cycles import chain
from geodata.checks.roster import REFERENCES
from geodata.checks.rows import RosterContext
from gridsvc.model.departments import Department
from gridsvc.model.issue import Issue
from gridsvc.model.people import Shift
from gridsvc.model.roster import Row

_NAMING = {
    table: [field for field, target in fields.items() if target == "departments" and field != "successor"]
    for table, fields in REFERENCES.items()
}


def check_ended_departments(context: RosterContext) -> Iterator[Issue]:
    """Fields that name a department which ends before their row does."""
    departments = {
        key: row for key, row in context.roster.tables.get("departments", {}).items() if isinstance(row, Department)
    }
    ending = {key: row.valid_to for key, row in departments.items() if row.valid_to is not None}
    if not ending:
        return
    for table, fields in _NAMING.items():
        for key, row in context.roster.tables.get(table, {}).items():
            for field in fields:
                named = getattr(row, field)
                if named in ending and context.lasts(row) and _last_day(row) > ending[named]:
                    yield _told(context, (table, key), departments, named)


def _last_day(row: Row) -> date:
    """The first day on which the row holds no longer; shifts are told by UTC days, which is near enough to warn."""
    if isinstance(row, Shift):
        return row.ends_at.date()
    return row.valid_to or date.max


def _told(context: RosterContext, place: tuple[str, str], departments: dict[str, Department], named: str) -> Issue:
    table, key = place
    day = departments[named].valid_to or date.max
    links = {code: row.successor for code, row in departments.items()}
    lasting = (
        code
        for code in chain(links, named)
        if code in departments and ((end := departments[code].valid_to) is None or end > day)
    )
    successor = next(lasting, None)
    if successor is None:
        return context.found("DEPARTMENT_ENDED", table, (key,), named=named, day=day.isoformat())
    told = {"named": named, "day": day.isoformat(), "successor": successor}
    return context.found("DEPARTMENT_SUCCEEDED", table, (key,), **told)
