"""Areas and widths of findings, in metres of the territory's projected CRS."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from gridsvc.datum.plane import Plane

SLIVER_M = 0.01
"""Narrower than this is a sliver: nobody stands in it, and digitising is no better."""

NOISE_M = 1e-6
"""Narrower than this is the rounding of doubles, not a place."""

HALVINGS = 20
"""Enough to narrow a range of one to a million down to 0.5 %."""


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
        return area, _widths(metric, area)

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


def _widths(polygons: NDArray[np.object_], areas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Diameters of the largest circles inside, by how deep a polygon can be eaten away from its edge.

    Within 0.5 %, for slivers within 10 %: there may be one along every edge of a layer.

    Halving the range is steadier than `maximum_inscribed_circle`, which takes minutes on a net of slivers.
    """
    low = thickness(areas, shapely.length(polygons))
    high = np.maximum(2 * np.sqrt(areas / np.pi), low)
    for _ in range(HALVINGS):
        open_yet = np.flatnonzero((low > NOISE_M) & (high > np.where(high <= SLIVER_M, 1.1, 1.005) * low))
        if len(open_yet) == 0:
            break
        middle = np.sqrt(low[open_yet] * high[open_yet])
        middle = np.where((low[open_yet] < SLIVER_M) & (high[open_yet] > SLIVER_M), SLIVER_M, middle)
        gone = shapely.is_empty(shapely.buffer(polygons[open_yet], -middle / 2))
        high[open_yet[gone]] = middle[gone]
        low[open_yet[~gone]] = middle[~gone]
    return low


def rounded(value: float) -> float:
    """Three significant digits: what a finding says to people."""
    short = float(f"{value:.3g}")
    return int(short) if 100 <= short < math.inf else short
