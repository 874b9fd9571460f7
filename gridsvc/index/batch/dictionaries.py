"""Columns of words, dictionary-encoded as Arrow wants them: each different word once, and an index for each row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import Int32Array


@dataclass(frozen=True, slots=True, eq=False)
class Dictionary(Sequence[str | None]):
    """`indices` into `values`, -1 for none. As a sequence it is the words themselves, None where there is none.

    Of two columns that have the very same list of values, the words need to be told once.
    """

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


def encode_some(words: Mapping[int, str], count: int) -> Dictionary:
    """A column for `count` rows of which only some have words."""
    said, indices = encode(words.values()), np.full(count, -1, np.int32)
    indices[list(words)] = said.indices
    return Dictionary(indices, said.values)


def join(columns: Sequence[Dictionary]) -> Dictionary:
    """One column under the other."""
    places: dict[str, int] = {}
    parts = [np.zeros(0, np.int32)]
    for column in columns:
        moved = np.array([*(places.setdefault(word, len(places)) for word in column.values), -1], np.int32)
        parts.append(moved[column.indices])
    return Dictionary(np.concatenate(parts), list(places))
