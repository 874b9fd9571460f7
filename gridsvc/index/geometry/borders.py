"""Edges across which the number of covering cells changes.

Where two cells share an edge vertex for vertex, one runs along it as the other runs back: crossing it leaves one
cell and enters the other. Such pairs cancel. What is left over (the rim of the coverage, T-junctions, gaps,
overlaps) is loose, and between loose edges every place is covered by the same number of cells. So a circle
without a loose edge is covered evenly, whatever its size, and only loose edges need a closer look.
"""

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, IntArray
from gridsvc.index.geometry.box_tree import BoxTree, pack_boxes
from gridsvc.index.geometry.polygons import PolygonTable

_MIX = np.uint64(0x9E3779B97F4A7C15)


def find_loose_edges(table: PolygonTable, crooked: BoolArray) -> IntArray:
    """Edges that no opposite edge cancels.

    All edges of `crooked` polygons are loose: they cross themselves, so that left and right mean nothing.
    """
    a = table.all_edges()
    b = a + 1
    ring = np.searchsorted(table.ring_offsets, a, side="right") - 1
    polygon = np.searchsorted(table.edge_offsets, np.arange(len(a)), side="right") - 1
    # adding zero turns -0.0 into 0.0, whose bits differ
    ends = [table.x[a] + 0.0, table.y[a] + 0.0, table.x[b] + 0.0, table.y[b] + 0.0]
    backwards = (ends[0] > ends[2]) | ((ends[0] == ends[2]) & (ends[1] > ends[3]))
    low = [np.where(backwards, ends[k + 2], ends[k]) for k in (0, 1)]
    high = [np.where(backwards, ends[k], ends[k + 2]) for k in (0, 1)]
    direction = np.where(backwards, -1, 1) * table.turns[ring]
    point = (ends[0] == ends[2]) & (ends[1] == ends[3])
    balance = _sum_by_edge([*low, *high], np.where(point | crooked[polygon], 0, direction))
    loose: IntArray = a[((balance != 0) | crooked[polygon]) & ~point]
    return loose


def _sum_by_edge(columns: list[FloatArray], direction: IntArray) -> IntArray:
    """For each row, the sum of directions over the rows with the same four numbers.

    Sorted by a 64-bit hash, four times quicker than by four columns. Rows that share a hash by chance are
    never taken as cancelled.
    """
    if not len(direction):
        return direction
    mixed = np.zeros(len(direction), np.uint64)
    for column in columns:
        mixed = (mixed ^ column.view(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(mixed[order]) != 0]))
    sizes = np.diff(np.append(starts, len(order)))
    same = np.ones(len(order), np.bool_)
    for column in columns:
        same &= column[order] == np.repeat(column[order][starts], sizes)
    balance = np.where(np.logical_and.reduceat(same, starts), np.add.reduceat(direction[order], starts), 1)
    result = np.empty(len(order), np.int64)
    result[order] = np.repeat(balance, sizes)
    return result


def edge_tree(table: PolygonTable, edges: IntArray) -> BoxTree:
    """Tree over single edges, in lon/lat."""
    starts, ends = (np.stack([table.x[i], table.y[i]], axis=-1) for i in (edges, edges + 1))
    return pack_boxes(np.concatenate([np.minimum(starts, ends), np.maximum(starts, ends)], axis=1))
