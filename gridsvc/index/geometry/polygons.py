"""Polygons as flat arrays: the given doubles, untouched, with the offsets that say which vertex is whose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import STRtree

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.errors import InvalidInput
from gridsvc.model.territory import Polygonal


@dataclass(frozen=True, slots=True, eq=False)
class PolygonTable:
    """Closed rings in lon/lat. Ring r has vertices ring_offsets[r]:ring_offsets[r + 1], polygon p has rings
    polygon_offsets[p]:polygon_offsets[p + 1] over all its parts and holes.

    Edge e goes from vertex edges[e] to the one after it; polygon p has edges edge_offsets[p]:edge_offsets[p + 1].
    `turns` is +1 for a ring that has its polygon on the left as stored, else -1. `boxes` are west, south, east,
    north; `tree` finds polygons by box.
    """

    x: FloatArray
    y: FloatArray
    ring_offsets: IntArray
    polygon_offsets: IntArray
    edges: IntArray
    edge_offsets: IntArray
    turns: Int8Array
    boxes: FloatArray
    tree: STRtree

    def __len__(self) -> int:
        return len(self.polygon_offsets) - 1

    def in_box(self, west: float, south: float, east: float, north: float) -> IntArray:
        """Polygons whose box meets the given one, ascending."""
        return rows_in_box(self.tree, west, south, east, north)

    def at_points(self, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, IntArray]:
        """Pairs (point, polygon) where the point lies in the polygon's box, by point, then polygon."""
        pairs = self.tree.query(shapely.points(lon, lat))
        order = np.lexsort((pairs[1], pairs[0]))
        return pairs[0][order], pairs[1][order]


def compile_polygons(geometries: Sequence[Polygonal]) -> PolygonTable:
    """Flatten polygons in their order; refuses (InvalidInput) an empty one, which can be no place."""
    shapes = np.empty(len(geometries), object)
    shapes[:] = list(geometries)
    if shapely.is_empty(shapes).any():
        raise InvalidInput("a polygon without any vertex cannot be compiled: remove the feature or draw its outline")
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates = shapely.get_coordinates(rings)
    ring_offsets = _offsets(shapely.get_num_coordinates(rings))
    ring_polygon = part_owner[ring_part]
    polygon_offsets = np.searchsorted(ring_polygon, np.arange(len(shapes) + 1)).astype(np.int64)
    ring_is_shell = np.concatenate([[True], ring_part[1:] != ring_part[:-1]]) if len(rings) else np.zeros(0, np.bool_)
    turns = np.where(shapely.is_ccw(rings) == ring_is_shell, 1, -1).astype(np.int8)
    is_last = np.zeros(len(coordinates), np.bool_)
    is_last[ring_offsets[1:] - 1] = True
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    return PolygonTable(
        np.ascontiguousarray(coordinates[:, 0]),
        np.ascontiguousarray(coordinates[:, 1]),
        ring_offsets,
        polygon_offsets,
        np.flatnonzero(~is_last),
        # every ring has one edge fewer than vertices
        ring_offsets[polygon_offsets] - polygon_offsets,
        turns,
        boxes,
        box_tree(boxes),
    )


def box_tree(boxes: FloatArray) -> STRtree:
    """Tree over boxes, each stood in for by its diagonal: the same envelope at a fraction of the memory."""
    return built_tree(shapely.linestrings(boxes.reshape(-1, 2, 2)) if len(boxes) else [])


def rows_in_box(tree: STRtree, west: float, south: float, east: float, north: float) -> IntArray:
    """Rows of a tree whose box meets the given one, ascending."""
    # asked as an array of one: for a single shape the library spends most of the time on making it one
    found: IntArray = tree.query(np.array([shapely.box(west, south, east, north)], object))[1]
    found.sort()
    return found


def built_tree(shapes: object) -> STRtree:
    """A tree that is ready to be read by many threads: GEOS builds on the first question, so one is asked."""
    tree = STRtree(np.asarray(shapes, object))
    tree.query(shapely.Point(0.0, 0.0))
    return tree


def _offsets(counts: Int32Array) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
