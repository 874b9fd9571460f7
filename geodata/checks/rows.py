"""A roster under examination, over the ground that its rows name. Rows that ended before the day are history."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from geodata.checks.ground import Ground
from geodata.issues import found
from gridsvc.model.issue import Issue
from gridsvc.model.people import Shift
from gridsvc.model.roster import Roster, Row

R = TypeVar("R", bound=Row)
EARLIEST = timedelta(hours=14)
"""How long before UTC the day begins at the eastern edge of the date line: nowhere is it earlier."""


@dataclass(frozen=True, slots=True)
class RosterContext:
    """`today` is the local day that decides which rows still matter."""

    ground: Ground
    roster: Roster
    today: date

    def rows(self, table: str, kind: type[R]) -> list[R]:
        """Rows of a table that hold today or will hold."""
        return [row for row in self.roster.tables.get(table, {}).values() if isinstance(row, kind) and self.lasts(row)]

    def lasts(self, row: Row) -> bool:
        """Whether a row holds today or will hold."""
        if isinstance(row, Shift):
            return row.ends_at > datetime.combine(self.today, time(), UTC) - EARLIEST
        return row.valid_to is None or row.valid_to > self.today

    def found(self, code: str, table: str, keys: tuple[str, ...], /, **values: Any) -> Issue:
        """A finding about rows of a table, of the default severity."""
        return found(code, table, keys, None, **values)
