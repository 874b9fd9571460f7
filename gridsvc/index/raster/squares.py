"""Which squares an edge meets, and the piece of it that lies in each; squares are widened, so that none is missed."""

from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.index.geometry.ranges import expand_ranges
from gridsvc.index.layout import STRIP

MARGIN = 2 * STRIP
"""By how much squares are widened on each side."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of edges from (u0, v0) to (u1, v1) inside the region `owner`, which ascends."""

    owner: IntArray
    u0: FloatArray
    v0: FloatArray
    u1: FloatArray
    v1: FloatArray

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, rows: IntArray) -> "Pieces":
        """Some of them, in that order."""
        return Pieces(self.owner[rows], self.u0[rows], self.v0[rows], self.u1[rows], self.v1[rows])


def pieces_in_squares(ends: FloatArray, columns: int, rows: int) -> Pieces:
    """Edges (x0, y0, x1, y1) in sides of squares from the raster's corner; `owner` is row * columns + column."""
    x0, y0, x1, y1 = ends.T
    edge, column, row = squares_met(ends, columns, rows)
    order = np.argsort(row * columns + column, kind="stable")
    edge, column, row = edge[order], column[order], row[order]
    u0, v0, u1, v1 = x0[edge] - column, y0[edge] - row, x1[edge] - column, y1[edge] - row
    first, last = _clipped(u0, v0, u1 - u0, v1 - v0)
    kept = np.flatnonzero(first <= last)
    whole = Pieces(row * columns + column, u0, v0, u1, v1).take(kept)
    return _between(whole, first[kept], last[kept])


def squares_met(ends: FloatArray, columns: int, rows: int) -> tuple[IntArray, IntArray, IntArray]:
    """(edge, column, row) of every square that an edge may meet."""
    x0, y0, x1, y1 = ends.T
    edge, column = _expanded(np.minimum(x0, x1), np.maximum(x0, x1), columns)
    x0, y0, x1, y1 = x0[edge], y0[edge], x1[edge], y1[edge]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (y1 - y0) / (x1 - x0)
    west = np.clip(column - MARGIN, np.minimum(x0, x1), np.maximum(x0, x1))
    east = np.clip(column + 1 + MARGIN, np.minimum(x0, x1), np.maximum(x0, x1))
    is_steep = ~np.isfinite(slope) | (np.abs(slope) > 1e6)
    at_west = np.where(is_steep, y0, y0 + (west - x0) * np.where(is_steep, 0.0, slope))
    at_east = np.where(is_steep, y1, y0 + (east - x0) * np.where(is_steep, 0.0, slope))
    met, row = _expanded(np.minimum(at_west, at_east), np.maximum(at_west, at_east), rows)
    return edge[met], column[met], row


def _expanded(low: FloatArray, high: FloatArray, count: int) -> tuple[IntArray, IntArray]:
    """(which, k) for all k in 0 … count - 1 whose widened interval [k, k + 1] meets [low, high]."""
    first = np.clip(np.floor(low - MARGIN), 0, count - 1).astype(np.int64)
    last = np.clip(np.floor(high + MARGIN), 0, count - 1).astype(np.int64)
    counts = last - first + 1
    return np.repeat(np.arange(len(low)), counts), expand_ranges(first, counts)


def _clipped(u: FloatArray, v: FloatArray, along_u: FloatArray, along_v: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From where to where along it (0 to 1) a piece lies in the widened square; first > last where it does not."""
    first, last = np.zeros(len(u)), np.ones(len(u))
    for start, step in ((u, along_u), (v, along_v)):
        with np.errstate(divide="ignore", invalid="ignore"):
            enters, leaves = (-MARGIN - start) / step, (1 + MARGIN - start) / step
        inside = (start >= -MARGIN) & (start <= 1 + MARGIN)
        stands = step == 0
        first = np.maximum(first, np.where(stands, np.where(inside, 0.0, 2.0), np.minimum(enters, leaves)))
        last = np.minimum(last, np.where(stands, 1.0, np.maximum(enters, leaves)))
    return first, last


def _between(pieces: Pieces, first: FloatArray, last: FloatArray) -> Pieces:
    """The part of each piece from `first` to `last` along it; ends that are not cut stay the same doubles."""
    along_u, along_v = pieces.u1 - pieces.u0, pieces.v1 - pieces.v0
    return Pieces(
        pieces.owner,
        np.where(first > 0, pieces.u0 + first * along_u, pieces.u0),
        np.where(first > 0, pieces.v0 + first * along_v, pieces.v0),
        np.where(last < 1, pieces.u0 + last * along_u, pieces.u1),
        np.where(last < 1, pieces.v0 + last * along_v, pieces.v1),
    )
