"""Which segments are near a place, how far, and on which side; straight in the projected CRS."""

from dataclasses import dataclass
from math import inf, isfinite, nextafter, sqrt

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.exact import orientation, turn
from gridsvc.index.geometry.lines import LineTable
from gridsvc.index.geometry.ranges import chunks, expand_ranges
from gridsvc.index.territory.spot import Spot

_PIECES_AT_ONCE = 1_000_000
_PIECES_ONE_BY_ONE = 500  # more of them are faster as arrays


@dataclass(frozen=True, slots=True, eq=False)
class NearSegments:
    """Pairs by point, then segment. `side` is +1 left and -1 right of the line's direction, 0 on the line.

    Beyond an end of the line its last piece is taken to go on straight.
    """

    point: IntArray
    segment: Int32Array
    distance_m: FloatArray
    side: Int8Array


def near_segments(edition: CompiledEdition, lon: FloatArray, lat: FloatArray, radius_m: float) -> NearSegments:
    """Every segment within the radius of each point (the rim included); lon/lat degrees in."""
    lines = edition.segments.lines
    x, y = edition.plane.project(lon, lat)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    x0, y0 = x[known], y[known]
    around = np.stack([x0 - radius_m, y0 - radius_m, x0 + radius_m, y0 + radius_m], axis=-1)
    rows, segment = lines.tree.pairs(around)
    point = known[rows]
    distance, side = np.empty(len(point)), np.empty(len(point), np.int8)
    counts = lines.offsets[segment + 1] - lines.offsets[segment]
    for chunk in chunks(counts, _PIECES_AT_ONCE):
        pieces = expand_ranges(lines.offsets[segment[chunk]], counts[chunk])
        owner = np.repeat(point[chunk], counts[chunk])
        distance[chunk], side[chunk] = _nearest_piece(lines, pieces, counts[chunk], x[owner], y[owner])
    near = np.flatnonzero(distance <= radius_m)
    near = near[np.lexsort((segment[near], point[near]))]
    return NearSegments(point[near], segment[near].astype(np.int32), distance[near], side[near])


def segments_near(spot: Spot, radius_m: float) -> list[tuple[int, float, int]]:
    """As `near_segments` for one place, the same doubles: (segment, metres, side) by segment."""
    lines, (x, y) = spot.edition.segments.lines, spot.position
    if not (isfinite(x) and isfinite(y)):
        return []
    found = lines.tree.in_box(x - radius_m, y - radius_m, x + radius_m, y + radius_m)
    starts, ends = lines.offsets[found], lines.offsets[found + 1]
    if (ends - starts).sum() > _PIECES_ONE_BY_ONE:
        near = near_segments(spot.edition, np.array([spot.lon]), np.array([spot.lat]), radius_m)
        return list(zip(near.segment.tolist(), near.distance_m.tolist(), near.side.tolist(), strict=True))
    rows = []
    for segment, start, end in zip(found.tolist(), starts.tolist(), ends.tolist(), strict=True):
        squared, piece, along = _nearest_of(lines, start, end, x, y)
        if (metres := sqrt(squared)) <= radius_m:
            rows.append((segment, metres, _side_of_one(lines, piece, along, x, y)))
    return rows


def _nearest_of(lines: LineTable, start: int, end: int, x: float, y: float) -> tuple[float, int, float]:
    """Squared metres to the nearest of a run of pieces, that piece, and where along it."""
    least, best, best_along, best_squared = inf, start, 0.0, inf
    columns = (values[start:end].tolist() for values in (lines.ax, lines.ay, lines.bx, lines.by))
    for piece, (ax, ay, bx, by) in enumerate(zip(*columns, strict=True), start):
        ux, uy = bx - ax, by - ay
        length = ux * ux + uy * uy
        along = ((x - ax) * ux + (y - ay) * uy) / (length if length > 0 else 1.0)
        clipped = min(max(along, 0.0), 1.0)
        across, up = ax + clipped * ux - x, ay + clipped * uy - y
        squared = across * across + up * up
        least = min(least, squared)
        if length <= 0:
            squared = nextafter(squared, inf)  # of pieces equally near, one with a length is preferred: it has sides
        if squared < best_squared:
            best, best_along, best_squared = piece, along, squared
    return least, best, best_along


def _side_of_one(lines: LineTable, piece: int, along: float, x: float, y: float) -> int:
    """As `_side` for one piece and place."""
    first = int(lines.before[piece]) if along <= 0 else piece
    second = piece if along <= 0 else int(lines.after[piece]) if along >= 1 else -1
    if first >= 0 and second >= 0:
        *vertex, end_x, end_y = _ends(lines, second)
        if vertex == [x, y]:
            return 0
        if bend := turn(*_ends(lines, first), end_x, end_y):
            return -bend
    return turn(*_ends(lines, piece), x, y)


def _ends(lines: LineTable, piece: int) -> tuple[float, float, float, float]:
    return float(lines.ax[piece]), float(lines.ay[piece]), float(lines.bx[piece]), float(lines.by[piece])


def _nearest_piece(
    lines: LineTable, pieces: IntArray, counts: IntArray, px: FloatArray, py: FloatArray
) -> tuple[FloatArray, Int8Array]:
    """Distance and side for each run of `counts` pieces; `px`, `py` stand beside each piece."""
    ax, ay = lines.ax[pieces], lines.ay[pieces]
    ux, uy = lines.bx[pieces] - ax, lines.by[pieces] - ay
    length = ux * ux + uy * uy
    along = ((px - ax) * ux + (py - ay) * uy) / np.where(length > 0, length, 1.0)
    clipped = np.clip(along, 0.0, 1.0)
    squared = (ax + clipped * ux - px) ** 2 + (ay + clipped * uy - py) ** 2
    starts = np.cumsum(counts) - counts
    least = np.minimum.reduceat(squared, starts)
    # of pieces equally near, one with a length is preferred: it has sides
    squared = np.where(length > 0, squared, np.nextafter(squared, np.inf))
    least_with_side = np.minimum.reduceat(squared, starts)
    hit = np.flatnonzero(squared == np.repeat(least_with_side, counts))
    best = hit[np.searchsorted(hit, starts)]
    return np.sqrt(least), _side(lines, pieces[best], along[best], px[best], py[best])


def _side(lines: LineTable, piece: IntArray, along: FloatArray, px: FloatArray, py: FloatArray) -> Int8Array:
    """Side by the sign of the turn at the nearest piece.

    When the nearest place is a vertex between two pieces, the point lies outside the bend, whichever piece is
    looked at: right of a left turn, left of a right turn. One piece alone would mislead at sharp bends.
    """
    side = orientation(lines.ax[piece], lines.ay[piece], lines.bx[piece], lines.by[piece], px, py)
    first = np.where(along <= 0, lines.before[piece], piece)
    second = np.where(along <= 0, piece, np.where(along >= 1, lines.after[piece], -1))
    bend = np.flatnonzero((first >= 0) & (second >= 0))
    if bend.size:
        u, v = first[bend], second[bend]
        turn = orientation(lines.ax[u], lines.ay[u], lines.bx[u], lines.by[u], lines.bx[v], lines.by[v])
        on_vertex = (px[bend] == lines.ax[v]) & (py[bend] == lines.ay[v])
        side[bend] = np.where(on_vertex, 0, np.where(turn != 0, -turn, side[bend]))
    return side
