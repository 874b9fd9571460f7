"""Polygons as flat arrays: the given doubles, untouched, with the offsets that say which vertex is whose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int8Array, IntArray, make_read_only
from gridsvc.errors import InvalidInput
from gridsvc.index.geometry.box_tree import BoxTree, pack_boxes
from gridsvc.index.geometry.flat import FlatShapes, flatten
from gridsvc.index.geometry.ranges import expand_ranges
from gridsvc.model.territory import Polygonal


@dataclass(frozen=True, slots=True, eq=False)
class PolygonTable:
    """Closed rings in lon/lat. Ring r has vertices ring_offsets[r]:ring_offsets[r + 1], polygon p has rings
    polygon_offsets[p]:polygon_offsets[p + 1] over all its parts and holes.

    An edge is the vertex that it begins at and goes to the one after it; every vertex but the last of each ring begins
    one. `turns` is +1 for a ring that has its polygon on the left as stored, else -1. `boxes` are west, south, east,
    north; `tree` finds polygons by box.
    """

    x: FloatArray
    y: FloatArray
    ring_offsets: IntArray
    polygon_offsets: IntArray
    turns: Int8Array
    boxes: FloatArray
    tree: BoxTree

    def __len__(self) -> int:
        return len(self.polygon_offsets) - 1

    @property
    def edge_offsets(self) -> IntArray:
        """How many edges there are before each polygon's: every ring has one fewer than vertices."""
        return self.ring_offsets[self.polygon_offsets] - self.polygon_offsets

    def count_edges(self, polygons: IntArray) -> IntArray:
        """Of each of these polygons."""
        first, last = self.polygon_offsets[polygons], self.polygon_offsets[polygons + 1]
        return self.ring_offsets[last] - self.ring_offsets[first] - (last - first)

    def edges_of(self, polygons: IntArray) -> IntArray:
        """Those of each polygon in turn."""
        first = self.polygon_offsets[polygons]
        rings = expand_ranges(first, self.polygon_offsets[polygons + 1] - first)
        starts = self.ring_offsets[rings]
        return expand_ranges(starts, self.ring_offsets[rings + 1] - starts - 1)

    def all_edges(self) -> IntArray:
        """Those of all polygons in turn."""
        begins = np.ones(len(self.x), np.bool_)
        begins[self.ring_offsets[1:] - 1] = False
        return np.flatnonzero(begins)

    def in_box(self, west: float, south: float, east: float, north: float) -> IntArray:
        """Polygons whose box meets the given one, ascending."""
        return self.tree.in_box(west, south, east, north)

    def at_points(self, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, IntArray]:
        """Pairs (point, polygon) where the point lies in the polygon's box, by point, then polygon."""
        return self.tree.pairs(np.stack([lon, lat, lon, lat], axis=-1))


def compile_polygons(geometries: Sequence[Polygonal]) -> PolygonTable:
    """Polygons in their order; refuses (InvalidInput) an empty one, which can be no place."""
    return polygon_table(flatten(geometries))


def polygon_table(flat: FlatShapes) -> PolygonTable:
    """Of shapes that are gathered already; raises as `compile_polygons` does."""
    if len(np.unique(flat.line_owner)) < len(flat):
        raise InvalidInput("a polygon without any vertex cannot be compiled: remove the feature or draw its outline")
    is_shell = np.ones(len(flat.line_part), np.bool_)
    is_shell[1:] = flat.line_part[1:] != flat.line_part[:-1]
    polygon_offsets = np.searchsorted(flat.line_owner, np.arange(len(flat) + 1)).astype(np.int64)
    make_read_only(flat.x, flat.y, flat.line_offsets, polygon_offsets)
    return PolygonTable(
        flat.x,
        flat.y,
        flat.line_offsets,
        polygon_offsets,
        np.where(flat.is_ccw == is_shell, 1, -1).astype(np.int8),
        flat.boxes,
        pack_boxes(flat.boxes),
    )
