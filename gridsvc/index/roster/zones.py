"""Patches and determinations on the ground: which rows' polygons cover a place, borders included, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import numpy as np
from shapely import MultiPolygon, Polygon

from gridsvc.datum.arrays import BoolArray, FloatArray, IntArray
from gridsvc.index.geometry.exact import locate_one, locate_pairs
from gridsvc.index.geometry.polygons import PolygonTable, compile_polygons
from gridsvc.model.departments import Determination, Patch

ZoneT = TypeVar("ZoneT", Patch, Determination)


@dataclass(frozen=True, slots=True)
class Zones(Generic[ZoneT]):
    """Rows with a polygon, in the order given, each with its outline at the same index of `outlines`."""

    rows: tuple[ZoneT, ...]
    outlines: tuple[Polygon | MultiPolygon, ...]
    polygons: PolygonTable

    def covering(self, lon: float, lat: float, day: date) -> tuple[ZoneT, ...]:
        """Rows valid on the day that cover the place."""
        if not self.rows:
            return ()
        found = self.polygons.in_box(lon, lat, lon, lat)
        return tuple(
            self.rows[i] for i in found if self.rows[i].valid_on(day) and locate_one(self.polygons, i, lon, lat) >= 0
        )

    def covering_many(self, lon: FloatArray, lat: FloatArray, day: date) -> tuple[IntArray, IntArray]:
        """(point, index of a row valid on the day that covers it), by point, then row."""
        if not self.rows:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        point, zone = self.polygons.at_points(lon, lat)
        held = self.held_on(day)[zone]
        point, zone = point[held], zone[held]
        covered = locate_pairs(self.polygons, zone, lon[point], lat[point]) >= 0
        return point[covered], zone[covered]

    def held_on(self, day: date) -> BoolArray:
        """For each row whether it is valid on the day."""
        return np.array([row.valid_on(day) for row in self.rows], np.bool_)

    def in_box(self, west: float, south: float, east: float, north: float, day: date) -> list[int]:
        """Indexes of rows valid on the day whose box meets the given one."""
        if not self.rows:
            return []
        return [int(i) for i in self.polygons.in_box(west, south, east, north) if self.rows[i].valid_on(day)]


def compile_zones(rows: Sequence[ZoneT]) -> Zones[ZoneT]:
    """Arrange rows for the question which of them cover a place; rows without ground are left out."""
    kept = [(row, row.geometry) for row in rows if row.geometry is not None and not row.geometry.is_empty]
    outlines = tuple(outline for _, outline in kept)
    return Zones(tuple(row for row, _ in kept), outlines, compile_polygons(outlines))
