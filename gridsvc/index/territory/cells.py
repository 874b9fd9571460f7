"""Which cell a place belongs to. A cell covers its boundary; among equals the lowest (scheme, code) wins.

Two cells count as equally near when their distances differ by a micrometre at most. Distances carry rounding
noise of some nanometres that depends on the order of vertices and on the neighbours; comparing them bare would let
a new import of the same borders change the winner, and so would rounding them, where a distance happens to
lie on the edge of two roundings. Nobody can point at a micrometre on the ground.
"""

from dataclasses import dataclass
from math import asin, cos, degrees, inf, radians, sin
from typing import NamedTuple

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.datum.plane import (
    EARTH_RADIUS_M,
    PLANE_LIMIT_M,
    Affine,
    Frame,
    frame_of_point,
    geodesic_m,
    sphere_matrix,
)
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import engine, eyes
from gridsvc.index.geometry.distances import boundary_distance_m
from gridsvc.index.geometry.exact import locate_one, locate_pairs
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.layout import Outlines, Place
from gridsvc.model.resolution import Match

NO_MATCH, INSIDE, BOUNDARY, OVERLAP, GAP = range(5)
MATCHES: dict[int, Match] = {
    INSIDE: Match.INSIDE,
    BOUNDARY: Match.BOUNDARY,
    OVERLAP: Match.OVERLAP,
    GAP: Match.GAP,
}
"""What the codes in `CellMatches.match` mean; NO_MATCH has no cell, and an area may still cover the place."""

EQUAL_M = 1e-6
"""Distances this close are equal."""

_POINTS_AT_ONCE = 200_000
_CLOSE_BY_M, _FEW_CELLS = 400.0, 1_000
_MARGIN = 1.01  # a box must not miss a cell because the plane is affine only to first order


@dataclass(frozen=True, slots=True, eq=False)
class CellMatches:
    """Per point: cell index (-1 none), one of the codes above, metres to the cell (0 where covered, else NaN)."""

    cell: Int32Array
    match: Int8Array
    distance_m: FloatArray


def covering(edition: CompiledEdition, lon: float, lat: float) -> list[tuple[int, bool]]:
    """(cell index, whether the place lies on that cell's boundary) for every cell that covers it, ascending."""
    if (cell := int(_look_up(edition, np.array([lon]), np.array([lat]))[0])) >= 0:
        return [(cell, False)]
    table = edition.cells.polygons
    found = table.in_box(lon, lat, lon, lat).tolist()
    places = ((cell, locate_one(table, cell, lon, lat)) for cell in found)
    return [(cell, place == 0) for cell, place in places if place >= 0]


def match_cells(edition: CompiledEdition, lon: FloatArray, lat: FloatArray, tolerance_m: float) -> CellMatches:
    """The cell of each point; finite degrees in, in any order. Few places need more than to be looked up."""
    cell = _look_up(edition, lon, lat)
    found = CellMatches(cell, np.full(len(lon), INSIDE, np.int8), np.zeros(len(lon)))
    rest = np.flatnonzero(cell < 0)
    for start in range(0, len(rest), _POINTS_AT_ONCE):
        rows = rest[start : start + _POINTS_AT_ONCE]
        part = _match(edition, lon[rows], lat[rows], tolerance_m)
        found.cell[rows], found.match[rows], found.distance_m[rows] = part.cell, part.match, part.distance_m
    return found


def _look_up(edition: CompiledEdition, lon: FloatArray, lat: FloatArray) -> Int32Array:
    """The one cell in whose interior a place lies; below 0 where that is not so plain."""
    return engine().walk_raster(edition.cells.raster, lon, lat)


def _match(edition: CompiledEdition, lon: FloatArray, lat: FloatArray, tolerance_m: float) -> CellMatches:
    table = edition.cells.polygons
    point, cell = table.at_points(lon, lat)
    place = locate_pairs(table, cell, lon[point], lat[point])
    covers = place >= 0
    point, cell, place = point[covers], cell[covers], place[covers]
    hits = np.bincount(point, minlength=len(lon))
    interior = np.bincount(point[place > 0], minlength=len(lon))
    match = np.select([hits == 0, hits == 1, interior == 0], [NO_MATCH, INSIDE, BOUNDARY], OVERLAP).astype(np.int8)
    winner = np.full(len(lon), -1, np.int32)
    owners, first = np.unique(point, return_index=True)
    winner[owners] = cell[first]
    distance = np.where(hits > 0, 0.0, np.nan)
    missed = np.flatnonzero(hits == 0)
    if missed.size and tolerance_m > 0:
        nearest, metres = _nearest_within(edition, lon[missed], lat[missed], tolerance_m)
        near = nearest >= 0
        winner[missed[near]], match[missed[near]], distance[missed[near]] = nearest[near], GAP, metres[near]
    return CellMatches(winner, match, distance)


def _nearest_within(
    edition: CompiledEdition, lon: FloatArray, lat: FloatArray, tolerance_m: float
) -> tuple[Int32Array, FloatArray]:
    """Nearest cell within the tolerance of uncovered points, -1 and NaN where none is."""
    winner, distance = np.full(len(lon), -1, np.int32), np.full(len(lon), np.nan)
    table = edition.cells.polygons
    frame = edition.plane.frame_at(lon, lat)
    width, height = frame.reach_deg(tolerance_m * _MARGIN)
    point, cell = table.tree.pairs(np.stack([lon - width, lat - height, lon + width, lat + height], axis=-1))
    metres = boundary_distance_m(edition.plane, table, frame, point, cell)
    least = np.full(len(lon), np.inf)
    np.minimum.at(least, point, metres)
    wins = (metres <= tolerance_m) & (metres <= least[point] + EQUAL_M)
    point, cell, metres = point[wins], cell[wins], metres[wins]
    order = np.lexsort((cell, point))
    owners, first = np.unique(point[order], return_index=True)
    winner[owners], distance[owners] = cell[order][first], metres[order][first]
    return winner, distance


def nearest_cell(edition: CompiledEdition, lon: float, lat: float) -> tuple[int, float] | None:
    """Index and metres of the nearest cell at any distance (0.0 where covered); None where there is no cell."""
    table = edition.cells.polygons
    if not len(table):
        return None
    covered = covering(edition, lon, lat)
    if covered:
        return covered[0][0], 0.0
    here = here_at(edition, lon, lat)
    if (found := _nearest_close_by(edition, here)) is not None:
        return found
    near, lower = _boxes_within(table, lon, lat, 0.0)
    reach = _cell_distance_m(edition, here, near[[np.argmin(lower)]])[0] * _MARGIN + 1.0
    near, lower = _boxes_within(table, lon, lat, reach)
    near = near[lower <= reach]
    return _nearest_of(near, _cell_distance_m(edition, here, near))


def _nearest_of(cells: IntArray, metres: FloatArray) -> tuple[int, float]:
    winner = int(np.flatnonzero(metres <= metres.min() + EQUAL_M)[0])
    return int(cells[winner]), float(metres[winner])


def _nearest_close_by(edition: CompiledEdition, here: "Here") -> tuple[int, float] | None:
    """The nearest cell, if it is among those within some hundred metres and these are not too many: then only few of
    them, by the affine plane of the place, can be it.
    """
    table, (lon, lat, *_) = edition.cells.polygons, here.place
    cells = table.in_box(*_box_of_circle(lon, lat, _CLOSE_BY_M))
    if here.affine is None or not 0 < len(cells) <= _FEW_CELLS:
        return None
    metres = np.sqrt(eyes().nearest_edges(_outlines(table), cells, here.place, here.affine)[0])
    most = metres.min() * _MARGIN**2 + 1.0
    if most > _CLOSE_BY_M:
        return None
    cells = cells[metres <= most]
    return _nearest_of(cells, np.array(boundary_metres(edition, here, cells)))


class Here(NamedTuple):
    """A place in degrees and in metres of the plane, with the matrix of its frame; None: it has none there."""

    place: Place
    affine: Affine | None


def here_at(edition: CompiledEdition, lon: float, lat: float) -> Here:
    """A place in an edition's plane."""
    x, y, affine = edition.plane.affine_at_point(lon, lat)
    return Here((lon, lat, x, y), affine)


def boundary_metres(edition: CompiledEdition, here: Here, cells: IntArray) -> list[float]:
    """As `boundary_distance_m` for one place, the same doubles."""
    (lon, lat, x, y), affine = here
    table, plane = edition.cells.polygons, edition.plane
    if affine is None:
        frame = frame_of_point(lon, lat, None)
        return list(map(float, boundary_distance_m(plane, table, frame, np.zeros(len(cells), np.int64), cells)))
    _, vertices, along = eyes().nearest_edges(_outlines(table), cells, here.place, affine)
    metres = []
    for v, part in zip(vertices.tolist(), along.tolist(), strict=True):
        (x0, x1), (y0, y1) = table.x[v : v + 2].tolist(), table.y[v : v + 2].tolist()
        near_lon, near_lat = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
        near_x, near_y = plane.project_point(near_lon, near_lat)
        far = float(np.hypot(near_x - x, near_y - y))
        metres.append(far if far <= PLANE_LIMIT_M else _geodesic_m(lon, lat, near_lon, near_lat))
    return metres


def _outlines(table: PolygonTable) -> Outlines:
    return table.x, table.y, table.ring_offsets, table.polygon_offsets


def _geodesic_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    return float(geodesic_m(*(np.array([value]) for value in (lon1, lat1, lon2, lat2)))[0])


def _boxes_within(table: PolygonTable, lon: float, lat: float, least_m: float) -> tuple[IntArray, FloatArray]:
    """All polygons whose box is within some metres, `least_m` or more, ascending, and some that are farther away, with
    the metres to each; the nearest is among them.
    """
    metres = max(least_m, _CLOSE_BY_M)
    while True:
        rows = table.in_box(*_box_of_circle(lon, lat, metres))
        lower = _box_distance_m(table.boxes[rows], lon, lat)
        if len(rows) == len(table) or (lower <= metres).any():
            return rows, lower
        metres *= 4


def _box_of_circle(lon: float, lat: float, metres: float) -> tuple[float, float, float, float]:
    """Degrees around a circle on the sphere, with something to spare; everything where it meets a pole or the
    antimeridian.
    """
    angle = metres * _MARGIN / EARTH_RADIUS_M
    height = degrees(angle)
    if abs(lat) + height >= 89.0:
        return -inf, -inf, inf, inf
    width = degrees(asin(min(1.0, sin(angle) / cos(radians(lat)))))
    if abs(lon) + width >= 180.0:
        return -inf, -inf, inf, inf
    return lon - width, lat - height, lon + width, lat + height


def _cell_distance_m(edition: CompiledEdition, here: Here, cells: IntArray) -> FloatArray:
    """Metres to cells; beyond the plane's reach the nearest place is sought in degrees at the middle latitude."""
    table, (lon, lat, *_) = edition.cells.polygons, here.place
    west, south, east, north = table.boxes[cells[0]].tolist()
    near_lon, near_lat = min(max(lon, west), east), min(max(lat, south), north)
    if _geodesic_m(lon, lat, near_lon, near_lat) > PLANE_LIMIT_M:
        frame = Frame(np.array([lon]), np.array([lat]), sphere_matrix(np.array([(lat + near_lat) / 2])))
        return boundary_distance_m(edition.plane, table, frame, np.zeros(len(cells), np.int64), cells)
    return np.array(boundary_metres(edition, here, cells))


def _box_distance_m(boxes: FloatArray, lon: float, lat: float) -> FloatArray:
    """Metres on a sphere to the nearest place of each box, sought in degrees: good for a first choice."""
    near_lat = np.radians(np.clip(lat, boxes[:, 1], boxes[:, 3]))
    across = np.radians(np.clip(lon, boxes[:, 0], boxes[:, 2]) - lon)
    up = near_lat - np.radians(lat)
    half_chord = np.sin(up / 2) ** 2 + np.cos(np.radians(lat)) * np.cos(near_lat) * np.sin(across / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half_chord)), np.float64)
