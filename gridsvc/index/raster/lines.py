"""Squares of the plane with the pieces of centre lines that cross each: what is near a place is in those around it."""

import math
from collections.abc import Sequence

import numpy as np

from gridsvc.datum.arrays import Int32Array, IntArray, make_read_only
from gridsvc.index.columns.features import SegmentItems
from gridsvc.index.columns.words import Words, pack_words
from gridsvc.index.compiled import AreaTable
from gridsvc.index.geometry.lines import LineTable
from gridsvc.index.layout import LineRaster, SegmentFacts
from gridsvc.index.raster.squares import squares_met
from gridsvc.model.territory import COMMUNITY_RANK, SUBDISTRICT_RANK, SegmentKind

SIDE_M = 50.0
_MOST_SQUARES = 20_000_000


def square_pieces(lines: LineTable) -> LineRaster:
    """Squares over the box of all pieces, in metres of the plane: of SIDE_M, or wider where that would be too many.

    Pieces where the plane has no coordinates are near no place.
    """
    ends = lines.ax, lines.ay, lines.bx, lines.by
    known = np.flatnonzero(np.isfinite(ends).all(axis=0))
    ax, ay, bx, by = (values[known] for values in ends)
    if not len(known):
        return _read_only(LineRaster(np.array([0.0, 0.0, SIDE_M]), 0, 0, np.zeros(1, np.int64), np.zeros(0, np.int32)))
    west, south = min(ax.min(), bx.min()), min(ay.min(), by.min())
    width, height = max(ax.max(), bx.max()) - west, max(ay.max(), by.max()) - south
    side = max(SIDE_M, math.sqrt(width * height / _MOST_SQUARES), max(width, height) / _MOST_SQUARES)
    columns, rows = int(width // side) + 1, int(height // side) + 1
    places = np.stack([(ax - west) / side, (ay - south) / side, (bx - west) / side, (by - south) / side], axis=-1)
    piece, column, row = squares_met(places, columns, rows)
    square = row * columns + column
    order = np.lexsort((piece, square))
    starts = np.searchsorted(square[order], np.arange(columns * rows + 1)).astype(np.int64)
    frame = np.array([west, south, side])
    return _read_only(LineRaster(frame, columns, rows, starts, known[piece[order]].astype(np.int32)))


def _read_only(raster: LineRaster) -> LineRaster:
    make_read_only(raster.frame, raster.starts, raster.pieces)
    return raster


def segment_facts(
    items: SegmentItems, subdistricts: Sequence[frozenset[str]], communities: Sequence[frozenset[str]], areas: AreaTable
) -> tuple[SegmentFacts, Words, Words, Int32Array]:
    """What kernels know of segments, the codes that subdistricts and communities are numbered by, and the numbers
    (areas, 2) of those in which each area lies. Codes of what each segment passes through go in.
    """
    codes = [sorted(set().union(*sets)) for sets in (subdistricts, communities)]
    subdistrict_of, community_of = ({code: number for number, code in enumerate(each)} for each in codes)
    is_street = np.array([kind == SegmentKind.STREET for kind in items.kinds], np.bool_)
    facts = SegmentFacts(is_street, *_runs(subdistricts, subdistrict_of), *_runs(communities, community_of))
    numbers = [
        [
            _number_above(areas, area, SUBDISTRICT_RANK, subdistrict_of),
            _number_above(areas, area, COMMUNITY_RANK, community_of),
        ]
        for area in range(len(areas))
    ]
    numbers_of_areas = np.array(numbers, np.int32).reshape(-1, 2)
    make_read_only(*facts, numbers_of_areas)
    return facts, pack_words(codes[0]), pack_words(codes[1]), numbers_of_areas


def _runs(sets: Sequence[frozenset[str]], number_of: dict[str, int]) -> tuple[IntArray, Int32Array]:
    """Where the numbers of each set begin in one array, and that array."""
    starts = np.concatenate([[0], np.cumsum([len(codes) for codes in sets])]).astype(np.int64)
    return starts, np.array([number_of[code] for codes in sets for code in sorted(codes)], np.int32)


def _number_above(areas: AreaTable, area: int, rank: int, number_of: dict[str, int]) -> int:
    for above in reversed(areas.lineage[area]):  # of two of one rank the deeper one counts
        if areas.rank[above] == rank:
            return number_of.get(areas.items.keys.codes[above], -1)
    return -1
