"""A tree over boxes in plain arrays, which can be kept in a file and shared by processes, without an object a box."""

from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import FloatArray, IntArray, make_read_only
from gridsvc.index.engine import engine
from gridsvc.index.layout import FANOUT, TreeArrays

_CURVE_BITS = 16
_LEAST = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class BoxTree:
    """Finds rows by their boxes; rims meet. Unit and axis order are the caller's."""

    arrays: TreeArrays

    def __len__(self) -> int:
        return len(self.arrays.rows)

    def in_box(self, west: float, south: float, east: float, north: float) -> IntArray:
        """Rows whose box meets the given one, ascending."""
        found = engine().rows_in_box(self.arrays, (float(west), float(south), float(east), float(north)))
        found.sort()
        return found

    def pairs(self, boxes: FloatArray) -> tuple[IntArray, IntArray]:
        """(which of the given boxes (n, 4), row) wherever the two meet, by box, then row. NaN meets nothing."""
        asked, row = engine().box_pairs(self.arrays, np.ascontiguousarray(boxes, np.float64))
        order = np.lexsort((row, asked))
        return asked[order], row[order]


def pack_boxes(boxes: FloatArray) -> BoxTree:
    """A tree over boxes (n, 4), packed along a curve through their middles; the same boxes give the same tree."""
    rows = np.argsort(_along_curve(boxes), kind="stable")
    level = boxes[rows]
    parts, ends = [level], [0, len(level)]
    while len(level) > 1:
        level = _spans(level)
        parts.append(level)
        ends.append(ends[-1] + len(level))
    arrays = TreeArrays(np.concatenate(parts), np.array(ends, np.int64), rows.astype(np.int32))
    make_read_only(*arrays)
    return BoxTree(arrays)


def _spans(boxes: FloatArray) -> FloatArray:
    starts = np.arange(0, len(boxes), FANOUT)
    # a box that is none, NaN, hides no other
    low, high = np.fmin.reduceat(boxes[:, :2], starts), np.fmax.reduceat(boxes[:, 2:], starts)
    return np.concatenate([low, high], axis=1)


def _along_curve(boxes: FloatArray) -> IntArray:
    """Place of each box on a Hilbert curve through the box of all (Skilling 2004, in two dimensions)."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    middles[~np.isfinite(middles)] = 0.0
    low, high = (middles.min(axis=0), middles.max(axis=0)) if len(boxes) else (np.zeros(2), np.ones(2))
    scale = (2**_CURVE_BITS - 1) / np.maximum(high - low, _LEAST)
    x, y = ((middles - low) * scale).astype(np.int64).T
    place = np.zeros(len(boxes), np.int64)
    for bit in reversed(range(_CURVE_BITS)):
        right, up = (x >> bit) & 1, (y >> bit) & 1
        place = place * 4 + ((3 * right) ^ up)
        # the lower half of each square is turned, its right part also over
        rest = (1 << bit) - 1
        x, y = x & rest, y & rest
        is_flipped = (up == 0) & (right == 1)
        x, y = np.where(is_flipped, rest - x, x), np.where(is_flipped, rest - y, y)
        x, y = np.where(up == 0, y, x), np.where(up == 0, x, y)
    return place
