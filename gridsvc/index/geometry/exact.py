"""Point in polygon without rounding: the answer for the given doubles, as if they were rational numbers."""

from fractions import Fraction
from math import isfinite

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, Int8Array, IntArray
from gridsvc.index.engine import engine
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.geometry.ranges import chunks, expand_ranges
from gridsvc.index.layout import ORIENTATION_BOUND, ORIENTATION_FLOOR, UNSURE, RingArrays

_EDGES_AT_ONCE = 2_000_000
_MEETINGS_AT_ONCE = 2_000_000


def orientation(
    ax: FloatArray, ay: FloatArray, bx: FloatArray, by: FloatArray, cx: FloatArray, cy: FloatArray
) -> Int8Array:
    """+1 where a, b, c turn left, -1 right, 0 on one line; exact for all finite doubles."""
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        a, b, c, d = ax - cx, by - cy, ay - cy, bx - cx
        left, right = a * b, c * d
        determinant = left - right
        certain = np.abs(determinant) > ORIENTATION_BOUND * (np.abs(left) + np.abs(right)) + ORIENTATION_FLOOR
    certain &= np.isfinite(determinant)
    signs: Int8Array = np.sign(np.where(certain, determinant, 0)).astype(np.int8)
    for i in np.flatnonzero(~certain):
        signs[i] = _sign_of_difference(ax[i], ay[i], bx[i], by[i], cx[i], cy[i])
    return signs


def _sign_of_difference(*six: float) -> int:
    """As `orientation` for doubles near one line, by rational numbers unless the signs of the products tell it."""
    ax, ay, bx, by, cx, cy = (float(value) for value in six)
    # a difference has the right sign whatever its size, so products of unlike signs need no size
    left = _sign(ax - cx) * _sign(by - cy)
    right = _sign(ay - cy) * _sign(bx - cx)
    if left != right or left == 0:
        return _sign(left - right)
    a, b, c, d, e, f = (Fraction(float(value)) for value in six)
    return _sign((a - e) * (d - f) - (b - f) * (c - e))


def _sign(value: float | Fraction) -> int:
    return (value > 0) - (value < 0)


def turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """`orientation` of three places."""
    left, right = (ax - cx) * (by - cy), (ay - cy) * (bx - cx)
    determinant = left - right
    if abs(determinant) > ORIENTATION_BOUND * (abs(left) + abs(right)) + ORIENTATION_FLOOR and isfinite(determinant):
        return _sign(determinant)
    return _sign_of_difference(ax, ay, bx, by, cx, cy)


def _crossings(
    ax: FloatArray, ay: FloatArray, bx: FloatArray, by: FloatArray, px: FloatArray, py: FloatArray
) -> tuple[BoolArray, BoolArray]:
    """Which edges a ray to the east crosses (half-open in y, so that a vertex counts once), and which hold p."""
    a_above, b_above = ay > py, by > py
    straddles = a_above != b_above
    held = (ax == px) & (ay == py)
    held |= (ay == py) & (by == py) & (np.minimum(ax, bx) <= px) & (px <= np.maximum(ax, bx))
    crosses = straddles & (px < np.minimum(ax, bx))
    doubtful = np.flatnonzero(straddles & ~crosses & (px <= np.maximum(ax, bx)))
    if doubtful.size:
        i = doubtful
        turn = orientation(ax[i], ay[i], bx[i], by[i], px[i], py[i])
        held[i[turn == 0]] = True
        crosses[i] = np.where(b_above[i], turn > 0, turn < 0)
    return crosses, held


def locate_one(table: PolygonTable, polygon: int, px: float, py: float) -> int:
    """1 inside, 0 on the boundary, -1 outside: even-odd over all rings of one polygon."""
    a = table.edges_of(np.array([polygon]))
    low, high = table.y[a], table.y[a + 1]
    a = a[(np.minimum(low, high) <= py) & (py <= np.maximum(low, high))]
    side, x, y = -1, float(px), float(py)
    ax, ay, bx, by = (values.tolist() for values in (table.x[a], table.y[a], table.x[a + 1], table.y[a + 1]))
    for edge in range(len(ax)):
        found = _meet(ax[edge], ay[edge], bx[edge], by[edge], x, y)
        if found == 0:
            return 0
        side *= found
    return side


def _meet(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """As `_crossings` for one edge level with p: -1 where the ray crosses it, 0 where it holds p, else 1."""
    if (ax == px and ay == py) or (ay == by and min(ax, bx) <= px <= max(ax, bx)):
        return 0
    if (ay > py) == (by > py) or px > max(ax, bx):
        return 1
    if px < min(ax, bx):
        return -1
    side = turn(ax, ay, bx, by, px, py)
    return -side if by > py else side


def locate_pairs(table: PolygonTable, polygon_index: IntArray, px: FloatArray, py: FloatArray) -> Int8Array:
    """As `locate_one` for many pairs of polygon and point (arrays of one length)."""
    polygon, px, py = np.asarray(polygon_index, np.int64), np.asarray(px, np.float64), np.asarray(py, np.float64)
    rings = RingArrays(table.x, table.y, table.ring_offsets, table.polygon_offsets)
    found = engine().locate(rings, polygon, px, py)
    if len(rest := np.flatnonzero(found == UNSURE)):
        found[rest] = _locate_slowly(table, polygon[rest], px[rest], py[rest])
    return found


def _locate_slowly(table: PolygonTable, polygons: IntArray, px: FloatArray, py: FloatArray) -> Int8Array:
    """By arrays and, where rounding may decide, rational numbers, in bounded memory.

    Pairs are sorted by polygon and y, so that each edge finds the points level with it by bisection: the work
    grows with the edges of the polygons asked about plus the edges level with each point.
    """
    result = np.full(len(polygons), -1, np.int8)
    order = np.argsort(polygons, kind="stable")
    asked, first = np.unique(polygons[order], return_index=True)
    last = np.append(first[1:], len(order))
    edges_before = np.concatenate([[0], np.cumsum(table.count_edges(asked))])
    begin = 0
    while begin < len(asked):
        end = int(np.searchsorted(edges_before, edges_before[begin] + _EDGES_AT_ONCE, side="right")) - 1
        end = max(end, begin + 1)
        rows = order[first[begin] : last[end - 1]]
        result[rows] = _locate_group(table, asked[begin:end], polygons[rows], px[rows], py[rows])
        begin = end
    return result


def _locate_group(
    table: PolygonTable, asked: IntArray, polygons: IntArray, px: FloatArray, py: FloatArray
) -> Int8Array:
    """Pairs of the polygons `asked` (sorted, each with a pair at least)."""
    levels = np.unique(py)
    stride = len(levels) + 1
    slot = np.searchsorted(asked, polygons)
    rank = slot * stride + np.searchsorted(levels, py)
    order = np.argsort(rank, kind="stable")
    rank, px, py = rank[order], px[order], py[order]

    counts, a = table.count_edges(asked), table.edges_of(asked)
    base = np.repeat(np.arange(len(asked)) * stride, counts)
    low, high = np.minimum(table.y[a], table.y[a + 1]), np.maximum(table.y[a], table.y[a + 1])
    start = np.searchsorted(rank, base + np.searchsorted(levels, low, side="left"))
    stop = np.searchsorted(rank, base + np.searchsorted(levels, high, side="right"))
    met = np.flatnonzero(stop > start)
    a, start, meetings = a[met], start[met], (stop - start)[met]

    odd = np.zeros(len(px), np.int64)
    on_edge = np.zeros(len(px), np.bool_)
    for chunk in chunks(meetings, _MEETINGS_AT_ONCE):
        point = expand_ranges(start[chunk], meetings[chunk])
        edge = np.repeat(a[chunk], meetings[chunk])
        crosses, held = _crossings(
            table.x[edge], table.y[edge], table.x[edge + 1], table.y[edge + 1], px[point], py[point]
        )
        odd += np.bincount(point[crosses], minlength=len(px))
        on_edge[point[held]] = True
    result = np.empty(len(px), np.int8)
    result[order] = np.where(on_edge, 0, np.where(odd % 2 == 1, 1, -1))
    return result
