"""Shifts by their beginning: those of an hour are found without looking at a year's.

Between two changes of shift, and within one day, nobody comes or goes: that is a watch, and what was found out in it
about people and rows holds until it ends.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from gridsvc.model.people import Shift

_CLOSE_S = 1.0
"""More than what is lost when an instant becomes a number of seconds."""


@dataclass(frozen=True, slots=True)
class Rota:
    """By (starts_at, code). `starts` are their beginnings, `longest` the longest of them, in seconds."""

    shifts: tuple[Shift, ...] = ()
    starts: tuple[float, ...] = ()
    longest: float = 0.0

    def at(self, instant: datetime) -> list[Shift]:
        """Those that run at an instant (half-open)."""
        if not self.shifts:
            return []
        seconds = instant.timestamp()
        first = bisect_left(self.starts, seconds - self.longest - _CLOSE_S)
        last = bisect_right(self.starts, seconds + _CLOSE_S)
        return [shift for shift in self.shifts[first:last] if shift.starts_at <= instant < shift.ends_at]


def rota_of(shifts: Iterable[Shift]) -> Rota:
    """In any order."""
    ordered = tuple(sorted(shifts, key=lambda shift: (shift.starts_at, shift.code)))
    longest = max(((shift.ends_at - shift.starts_at).total_seconds() for shift in ordered), default=0.0)
    return Rota(ordered, tuple(shift.starts_at.timestamp() for shift in ordered), longest)


class Watch(NamedTuple):
    """From `begins` to before `good_until`, in POSIX seconds, of one local day: rows and shifts stay as they are."""

    day: date
    begins: float
    good_until: float

    def holds(self, local: datetime) -> bool:
        """Whether an instant in the zone of the day lies in it; seconds of POSIX tell microseconds apart."""
        return self.begins <= local.timestamp() < self.good_until and local.date() == self.day


@dataclass(frozen=True, slots=True)
class Watches:
    """`changes` are the instants at which any shift begins or ends, ascending, in POSIX seconds."""

    changes: tuple[float, ...] = ()

    def at(self, local: datetime) -> Watch:
        """The watch of an instant, given in the city's zone."""
        day, instant = local.date(), local.timestamp()
        first, last = (datetime.combine(one, time(), local.tzinfo).timestamp() for one in (day, day + timedelta(1)))
        row = bisect_right(self.changes, instant)
        begins = self.changes[row - 1] if row else first
        until = self.changes[row] if row < len(self.changes) else last
        return Watch(day, max(begins, first), min(until, last))


def watches_of(shifts: Iterable[Shift]) -> Watches:
    """In any order."""
    return Watches(tuple(sorted({end.timestamp() for shift in shifts for end in (shift.starts_at, shift.ends_at)})))
