"""One place put to one edition: what is found out about it is found out once, however many rules ask."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from gridsvc.datum.plane import Frame, frame_of_point, reach_of
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import eyes
from gridsvc.index.layout import Look, Sight
from gridsvc.index.territory.cells import Here, boundary_metres, covering, here_at


class Spot:
    """A place in WGS84 degrees. Belongs to one answer and one thread."""

    def __init__(self, edition: CompiledEdition, lon: float, lat: float) -> None:
        self.edition = edition
        self.lon = lon
        self.lat = lat
        self._here: Here | None = None
        self._looks: dict[tuple[float, float], Look] = {}
        self._reaches: dict[float, tuple[float, float, float, float]] = {}

    @cached_property
    def covering(self) -> list[tuple[int, bool]]:
        """(cell index, whether the place lies on its boundary) for every cell that covers the place, ascending."""
        return covering(self.edition, self.lon, self.lat)

    @property
    def position(self) -> tuple[float, float]:
        """Metres in the projected CRS; infinity where it has no answer."""
        return self.here.place[2:]

    @cached_property
    def frame(self) -> Frame:
        """The affine plane around the place; a frame of one point."""
        return frame_of_point(self.lon, self.lat, self.here.affine)

    def look(self, sight: Sight, near_m: float, segment_m: float) -> Look | None:
        """The place at a glance, with what is within the first radius and segments within the second; None where only
        a closer look tells.
        """
        place, affine = self.here
        if affine is None or near_m <= 0:
            return None
        seen = self._looks.get((near_m, segment_m))
        if seen is None:
            seen = self._looks[near_m, segment_m] = eyes().look(sight, affine, place, (near_m, segment_m))
        return seen if seen.cell >= 0 else None

    def reach(self, radius_m: float) -> tuple[float, float, float, float]:
        """West, south, east, north of the box around the circle, in degrees."""
        if radius_m not in self._reaches:
            affine = self.here.affine
            width, height = reach_of(affine, radius_m) if affine else self.frame.reach_of_one(radius_m)
            self._reaches[radius_m] = (self.lon - width, self.lat - height, self.lon + width, self.lat + height)
        return self._reaches[radius_m]

    def metres_to(self, cells: Sequence[int]) -> list[float]:
        """Distances to cells (indices), 0.0 to those that cover the place."""
        metres = self._metres
        if unknown := [cell for cell in cells if cell not in metres]:
            metres.update(zip(unknown, boundary_metres(self.edition, self.here, np.array(unknown)), strict=True))
        return [metres[cell] for cell in cells]

    @property
    def here(self) -> Here:
        """The place in degrees and metres."""
        if self._here is None:
            self._here = here_at(self.edition, self.lon, self.lat)
        return self._here

    @cached_property
    def _metres(self) -> dict[int, float]:
        return {cell: 0.0 for cell, _ in self.covering}
