"""Areas and widths of findings, in metres of the territory's projected CRS."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gridsvc.datum.plane import Plane

SLIVER_M = 0.01
"""Narrower than this is a sliver: nobody stands in it, and digitising is no better."""

NOISE_M = 1e-6
"""Narrower than this is the rounding of doubles, not a place."""


class Ruler:
    """Measures lon/lat polygons in the metres of a projected CRS.

    Each polygon is laid on the affine frame of the CRS at its own middle: projected vertex by vertex, a sliver along
    an edge of one kilometre would be 16 mm wide where it has no width at all.
    """

    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def measure(self, polygons: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(area_m2, width_m) of polygons; the width is the diameter of the largest circle inside."""
        if len(polygons) == 0:
            return np.empty(0), np.empty(0)
        metric = self._lay_flat(polygons)
        area = shapely.area(metric)
        return area, np.array([_width(polygon, a) for polygon, a in zip(metric, area, strict=True)])

    def _lay_flat(self, polygons: NDArray[np.object_]) -> NDArray[np.object_]:
        west, south, east, north = shapely.bounds(polygons).T
        middle = np.stack([(west + east) / 2, (south + north) / 2], axis=1)
        matrix = self._plane.frame_at(middle[:, 0], middle[:, 1]).matrix
        lonlat, of_polygon = shapely.get_coordinates(polygons, return_index=True)
        offset = lonlat - middle[of_polygon]
        flat: NDArray[np.object_] = shapely.set_coordinates(
            polygons.copy(), np.einsum("nij,nj->ni", matrix[of_polygon], offset)
        )
        return flat


def thickness(area: NDArray[np.float64], perimeter: NDArray[np.float64]) -> NDArray[np.float64]:
    """A lower bound of the width of polygons, quick to have: 2 × area / perimeter."""
    return np.divide(2 * area, perimeter, out=np.zeros_like(area), where=perimeter > 0)


def _width(polygon: Polygon, area: float) -> float:
    length = float(shapely.length(polygon))
    least = 2 * area / length if length else 0.0
    if least < NOISE_M or not np.isfinite(least):
        return least
    circle = shapely.maximum_inscribed_circle(polygon, tolerance=least / 50)
    return 2 * float(shapely.length(circle))


def rounded(value: float) -> float:
    """Three significant digits: what a finding says to people."""
    short = float(f"{value:.3g}")
    return int(short) if short >= 100 else short
