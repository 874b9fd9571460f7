"""Centre lines cut into straight pieces in metres of the projected CRS; each vertex is projected once."""

from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, IntArray, make_read_only
from gridsvc.datum.plane import Plane
from gridsvc.index.geometry.box_tree import BoxTree, pack_boxes
from gridsvc.index.geometry.flat import FlatShapes


@dataclass(frozen=True, slots=True, eq=False)
class LineTable:
    """Centre lines in metres of the projected CRS, cut into straight pieces: a → b, with offsets by segment.

    `before` and `after` are the pieces that a piece joins, -1 at an end. `tree` finds segments by box.
    """

    ax: FloatArray
    ay: FloatArray
    bx: FloatArray
    by: FloatArray
    before: IntArray
    after: IntArray
    offsets: IntArray
    tree: BoxTree


def compile_lines(flat: FlatShapes, plane: Plane) -> LineTable:
    """Pieces of centre lines in their order.

    Pieces without length are dropped, since they have no side, but a part that is one place keeps one of them.
    A part that begins where the one before it ended continues it; so does a ring at its own beginning.
    """
    part = np.repeat(np.arange(len(flat.line_part)), np.diff(flat.line_offsets))
    x, y = plane.project(flat.x, flat.y)
    start = np.flatnonzero(part[1:] == part[:-1])
    start = start[_worth_keeping(x, y, start, part)]
    end, owner = start + 1, flat.line_owner[part[start]]
    offsets = np.searchsorted(owner, np.arange(len(flat) + 1)).astype(np.int64)
    before, after = _joints(x[start], y[start], x[end], y[end], owner, part[start])
    boxes = _boxes(x[start], y[start], x[end], y[end], offsets)
    ax, ay, bx, by = x[start], y[start], x[end], y[end]
    make_read_only(ax, ay, bx, by, before, after, offsets)
    return LineTable(ax, ay, bx, by, before, after, offsets, pack_boxes(boxes))


def _worth_keeping(x: FloatArray, y: FloatArray, start: IntArray, part: IntArray) -> BoolArray:
    """Pieces with a length, and the first piece of each part that has no such piece."""
    has_length = (x[start] != x[start + 1]) | (y[start] != y[start + 1])
    long_parts = np.unique(part[start[has_length]])
    first = np.zeros(len(start), np.bool_)
    first[np.unique(part[start], return_index=True)[1]] = True
    keep: BoolArray = has_length | (first & ~np.isin(part[start], long_parts))
    return keep


def _joints(
    ax: FloatArray, ay: FloatArray, bx: FloatArray, by: FloatArray, owner: IntArray, part: IntArray
) -> tuple[IntArray, IntArray]:
    """For each piece the one that ends where it starts and the one that starts where it ends, else -1."""
    before, after = np.full(len(ax), -1, np.int64), np.full(len(ax), -1, np.int64)
    has_length = (ax != bx) | (ay != by)
    joins = (owner[1:] == owner[:-1]) & (bx[:-1] == ax[1:]) & (by[:-1] == ay[1:])
    joins &= has_length[1:] & has_length[:-1]
    left = np.flatnonzero(joins)
    after[left], before[left + 1] = left + 1, left
    firsts = np.unique(part, return_index=True)[1]
    lasts = np.append(firsts[1:], len(ax)) - 1 if len(firsts) else firsts
    ring = (bx[lasts] == ax[firsts]) & (by[lasts] == ay[firsts]) & (lasts > firsts)
    # a ring's own end comes before a neighbour that happens to touch it
    after[lasts[ring]], before[firsts[ring]] = firsts[ring], lasts[ring]
    return before, after


def _boxes(ax: FloatArray, ay: FloatArray, bx: FloatArray, by: FloatArray, offsets: IntArray) -> FloatArray:
    if len(offsets) == 1:
        return np.zeros((0, 4))
    starts = offsets[:-1]
    return np.stack(
        [
            np.minimum.reduceat(np.minimum(ax, bx), starts),
            np.minimum.reduceat(np.minimum(ay, by), starts),
            np.maximum.reduceat(np.maximum(ax, bx), starts),
            np.maximum.reduceat(np.maximum(ay, by), starts),
        ],
        axis=-1,
    )
