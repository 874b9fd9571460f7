"""Names of features, (scheme, code) in ascending order, and where each stands."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import Int32Array
from gridsvc.index.columns.words import Repeated, RepeatedPacker, WordPacker, Words
from gridsvc.model.places import Key
from gridsvc.model.territory import Feature


@dataclass(frozen=True, slots=True, eq=False)
class Keys(Sequence[Key]):
    """Ascending."""

    schemes: Repeated
    codes: Words

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Key:  # type: ignore[override]  # rows only, a slice would be a copy
        return Key(self.schemes[row] or "", self.codes[row])

    def __iter__(self) -> Iterator[Key]:
        return (Key(scheme or "", code) for scheme, code in zip(self.schemes, self.codes, strict=True))


class KeyPacker:
    """Keys one by one, ascending."""

    def __init__(self) -> None:
        self._schemes, self._codes = RepeatedPacker(), WordPacker()

    def add(self, feature: Feature) -> None:
        """That of the next feature."""
        self._schemes.add(feature.scheme)
        self._codes.add(feature.code)

    def packed(self) -> Keys:
        """All of them."""
        return Keys(self._schemes.packed(), self._codes.packed())


@dataclass(frozen=True, slots=True, eq=False)
class RowsByKey(Mapping[Key, int]):
    """Rows by key, found by bisection."""

    keys_in_order: Keys

    def __len__(self) -> int:
        return len(self.keys_in_order)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys_in_order)

    def __getitem__(self, key: Key) -> int:
        row = bisect_left(self.keys_in_order, key)
        if row == len(self.keys_in_order) or self.keys_in_order[row] != key:
            raise KeyError(key)
        return row


@dataclass(frozen=True, slots=True, eq=False)
class RowsByCode(Mapping[str, int]):
    """Rows by code alone, where codes are unique in a city; of equal ones the last row. `order` is `order_of_codes`."""

    codes: Words
    order: Int32Array

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[str]:
        return (self.codes[row] for row in self.order.tolist())

    def __getitem__(self, code: str) -> int:
        place = bisect_left(self.order, code, key=self.codes.__getitem__)
        if place == len(self.order) or self.codes[row := int(self.order[place])] != code:
            raise KeyError(code)
        return row


def order_of_codes(codes: Words) -> Int32Array:
    """The rows of a table by code."""
    last = {code: row for row, code in enumerate(codes)}
    return np.array([last[code] for code in sorted(last)], np.int32)
