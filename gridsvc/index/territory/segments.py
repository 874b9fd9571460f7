"""Which segments are near a place, how far, and on which side; straight in the projected CRS."""

from dataclasses import dataclass

import numpy as np
import shapely

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.exact import chunks, expand_ranges, orientation
from gridsvc.index.geometry.lines import LineTable

_PIECES_AT_ONCE = 1_000_000


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
    rows, segment = lines.tree.query(shapely.box(x0 - radius_m, y0 - radius_m, x0 + radius_m, y0 + radius_m))
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
