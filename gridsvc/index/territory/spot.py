"""One place put to one edition: what is found out about it is found out once, however many rules ask."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from gridsvc.datum.plane import Frame
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.distances import boundary_distance_m
from gridsvc.index.territory.cells import covering


class Spot:
    """A place in WGS84 degrees. Belongs to one answer and one thread."""

    def __init__(self, edition: CompiledEdition, lon: float, lat: float) -> None:
        self.edition = edition
        self.lon = lon
        self.lat = lat
        self._reaches: dict[float, tuple[float, float, float, float]] = {}

    @cached_property
    def covering(self) -> list[tuple[int, bool]]:
        """(cell index, whether the place lies on its boundary) for every cell that covers the place, ascending."""
        return covering(self.edition, self.lon, self.lat)

    @property
    def position(self) -> tuple[float, float]:
        """Metres in the projected CRS; infinity where it has no answer."""
        return self._projected[:2]

    @property
    def frame(self) -> Frame:
        """The affine plane around the place; a frame of one point."""
        return self._projected[2]

    def reach(self, radius_m: float) -> tuple[float, float, float, float]:
        """West, south, east, north of the box around the circle, in degrees."""
        if radius_m not in self._reaches:
            width, height = self.frame.reach_of_one(radius_m)
            self._reaches[radius_m] = (self.lon - width, self.lat - height, self.lon + width, self.lat + height)
        return self._reaches[radius_m]

    def metres_to(self, cells: Sequence[int]) -> list[float]:
        """Distances to cells (indices), 0.0 to those that cover the place."""
        metres = self._metres
        if unknown := [cell for cell in cells if cell not in metres]:
            point, polygons = np.zeros(len(unknown), np.int64), self.edition.cells.polygons
            found = boundary_distance_m(self.edition.plane, polygons, self.frame, point, np.array(unknown))
            metres.update(zip(unknown, found.tolist(), strict=True))
        return [metres[cell] for cell in cells]

    @cached_property
    def _projected(self) -> tuple[float, float, Frame]:
        return self.edition.plane.frame_at_point(self.lon, self.lat)

    @cached_property
    def _metres(self) -> dict[int, float]:
        return {cell: 0.0 for cell, _ in self.covering}
