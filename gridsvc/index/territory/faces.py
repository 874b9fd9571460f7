"""Places around a point that not exactly one cell covers: gaps, overlaps, and what lies beyond the coverage.

Loose edges (`gridsvc.index.geometry.borders`) cut the circle into faces; all of a face is covered by the same number
of cells, counted at a place inside it by exact arithmetic (which cells they are may change within it: two neighbours
under a third share an edge that is not loose). Where no loose edge is near, the circle is one face, whatever its size.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.index.geometry.local_plane import local_metres, united
from gridsvc.index.territory.cells import covering
from gridsvc.index.territory.spot import Spot

_QUADRANT_SEGMENTS = 64  # keeps the polygon within 0.01 % of the circle
MARGIN = 1.01
"""A box must not miss a cell because the plane is affine only to first order."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A place in metres around the point; `depth` cells cover each part of it."""

    outline: BaseGeometry
    depth: int


def find_uneven_faces(spot: Spot, radius_m: float) -> list[Face]:
    """Faces within the radius that no cell covers, or more than one; a circle without a radius has none."""
    cells = spot.edition.cells
    near = cells.loose_tree.in_box(*spot.reach(radius_m * MARGIN))
    if radius_m <= 0 or (not len(near) and [on_boundary for _, on_boundary in spot.covering] == [False]):
        return []
    disc = Point(0.0, 0.0).buffer(radius_m, quad_segs=_QUADRANT_SEGMENTS)
    a = cells.loose[near]
    ends = np.stack([_local(spot, a), _local(spot, a + 1)], axis=1)
    lines = np.asarray(shapely.linestrings(ends) if len(a) else [], object)
    lines = lines[shapely.intersects(lines, disc)]
    faces = [Face(piece, _depth_at(spot, piece)) for piece in _cut(disc, lines)]
    return [face for face in faces if face.depth != 1]


def _cut(disc: Polygon, lines: NDArray[np.object_]) -> list[Polygon]:
    """Pieces into which lines cut the disc."""
    if not len(lines):
        return [disc]
    noded = shapely.get_parts(united([*lines, disc.exterior]))
    pieces: list[Polygon] = list(shapely.get_parts(shapely.polygonize(noded)))
    return [piece for piece in pieces if disc.contains(piece.representative_point())]


def _local(spot: Spot, vertex: IntArray) -> FloatArray:
    table = spot.edition.cells.polygons
    return local_metres(spot.frame, np.stack([table.x[vertex], table.y[vertex]], axis=-1))


def _depth_at(spot: Spot, piece: Polygon) -> int:
    """How many cells lie over a face, asked at a place inside it where no boundary runs, if one is found."""
    inverse = np.linalg.inv(spot.frame.matrix[0])
    inside = piece.representative_point()
    reach = inside.distance(piece.exterior)
    for step in range(8):
        # steps of the golden angle meet no regular border twice
        angle, far = 2.4 * step, reach * step / 16
        lon, lat = inverse @ np.array([inside.x + far * np.cos(angle), inside.y + far * np.sin(angle)])
        hits = covering(spot.edition, float(spot.lon + lon), float(spot.lat + lat))
        if not any(on_boundary for _, on_boundary in hits):
            break
    return sum(not on_boundary for _, on_boundary in hits)
