"""Who answers instead of somebody who is away: how many of their posts a stand-in has, and how many nobody."""

from dataclasses import dataclass
from datetime import date

from gridsvc.index.roster.staff import Staff
from gridsvc.model.people import Absence, Post

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


def pass_on(staff: Staff, absence: Absence, today: date) -> PassedOn:
    """What an absence, which the staff has already, means from today on; that somebody was away is over."""
    person = absence.person
    first = max(absence.valid_from or today, today)
    end = absence.valid_to or date.max
    rows = [*staff.assignments_of.get(person, ()), *staff.standing_in.get(person, ())]
    posts = {row.post: post for row in rows if (post := staff.posts.get(row.post)) is not None}
    worst = [_worst(staff, post, person, (first, end)) for post in posts.values()]
    return PassedOn(person, worst.count(_STAND_IN), worst.count(_NOBODY), worst.count(_SHARED))


def _worst(staff: Staff, post: Post, person: str, days: tuple[date, date]) -> int | None:
    """The worst of what a post comes to; None for one that somebody else answers for all the while."""
    found = [_state(staff, post, person, day) for day in _turning_days(staff, post, *days)]
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


def _turning_days(staff: Staff, post: Post, first: date, end: date) -> list[date]:
    """The first of the days, and each on which it may be others who answer for a post."""
    held = staff.assignments_to.get(post.code, ())
    people = {code for row in held for code in (row.person, row.stand_in) if code is not None}
    rows = [post, *held, *(row for code in people for row in staff.absences_of.get(code, ()))]
    rows += [person for code in people if (person := staff.people.get(code)) is not None]
    days = {day for row in rows for day in (row.valid_from, row.valid_to) if day is not None and first < day < end}
    return [first, *sorted(days)] if first < end else []
