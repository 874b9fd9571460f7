"""Sets and rows of rows as flat arrays: run k is a list of numbers from one start to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from gridsvc.datum.arrays import Int32Array, IntArray
from gridsvc.index.columns.features import GroupItems
from gridsvc.index.columns.words import Words
from gridsvc.model.territory import Group


@dataclass(frozen=True, slots=True, eq=False)
class Runs(Sequence[list[int]]):
    """Run k is `numbers[starts[k]:starts[k + 1]]`."""

    starts: IntArray
    numbers: Int32Array

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> list[int]:  # type: ignore[override]  # rows only, a slice would be a copy
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        run: list[int] = self.numbers[self.starts[row] : self.starts[row + 1]].tolist()
        return run


def pack_runs(runs: Iterable[Sequence[int]]) -> Runs:
    """Runs as they come."""
    kept = list(runs)
    starts = np.concatenate([[0], np.cumsum([len(run) for run in kept])]).astype(np.int64)
    return Runs(starts, np.fromiter(chain.from_iterable(kept), np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class CodeSets(Sequence[frozenset[str]]):
    """A set of codes for each row."""

    runs: Runs
    codes: Words

    def __len__(self) -> int:
        return len(self.runs)

    def __getitem__(self, row: int) -> frozenset[str]:  # type: ignore[override]  # rows only
        return frozenset(self.codes[number] for number in self.runs[row])


@dataclass(frozen=True, slots=True, eq=False)
class GroupsOfCells(Sequence[tuple[Group, ...]]):
    """The groups of each cell, by (kind, scheme, code)."""

    runs: Runs
    groups: GroupItems

    def __len__(self) -> int:
        return len(self.runs)

    def __getitem__(self, row: int) -> tuple[Group, ...]:  # type: ignore[override]  # rows only
        return tuple(self.groups[number] for number in self.runs[row])

    def cells_of(self, number: int) -> IntArray:
        """The cells of one group, ascending."""
        places = np.flatnonzero(self.runs.numbers == number)
        return np.searchsorted(self.runs.starts, places, side="right") - 1


@dataclass(frozen=True, slots=True, eq=False)
class Lineages(Sequence[tuple[int, ...]]):
    """Rows of a tree from the root down to each row itself; `parent` is -1 at a root."""

    parent: Int32Array

    def __len__(self) -> int:
        return len(self.parent)

    def __getitem__(self, row: int) -> tuple[int, ...]:  # type: ignore[override]  # rows only
        chain_up = [row]
        while (above := int(self.parent[chain_up[-1]])) >= 0:
            chain_up.append(above)
        return tuple(reversed(chain_up))
