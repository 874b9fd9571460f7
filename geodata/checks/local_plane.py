"""Degrees scaled to about metres by one factor per axis: straight edges stay straight, shared vertices stay shared."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from gridsvc.model.places import BoundingBox

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """Metres per degree of longitude and of latitude, right in the middle of the territory.

    Edges of cells and areas are straight in lon/lat, so their topology is looked at here and not in a map
    projection, which would bend them: a vertex on a neighbour's edge would leave that edge.
    """

    per_lon: float
    per_lat: float

    @classmethod
    def around(cls, box: BoundingBox) -> Self:
        """The plane for a territory with these bounds."""
        middle = math.radians((box.south + box.north) / 2)
        return cls(METRES_PER_DEGREE * max(math.cos(middle), 0.01), METRES_PER_DEGREE)

    def scale(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Degrees to about metres."""
        scaled: NDArray[np.object_] = shapely.transform(geometries, lambda xy: xy * [self.per_lon, self.per_lat])
        return scaled

    def unscale(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """About metres back to degrees."""
        degrees: NDArray[np.object_] = shapely.transform(geometries, lambda xy: xy / [self.per_lon, self.per_lat])
        return degrees
