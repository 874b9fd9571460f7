"""Rows of a roster table, in order of code and grouped by what they are asked for."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from gridsvc.model.roster import Roster, Row, row_key

RowT = TypeVar("RowT", bound=Row)
K = TypeVar("K")
V = TypeVar("V")


def rows_of(roster: Roster, table: str, kind: type[RowT]) -> list[RowT]:
    """All rows of a table, by key: every tie of the rules goes to the lowest."""
    rows = [row for row in roster.tables.get(table, {}).values() if isinstance(row, kind)]
    return sorted(rows, key=row_key)


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """Values by key, each in the order given."""
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
