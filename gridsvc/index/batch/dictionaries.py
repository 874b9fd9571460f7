"""Columns of words, dictionary-encoded as Arrow wants them: each different word once, and an index for each row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import Int32Array, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Dictionary(Sequence[str | None]):
    """`indices` into `values`, -1 for none. As a sequence it is the words themselves, None where there is none."""

    indices: Int32Array
    values: list[str]

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, row: int) -> str | None:  # type: ignore[override]  # rows only, a slice would be a copy
        index = int(self.indices[row])
        return self.values[index] if index >= 0 else None

    def __iter__(self) -> Iterator[str | None]:
        words: list[str | None] = [*self.values, None]
        return (words[index] for index in self.indices.tolist())


def encode(words: Iterable[str | None]) -> Dictionary:
    """Words as they come, each different one once."""
    places: dict[str | None, int] = {None: -1}
    indices = [places.setdefault(word, len(places) - 1) for word in words]
    del places[None]
    return Dictionary(np.array(indices, np.int32), [word for word in places if word is not None])


def take(indices: Int32Array | IntArray, word_of: Callable[[int], str | None]) -> Dictionary:
    """The word of each index; -1 and None are none. Each different index is asked for once."""
    used, where = np.unique(indices, return_inverse=True)
    table = encode(word_of(index) if index >= 0 else None for index in used.tolist())
    return Dictionary(table.indices[where] if len(used) else np.zeros(0, np.int32), table.values)


def spread(column: Dictionary, rows: IntArray, count: int) -> Dictionary:
    """A column for `count` rows of which only `rows` have words."""
    indices = np.full(count, -1, np.int32)
    indices[rows] = column.indices
    return Dictionary(indices, column.values)


def join(columns: Sequence[Dictionary]) -> Dictionary:
    """One column under the other."""
    places: dict[str, int] = {}
    parts = [np.zeros(0, np.int32)]
    for column in columns:
        moved = np.array([*(places.setdefault(word, len(places)) for word in column.values), -1], np.int32)
        parts.append(moved[column.indices])
    return Dictionary(np.concatenate(parts), list(places))
