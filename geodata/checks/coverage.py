"""The edges of a layer of polygons, those that no neighbour shares, and the places that they enclose.

An edge that two polygons share in opposite directions is crossed from one into the other: the number of polygons
over a place does not change there. All other edges cut the plane into faces, each covered by one number of polygons
(which ones may change inside): 0 is a hole, 2 or more an overlap. In a sound layer only its rim is left to look at.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.checks.local_plane import LocalPlane
from geodata.checks.measure import NOISE_M, thickness

MOVES = 5
"""Times that a point is moved off a boundary; twice is enough unless polygons lie on each other."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rim:
    """Directed edges of polygons (interior on the left) without a counterpart: `owner` is the polygon's index.

    `start` and `end` are vertex numbers into `vertices` (x, y in the local plane); `incidence` says which polygon has
    which vertex, as polygon × number of vertices + vertex.
    """

    vertices: Floats
    start: Ints
    end: Ints
    owner: Ints
    incidence: Ints

    def lines(self) -> NDArray[np.object_]:
        """The edges as line strings."""
        ends = np.stack([self.vertices[self.start], self.vertices[self.end]], axis=1)
        return np.atleast_1d(np.asarray(shapely.linestrings(ends), dtype=object))

    def has_vertex(self, owner: Ints, vertex: Ints) -> NDArray[np.bool_]:
        """Whether the polygon has the vertex, on its rim or elsewhere."""
        return np.isin(owner * len(self.vertices) + vertex, self.incidence)


@dataclass(frozen=True)
class Coverage:
    """Polygons of one layer that should not overlap, in the local plane; index = position in the input."""

    plane: LocalPlane
    polygons: NDArray[np.object_]
    tree: shapely.STRtree
    rim: Rim

    @classmethod
    def of(cls, plane: LocalPlane, polygons: NDArray[np.object_]) -> Self:
        """Take in lon/lat polygons; missing and empty ones are looked over."""
        scaled = plane.scale(polygons)
        return cls(plane, scaled, shapely.STRtree(scaled), _rim(scaled))

    def faces(self) -> tuple[NDArray[np.object_], Ints]:
        """(bounded faces, number of polygons over each), but for faces as thin as the rounding of doubles."""
        if len(self.rim.start) == 0:
            return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
        noded = shapely.union_all(self.rim.lines())
        faces = shapely.get_parts(shapely.polygonize([noded]))
        faces = faces[thickness(shapely.area(faces), shapely.length(faces)) > NOISE_M / 4]
        return faces, self._depth(faces)

    def overlaps(self, faces: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
        """(parts, pairs of polygons) that two polygons share, looked for among the polygons over the given faces."""
        involved = np.unique(self.tree.query(faces, predicate="intersects")[1])
        polygons = self.polygons[involved]
        one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
        one, other = one[one < other], other[one < other]
        parts, of_pair = shapely.get_parts(shapely.intersection(polygons[one], polygons[other]), return_index=True)
        thick = thickness(shapely.area(parts), shapely.length(parts)) > NOISE_M / 4
        pairs = np.stack([involved[one], involved[other]], axis=1)
        return parts[thick], pairs[of_pair[thick]]

    def _depth(self, faces: NDArray[np.object_]) -> Ints:
        """How many polygons lie over each face, asked at a point inside that lies on no polygon's boundary.

        Shared edges run through a face; a point on one of them is moved into a polygon that it touches.
        """
        inside = shapely.point_on_surface(faces)
        for _ in range(MOVES):
            face, polygon = self.tree.query(inside, predicate="touches")
            if len(face) == 0:
                break
            face, first = np.unique(face, return_index=True)
            inside[face] = shapely.point_on_surface(shapely.intersection(faces[face], self.polygons[polygon[first]]))
        return np.bincount(self.tree.query(inside, predicate="intersects")[0], minlength=len(faces))


def _rim(polygons: NDArray[np.object_]) -> Rim:
    parts, polygon_of_part = shapely.get_parts(shapely.orient_polygons(polygons), return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    owner = polygon_of_part[part_of_ring[ring]]
    spots, vertex = np.unique(xy[:, 0] + 1j * xy[:, 1] + 0, return_inverse=True)
    start, end = vertex[:-1], vertex[1:]
    edge = (ring[1:] == ring[:-1]) & (start != end)
    start, end, owner_of_edge = start[edge], end[edge], owner[:-1][edge]
    number = np.minimum(start, end) * len(spots) + np.maximum(start, end)
    _, same = np.unique(number, return_inverse=True)
    net = np.bincount(same, np.where(start < end, 1, -1))
    odd = net[same] != 0
    return Rim(
        np.stack([spots.real, spots.imag], axis=1),
        start[odd],
        end[odd],
        owner_of_edge[odd],
        owner * len(spots) + vertex,
    )
