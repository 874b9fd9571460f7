"""Squares of the plane with the pieces of centre lines that cross each: what is near a place is in those around it."""

import math
from collections.abc import Sequence

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int32Array, IntArray
from gridsvc.index.compiled import AreaTable
from gridsvc.index.geometry.lines import LineTable
from gridsvc.index.layout import LineArrays, LineRaster, PieceArrays, SegmentFacts
from gridsvc.index.raster.squares import squares_met
from gridsvc.model.territory import COMMUNITY_RANK, SUBDISTRICT_RANK, Segment, SegmentKind

SIDE_M = 50.0
_MOST_SQUARES = 20_000_000


def _raster_of(ax: FloatArray, ay: FloatArray, bx: FloatArray, by: FloatArray) -> LineRaster:
    """Squares over the box of all pieces, in metres of the plane: of SIDE_M, or wider where that would be too many."""
    if not len(ax):
        return LineRaster(np.zeros(3), 0, 0, np.zeros(1, np.int64), np.zeros(0, np.int32))
    west, south = min(ax.min(), bx.min()), min(ay.min(), by.min())
    width, height = max(ax.max(), bx.max()) - west, max(ay.max(), by.max()) - south
    side = max(SIDE_M, math.sqrt(width * height / _MOST_SQUARES), max(width, height) / _MOST_SQUARES)
    columns, rows = int(width // side) + 1, int(height // side) + 1
    ends = np.stack([(ax - west) / side, (ay - south) / side, (bx - west) / side, (by - south) / side], axis=-1)
    piece, column, row = squares_met(ends, columns, rows)
    square = row * columns + column
    order = np.lexsort((piece, square))
    starts = np.searchsorted(square[order], np.arange(columns * rows + 1)).astype(np.int64)
    return LineRaster(np.array([west, south, side]), columns, rows, starts, piece[order].astype(np.int32))


_Passages = tuple[Sequence[frozenset[str]], Sequence[frozenset[str]]]


def line_arrays(
    items: Sequence[Segment], lines: LineTable, passages: _Passages, areas: AreaTable
) -> tuple[LineArrays, Int32Array]:
    """Segments for kernels, and the numbers (areas, 2) of the subdistrict and the community that each area lies in.

    `passages` are the codes of subdistricts and of communities that each segment passes through.
    """
    subdistrict_of, community_of = ({code: n for n, code in enumerate(sorted(set().union(*sets)))} for sets in passages)
    facts = SegmentFacts(
        np.array([item.kind is SegmentKind.STREET for item in items], np.bool_),
        *_runs(passages[0], subdistrict_of),
        *_runs(passages[1], community_of),
    )
    owner = np.repeat(np.arange(len(items), dtype=np.int32), np.diff(lines.offsets))
    pieces = PieceArrays(lines.ax, lines.ay, lines.bx, lines.by, owner, lines.before, lines.after)
    numbers = [
        [
            _number_above(areas, area, SUBDISTRICT_RANK, subdistrict_of),
            _number_above(areas, area, COMMUNITY_RANK, community_of),
        ]
        for area in range(len(areas))
    ]
    raster = _raster_of(lines.ax, lines.ay, lines.bx, lines.by)
    return LineArrays(raster, pieces, facts), np.array(numbers, np.int32).reshape(-1, 2)


def _runs(sets: Sequence[frozenset[str]], number_of: dict[str, int]) -> tuple[IntArray, Int32Array]:
    """Where the numbers of each set begin in one array, and that array."""
    starts = np.concatenate([[0], np.cumsum([len(codes) for codes in sets])]).astype(np.int64)
    return starts, np.array([number_of[code] for codes in sets for code in sorted(codes)], np.int32)


def _number_above(areas: AreaTable, area: int, rank: int, number_of: dict[str, int]) -> int:
    for above in areas.lineage[area]:
        if areas.rank[above] == rank:
            return number_of.get(areas.items[above].code, -1)
    return -1
