"""Polygons as flat arrays: the given doubles, untouched, with the offsets that say which vertex is whose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.errors import InvalidInput
from gridsvc.index.geometry.box_tree import BoxTree, pack_boxes
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
    tree: BoxTree

    def __len__(self) -> int:
        return len(self.polygon_offsets) - 1

    def in_box(self, west: float, south: float, east: float, north: float) -> IntArray:
        """Polygons whose box meets the given one, ascending."""
        return self.tree.in_box(west, south, east, north)

    def at_points(self, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, IntArray]:
        """Pairs (point, polygon) where the point lies in the polygon's box, by point, then polygon."""
        return self.tree.pairs(np.stack([lon, lat, lon, lat], axis=-1))


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
        pack_boxes(boxes),
    )


def _offsets(counts: Int32Array) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
