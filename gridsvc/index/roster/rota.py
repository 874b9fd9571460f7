"""Shifts by their beginning: those of an hour are found without looking at a year's."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
