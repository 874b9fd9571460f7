"""Squares cut along the borders that cross them until no region has a border inside: all squares at once, by levels.

A piece of border goes to every side of a line that it reaches, and is done with where it lies along the line: within
half a strip, while places within a whole strip are in doubt. So a region without pieces has but one face inside.
"""

from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, IntArray
from gridsvc.index.geometry.ranges import expand_ranges
from gridsvc.index.layout import DOUBT, FIRST_NODE, STRIP
from gridsvc.index.raster.regions import Lines, Regions, lines_through, whole_squares
from gridsvc.index.raster.squares import Pieces

_HALF_STRIP = STRIP / 2
_ASKED = 8  # how many of a region's pieces are tried as the line that cuts it
_TOO_SHORT = 1e-9  # a piece of less has no line of its own
_LEVELS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Codes by slot: slot k < squares is square k, slot squares + 2 * node is the side above the line of a node, the
    next one the side below. Codes of leaves are DOUBT; those with room have a place that speaks for them.

    `node_square` and `leaf_square` are positions of squares.
    """

    codes: IntArray
    lines: Lines
    node_square: IntArray
    leaf_slot: IntArray
    leaf_square: IntArray
    leaf_u: FloatArray
    leaf_v: FloatArray


def cut_squares(pieces: Pieces, squares: int) -> Cuts:
    """`pieces.owner` is the position of a square, 0 … squares - 1."""
    square, slot, regions = np.arange(squares), np.arange(squares), whole_squares(squares)
    nodes, leaves = [], []
    written = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    count = 0
    for _ in range(_LEVELS):
        is_leaf = np.bincount(pieces.owner, minlength=len(slot)) == 0
        leaves.append(_leaves_of(regions, square, slot, np.flatnonzero(is_leaf)))
        lines, cut = _choose_lines(pieces, len(slot))
        if not len(cut):
            break
        written.append((slot[cut], FIRST_NODE - count - np.arange(len(cut))))
        nodes.append((lines, square[cut]))
        number = np.full(len(slot), -1)
        number[cut] = np.arange(len(cut))
        pieces = _divide(pieces, lines, number)
        regions = regions.take(cut).cut(lines)
        # what only runs along the rim of a widened square has no place beside it
        pieces = pieces.take(np.flatnonzero((regions.offsets[1:] > regions.offsets[:-1])[pieces.owner]))
        slot = squares + 2 * (count + np.repeat(np.arange(len(cut)), 2)) + np.tile([0, 1], len(cut))
        square = np.repeat(square[cut], 2)
        count += len(cut)
    codes = np.full(squares + 2 * count, DOUBT)
    slots, values = (np.concatenate(column) for column in zip(*written, strict=True))
    codes[slots] = values
    return Cuts(codes, *_joined(nodes), *(np.concatenate(column) for column in zip(*leaves, strict=True)))


def _joined(nodes: list[tuple[Lines, IntArray]]) -> tuple[Lines, IntArray]:
    lines = Lines(
        np.concatenate([np.zeros(0), *(line.m for line, _ in nodes)]),
        np.concatenate([np.zeros(0), *(line.c for line, _ in nodes)]),
        np.concatenate([np.zeros(0, np.bool_), *(line.steep for line, _ in nodes)]),
    )
    return lines, np.concatenate([np.zeros(0, np.int64), *(square for _, square in nodes)])


def _leaves_of(
    regions: Regions, square: IntArray, slot: IntArray, which: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """(slot, square, u, v) of regions without a border inside that have room for a place in the middle."""
    u, v, has_room = regions.take(which).middles()
    kept = which[has_room]
    return slot[kept], square[kept], u[has_room], v[has_room]


def _choose_lines(pieces: Pieces, regions: int) -> tuple[Lines, IntArray]:
    """A line for each region that has pieces and can be cut, and which regions these are."""
    counts = np.bincount(pieces.owner, minlength=regions)
    starts = np.cumsum(counts) - counts
    region, lines, worth = _candidates(pieces, counts, starts)
    asked = counts[region]
    piece = expand_ranges(starts[region], asked)
    above, below = _reaches(pieces.take(piece), lines.take(np.repeat(np.arange(len(region)), asked)))
    begins = np.cumsum(asked) - asked
    a = np.add.reduceat(above.astype(np.int64), begins) if len(begins) else begins
    b = np.add.reduceat(below.astype(np.int64), begins) if len(begins) else begins
    cost = np.maximum(a, b) + 0.5 * (a + b) - worth
    cost[(a == asked) & (b == asked)] = np.inf  # nothing is gained
    order = np.lexsort((cost, region))
    first = order[np.unique(region[order], return_index=True)[1]] if len(order) else order
    best = first[np.isfinite(cost[first])]
    return lines.take(best), region[best]


def _candidates(pieces: Pieces, counts: IntArray, starts: IntArray) -> tuple[IntArray, Lines, FloatArray]:
    """(region, line, what speaks for it): lines of some pieces, and halves of the square where there are many."""
    tried = np.minimum(counts, _ASKED)
    region = np.repeat(np.arange(len(counts)), tried)
    nth = expand_ranges(np.zeros(len(counts), np.int64), tried)
    chosen = pieces.take(starts[region] + nth * counts[region] // np.maximum(tried[region], 1))
    length = np.abs(chosen.u1 - chosen.u0) + np.abs(chosen.v1 - chosen.v0)
    own = lines_through(chosen.u0, chosen.v0, chosen.u1, chosen.v1)
    many = np.flatnonzero(counts > _ASKED)
    middles = [_medians(pieces, many, counts, starts, along) for along in (0, 1)]
    return (
        np.concatenate([region, many, many]),
        Lines(
            np.concatenate([own.m, np.zeros(2 * len(many))]),
            np.concatenate([own.c, *middles]),
            np.concatenate([own.steep, np.repeat([True, False], len(many))]),
        ),
        np.concatenate(
            [np.where(length > _TOO_SHORT, 0.3 * np.minimum(length, 1.0), -np.inf), np.zeros(2 * len(many))]
        ),
    )


def _medians(pieces: Pieces, many: IntArray, counts: IntArray, starts: IntArray, along: int) -> FloatArray:
    """Where half of the pieces of each region begin on either side, as float32 values."""
    asked = expand_ranges(starts[many], counts[many])
    values = (pieces.u0, pieces.v0)[along][asked]
    order = np.lexsort((values, pieces.owner[asked]))
    begins = np.cumsum(counts[many]) - counts[many]
    middles: FloatArray = values[order[begins + counts[many] // 2]].astype(np.float32).astype(np.float64)
    return middles


def _reaches(pieces: Pieces, lines: Lines) -> tuple[BoolArray, BoolArray]:
    """Whether each piece goes beyond half a strip above and below its line."""
    begin, end = lines.above(pieces.u0, pieces.v0), lines.above(pieces.u1, pieces.v1)
    return np.maximum(begin, end) > _HALF_STRIP, np.minimum(begin, end) < -_HALF_STRIP


def _divide(pieces: Pieces, lines: Lines, number: IntArray) -> Pieces:
    """The parts of the pieces on either side of their region's line; region number k becomes 2 k and 2 k + 1."""
    pieces = pieces.take(np.flatnonzero(number[pieces.owner] >= 0))
    mine = lines.take(number[pieces.owner])
    begin, end = mine.above(pieces.u0, pieces.v0), mine.above(pieces.u1, pieces.v1)
    reaches = np.maximum(begin, end) > _HALF_STRIP, np.minimum(begin, end) < -_HALF_STRIP
    crosses = (np.minimum(begin, end) < 0) & (np.maximum(begin, end) > 0)
    along = np.where(crosses, begin / np.where(crosses, begin - end, 1.0), 0.0)
    at_u, at_v = pieces.u0 + along * (pieces.u1 - pieces.u0), pieces.v0 + along * (pieces.v1 - pieces.v0)
    parts = []
    for which, (begins, ends) in enumerate(((begin >= 0, end >= 0), (begin <= 0, end <= 0))):
        part = Pieces(
            2 * number[pieces.owner] + which,
            np.where(crosses & ~begins, at_u, pieces.u0),
            np.where(crosses & ~begins, at_v, pieces.v0),
            np.where(crosses & ~ends, at_u, pieces.u1),
            np.where(crosses & ~ends, at_v, pieces.v1),
        )
        parts.append(part.take(np.flatnonzero(reaches[which])))
    both = Pieces(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("owner", "u0", "v0", "u1", "v1"))
    )
    return both.take(np.argsort(both.owner, kind="stable"))
