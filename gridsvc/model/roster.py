"""The roster as a whole: an append-only log of rows; a revision is what was known when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gridsvc.model.departments import (
    Category,
    Competence,
    Department,
    Determination,
    DutyItem,
    DutyList,
    Patch,
    Stationing,
)
from gridsvc.model.people import Absence, Assignment, Person, Post, Shift

Row = (
    Person
    | Department
    | Stationing
    | Post
    | Assignment
    | Absence
    | Shift
    | DutyList
    | DutyItem
    | Category
    | Competence
    | Patch
    | Determination
)

ROSTER_TABLES: dict[str, type[Row]] = {
    "people": Person,
    "departments": Department,
    "stationings": Stationing,
    "posts": Post,
    "assignments": Assignment,
    "absences": Absence,
    "shifts": Shift,
    "duty_lists": DutyList,
    "duty_items": DutyItem,
    "categories": Category,
    "competences": Competence,
    "patches": Patch,
    "determinations": Determination,
}


def row_key(row: Row) -> str:
    """The key of a row within its table: its code, or SCHEME:CODE for categories."""
    return f"{row.scheme}:{row.code}" if isinstance(row, Category) else row.code


@dataclass(frozen=True, slots=True)
class RosterChange:
    """One entry for the log: the row as it now is, or None where it is taken back."""

    table: str
    key: str
    row: Row | None


@dataclass(frozen=True, slots=True)
class Roster:
    """All rows as known at a revision: table → key → row. Revision 0 is the empty roster."""

    revision: int = 0
    tables: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)


def lay_over(roster: Roster, changes: Iterable[RosterChange], revision: int | None = None) -> Roster:
    """A roster with changes applied in their order; a row of None takes the old one back. Untouched tables are shared.

    Its revision is the given one, or that of the roster beneath.
    """
    tables = dict(roster.tables)
    touched: dict[str, dict[str, Row]] = {}
    for change in changes:
        if change.table not in touched:
            tables[change.table] = touched[change.table] = dict(tables.get(change.table, {}))
        table = touched[change.table]
        if change.row is None:
            table.pop(change.key, None)
        else:
            table[change.key] = change.row
    return Roster(roster.revision if revision is None else revision, tables)


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One change of one row in the log: what it was from then on (None: taken back), when that was said and by whom."""

    revision: int
    at: datetime
    made_by: str | None
    comment: str
    row: Row | None


@dataclass(frozen=True, slots=True)
class Author:
    """Who changed rows by hand; `areas` and `departments` are what the rows concern, for who is told of it."""

    login: str | None
    areas: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
