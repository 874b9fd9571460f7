"""All checks of the roster with the tables that each reads, and what a change of the roster adds to their findings."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from geodata.checks import leads, roster
from geodata.checks.duty_times import check_chiefs, check_chiefs_of_targets, check_shifts
from geodata.checks.rows import RosterContext
from geodata.checks.succession import check_ended_departments
from geodata.issues import Findings, default_severity, list_blocking
from gridsvc.model.departments import Competence
from gridsvc.model.issue import Issue

MOST_DAYS = 3
"""Later days on which LEADs are looked at: each costs as much as today."""


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """One check; rows of other tables than those that it `reads` change nothing for it."""

    find: Callable[[RosterContext], Iterator[Issue]]
    reads: frozenset[str]


def _check(find: Callable[[RosterContext], Iterator[Issue]], *reads: str) -> RosterCheck:
    return RosterCheck(find, frozenset(reads))


_NAMING = frozenset(roster.REFERENCES) | {"posts", "categories"}

ROSTER_CHECKS: tuple[RosterCheck, ...] = (
    _check(roster.check_row_references, *_NAMING),
    _check(roster.check_post_targets, "posts"),
    _check(roster.check_departments, "departments"),
    _check(roster.check_duty_lists, "duty_lists", "duty_items"),
    _check(leads.check_leads, "competences"),
    _check(leads.check_missing_leads, "competences", "categories"),
    _check(check_shifts, "shifts"),
    _check(check_chiefs_of_targets, "assignments", "posts", "people"),
)
"""Asked of every publish as well."""

ROW_CHECKS: tuple[RosterCheck, ...] = (
    _check(check_chiefs, "assignments", "posts"),
    _check(check_ended_departments, *_NAMING),
)
"""What these find in old rows must not keep a planner from publishing."""

WRITE_CHECKS: tuple[RosterCheck, ...] = (*ROSTER_CHECKS, *ROW_CHECKS)
"""Asked of every change of the roster."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings that a change brings, and those that were there before and concern its tables."""

    new: tuple[Issue, ...]
    old: tuple[Issue, ...]

    @property
    def blocking(self) -> list[Issue]:
        """What refuses the change."""
        return list_blocking(self.new)


def compare_findings(before: RosterContext, after: RosterContext, changed: Collection[str]) -> Compared:
    """What changing some tables does to the findings. Of one code at most a thousand are listed."""
    asked = [check for check in WRITE_CHECKS if not check.reads.isdisjoint(changed)]
    known = {_identity(issue) for check in asked for issue in check.find(before)}
    new, old = Findings(), Findings()
    for check in asked:
        for issue in check.find(after):
            (old if _identity(issue) in known else new).add(issue)
    new.extend(_coming_gaps(before, after))
    return Compared(tuple(new.as_list()), tuple(old.as_list()))


def _coming_gaps(before: RosterContext, after: RosterContext) -> Iterator[Issue]:
    """Gaps in LEADs that the change brings on a later day: a competence mostly ends by its last day."""
    days = _later_days(before, after)
    told = {issue.features for issue in leads.check_missing_leads(after)} if days else set()
    for day in days:
        known = told | {issue.features for issue in leads.check_missing_leads(replace(before, today=day))}
        for issue in leads.check_missing_leads(replace(after, today=day)):
            if issue.features not in known:
                values = {**issue.values, "day": day.isoformat()}
                yield replace(issue, code="NO_LEAD_FROM", severity=default_severity("NO_LEAD_FROM"), values=values)
                told.add(issue.features)


def _later_days(before: RosterContext, after: RosterContext) -> list[date]:
    """Days after today on which a competence that was changed begins or ends, the first few of them."""
    old, new = (context.roster.tables.get("competences", {}) for context in (before, after))
    if old is new:
        return []
    changed = [
        row for key in old.keys() | new.keys() if old.get(key) != new.get(key) for row in (old.get(key), new.get(key))
    ]
    days = {day for row in changed if isinstance(row, Competence) for day in (row.valid_from, row.valid_to)}
    return sorted(day for day in days if day is not None and day > after.today)[:MOST_DAYS]


def _identity(issue: Issue) -> tuple[str, str]:
    """What makes a finding the same one: a row may name two unknown people."""
    return issue.id, str(sorted(issue.values.items(), key=lambda item: item[0]))
