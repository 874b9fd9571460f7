"""Who answers instead of somebody who is away: how many of their posts a stand-in has, and how many nobody."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gridsvc.index.roster.staff import Staff
from gridsvc.model.people import Absence, Assignment, Post
from gridsvc.roster.days import Span, merge, span_of

MOST_WORK = 2_000_000
"""Rows that are looked at for one answer: a second or two of a core. A year's leave of some thousand people is less."""
_SHARED, _STAND_IN, _NOBODY = range(3)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Posts of somebody who is away: those of a stand-in, those that fall to the next level for some days at least, and
    those that others hold besides.
    """

    person: str
    to_stand_in: int
    to_next_level: int
    shared: int


class _TooMuch(Exception):
    """Somebody takes more work than is left."""


@dataclass(slots=True)
class _Work:
    """What may still be done; what it would not last for is not begun."""

    left: int

    def take(self, rows: int) -> None:
        if rows > self.left:
            raise _TooMuch
        self.left -= rows


def pass_on(
    staff: Staff, absences: Iterable[Absence], today: date, most_work: int = MOST_WORK
) -> tuple[list[PassedOn], int]:
    """What absences, which the staff has already, mean from today on, once for each person; that somebody was away is
    over. And for how many people it is not counted, since that would take more than `most_work`.
    """
    away: dict[str, list[Span]] = defaultdict(list)
    for absence in absences:
        first, end = span_of(absence)
        away[absence.person].append((max(first, today), end))
    told, uncounted, work = [], 0, _Work(most_work)
    for person, spans in away.items():
        try:
            told.append(_of_person(staff, person, merge(spans), work))
        except _TooMuch:
            uncounted += 1
    return told, uncounted


def _of_person(staff: Staff, person: str, away: Sequence[Span], work: _Work) -> PassedOn:
    rows = [*staff.assignments_of.get(person, ()), *staff.standing_in.get(person, ())]
    posts = {row.post: post for row in rows if (post := staff.posts.get(row.post)) is not None}
    worst = [_worst(staff, post, person, _days_to_ask(staff, post, away, work)) for post in posts.values()]
    return PassedOn(person, worst.count(_STAND_IN), worst.count(_NOBODY), worst.count(_SHARED))


def _worst(staff: Staff, post: Post, person: str, days: Iterable[date]) -> int | None:
    """The worst of what a post comes to; None for one that somebody else answers for all the while."""
    found = [_state(staff, post, person, day) for day in days]
    return max((state for state in found if state is not None), default=None)


def _state(staff: Staff, post: Post, person: str, day: date) -> int | None:
    held = [row for row in staff.assignments_to.get(post.code, ()) if row.valid_on(day)]
    is_theirs = any(row.person == person for row in held)
    stands_in = any(row.stand_in == person and staff.is_absent(row.person, day) for row in held)
    if not post.valid_on(day) or not (is_theirs or stands_in) or not staff.is_absent(person, day):
        return None
    holders = staff.holding(post, day).holders
    if not holders:
        return _NOBODY
    return _STAND_IN if any(holder.stand_in_for == person for holder in holders) else _SHARED


def _days_to_ask(staff: Staff, post: Post, away: Sequence[Span], work: _Work) -> list[date]:
    """The first of each span of days, and each on which it may be others who answer for a post. Asking of all of them
    is taken from the work before it is done: a day looks at every holder's and stand-in's absences.
    """
    held = staff.assignments_to.get(post.code, ())
    work.take(len(held))
    looked_at = sum(1 + _count_absences(staff, row) for row in held)
    work.take(looked_at)
    turns = _turning_days(staff, post, held)
    work.take(len(turns) + len(away))
    days = [day for first, end in away for day in (first, *turns[bisect_right(turns, first) : bisect_left(turns, end)])]
    work.take(len(days) * looked_at)
    return days


def _turning_days(staff: Staff, post: Post, held: Sequence[Assignment]) -> list[date]:
    people = {code for row in held for code in (row.person, row.stand_in) if code is not None}
    rows = [post, *held, *(row for code in people for row in staff.absences_of.get(code, ()))]
    rows += [person for code in people if (person := staff.people.get(code)) is not None]
    return sorted({day for row in rows for day in (row.valid_from, row.valid_to) if day is not None})


def _count_absences(staff: Staff, row: Assignment) -> int:
    return sum(len(staff.absences_of.get(code, ())) for code in (row.person, row.stand_in) if code is not None)
