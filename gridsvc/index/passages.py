"""Which areas a segment passes through: by the cells it runs in and, where no cell names an area, by polygons."""

import numpy as np
import shapely
from numpy.typing import NDArray

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.index.columns.features import SegmentItems
from gridsvc.index.compiled import AreaTable, CellTable
from gridsvc.index.geometry.outlines import outlines_of
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.model.territory import COMMUNITY_RANK, SUBDISTRICT_RANK

LEAST_DEG = 1e-8
"""Some millimetre: shorter passages are rounding, where a line only touches a border."""

_SEGMENTS_AT_ONCE = 10_000
Passages = tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]


def find_passages(items: SegmentItems, cells: CellTable, areas: AreaTable) -> Passages:
    """(subdistrict codes, community codes) of each segment; its own attribute alone names the subdistrict."""
    found: list[set[int]] = [set() for _ in range(len(items))]
    for start in range(0, len(items), _SEGMENTS_AT_ONCE):
        lines = items.shapes.take(np.arange(start, min(start + _SEGMENTS_AT_ONCE, len(items))))
        owner, area, rest = _through_cells(lines, cells)
        more_owner, more_area = _through_areas(rest, areas)
        for segment, index in zip([*owner, *more_owner], [*area, *more_area], strict=True):
            found[start + int(segment)].update(areas.lineage[int(index)])
    subdistricts = tuple(
        frozenset({own} if own else _codes(areas, indices, SUBDISTRICT_RANK))
        for own, indices in zip(items.subdistricts, found, strict=True)
    )
    return subdistricts, tuple(frozenset(_codes(areas, indices, COMMUNITY_RANK)) for indices in found)


def _sound(table: PolygonTable, rows: IntArray) -> NDArray[np.object_]:
    """Outlines that can be cut, of these rows: crooked ones count even-odd, as in every test of a point."""
    met, where = np.unique(rows, return_inverse=True)
    return outlines_of(table, met)[where]


def _codes(areas: AreaTable, indices: set[int], rank: int) -> set[str]:
    return {areas.items.keys.codes[index] for index in indices if areas.rank[index] == rank}


def _through_cells(lines: NDArray[np.object_], cells: CellTable) -> tuple[IntArray, IntArray, NDArray[np.object_]]:
    """Pairs (segment, area) by cells that name an area, and what is left of each line outside such cells."""
    rest = lines.copy()
    owner, cell = cells.polygons.tree.pairs(shapely.bounds(lines))
    named = cells.area[cell] >= 0
    owner, cell = owner[named], cell[named]
    whole = _wholly_covered(lines, cells)
    # a wholly covered line needs one cell of each area; of others all cells are wanted, to take them away
    pair = np.where(
        whole[owner], owner * (int(cells.area.max(initial=0)) + 1) + cells.area[cell], -1 - np.arange(len(owner))
    )
    outlines = _sound(cells.polygons, cell)
    inside = _first_passages(lines[owner], outlines, pair)
    owner, cell, outlines = owner[inside], cell[inside], outlines[inside]
    if not owner.size:
        return owner, owner, rest
    order = np.argsort(owner, kind="stable")
    starts = np.unique(owner[order], return_index=True)
    ends = np.append(starts[1][1:], len(order))
    for segment, begin, end in zip(*starts, ends, strict=True):
        if whole[segment]:
            rest[segment] = shapely.LineString()
        else:
            covers = shapely.union_all(outlines[order[begin:end]])
            rest[segment] = shapely.difference(lines[segment], covers)
    return owner, cells.area[cell].astype(np.int64), rest


def _first_passages(lines: NDArray[np.object_], outlines: NDArray[np.object_], pair: IntArray) -> IntArray:
    """Rows in which the line passes through the outline, one at most for each value of `pair`.

    Intersections are what compiling takes longest for; a line mostly lies in several cells of one community.
    """
    found, left = [np.zeros(0, np.int64)], np.arange(len(pair))
    while left.size:
        first = np.unique(pair[left], return_index=True)[1]
        tried = left[first]
        hit = tried[shapely.length(shapely.intersection(lines[tried], outlines[tried])) > LEAST_DEG]
        found.append(hit)
        left = np.delete(left, first)
        left = left[~np.isin(pair[left], pair[hit])]
    return np.sort(np.concatenate(found))


def _wholly_covered(lines: NDArray[np.object_], cells: CellTable) -> NDArray[np.bool_]:
    """Lines that meet no loose edge, where every cell names its area: all of them is in cells, or nothing is."""
    if (cells.area < 0).any():
        return np.zeros(len(lines), np.bool_)
    free = np.ones(len(lines), np.bool_)
    free[cells.loose_tree.pairs(shapely.bounds(lines))[0]] = False
    return free


def _through_areas(rest: NDArray[np.object_], areas: AreaTable) -> tuple[IntArray, IntArray]:
    """Pairs (segment, area) for every area polygon in which something of the rest lies."""
    left = np.flatnonzero(shapely.length(rest) > LEAST_DEG)
    if not left.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows, polygon = areas.polygons.tree.pairs(shapely.bounds(rest[left]))
    area, outlines = areas.with_polygon[polygon], _sound(areas.polygons, polygon)
    lengths: FloatArray = shapely.length(shapely.intersection(rest[left[rows]], outlines))
    inside = lengths > LEAST_DEG
    return left[rows[inside]], area[inside]
