"""Shapes as they came: WKB with offsets, for the layers that are shown and cut rather than looked up."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import ByteArray, IntArray

_SHAPES_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Shapes(Sequence[BaseGeometry | None]):
    """Shape k is `wkb[offsets[k]:offsets[k + 1]]`, None where that is empty; lon/lat. Each access decodes."""

    offsets: IntArray
    wkb: ByteArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> BaseGeometry | None:  # type: ignore[override]  # rows only
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        packed = self.wkb[self.offsets[row] : self.offsets[row + 1]].tobytes()
        shape: BaseGeometry | None = shapely.from_wkb(packed) if packed else None
        return shape

    def take(self, rows: IntArray) -> NDArray[np.object_]:
        """Some of them, all at once."""
        bounds = zip(self.offsets[rows].tolist(), self.offsets[np.asarray(rows) + 1].tolist(), strict=True)
        packed = [self.wkb[start:end].tobytes() or None for start, end in bounds]
        return np.asarray(shapely.from_wkb(np.array(packed or [], object)), object)


class ShapePacker:
    """Shapes one by one; none is kept as an object for long."""

    def __init__(self) -> None:
        self._offsets, self._wkb = array("q", [0]), bytearray()
        self._waiting: list[BaseGeometry | None] = []

    def add(self, shape: BaseGeometry | None) -> None:
        """The next one."""
        self._waiting.append(shape)
        if len(self._waiting) == _SHAPES_AT_ONCE:
            self._pack()

    def packed(self) -> Shapes:
        """All of them."""
        self._pack()
        return Shapes(np.array(self._offsets, np.int64), np.frombuffer(bytes(self._wkb), np.uint8))

    def _pack(self) -> None:
        for packed in shapely.to_wkb(np.array(self._waiting or [], object)).tolist():
            self._wkb += packed or b""
            self._offsets.append(len(self._wkb))
        self._waiting = []
