"""Metres: a projected CRS for what is near, the ellipsoid for what is not."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians

import numpy as np
from pyproj import CRS, Geod, Proj, Transformer
from pyproj.exceptions import CRSError

from gridsvc.datum.arrays import FloatArray
from gridsvc.datum.names import is_safe_crs
from gridsvc.errors import InvalidInput
from gridsvc.model.places import BoundingBox

PLANE_LIMIT_M = 1000.0
"""Up to here distances are straight in the projected CRS, beyond they are geodesic."""

EARTH_RADIUS_M = 6371008.8
_STEP_DEG = 1e-4  # central difference over some 20 m: the second-order error is below 1e-10
_EAST_DEG, _NORTH_DEG = np.array([[-1, 1, 0, 0], [0, 0, -1, 1]]) * _STEP_DEG
_DEGREE_M = EARTH_RADIUS_M * np.pi / 180
_WORST_SWELLING = 1000.0  # a projection that swells or shrinks areas more says nothing about metres there
_GEOD = Geod(ellps="WGS84")

Affine = tuple[float, float, float, float]
"""Metres east and north of grid are a * dlon + b * dlat and c * dlon + d * dlat."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Affine planes around points: metres east and north of grid are `matrix` @ (dlon, dlat); shape (..., 2, 2).

    Straight lines in lon/lat stay straight, which is what edges of cells are; lengths are those of the
    projected CRS to first order, so within a kilometre the nearest place found here is the nearest.
    """

    lon: FloatArray
    lat: FloatArray
    matrix: FloatArray

    def reach_deg(self, radius_m: float) -> tuple[FloatArray, FloatArray]:
        """Half width and half height, in degrees, of the box around the circle with that radius."""
        inverse = np.linalg.inv(self.matrix)
        half = radius_m * np.hypot(inverse[..., 0], inverse[..., 1])
        return half[..., 0], half[..., 1]

    def reach_of_one(self, radius_m: float) -> tuple[float, float]:
        """`reach_deg` of a frame of one point."""
        ((a, b), (c, d)) = self.matrix[0].tolist()
        return reach_of((a, b, c, d), radius_m)


class Plane:
    """A projected CRS in metres. Axis order is lon, lat and easting, northing, whatever the CRS says.

    pyproj keeps one PROJ context a thread behind each transformer, so a Plane may be shared between threads.
    """

    def __init__(self, crs: str) -> None:
        """Refuse (InvalidInput) what is no CRS or is not projected in metres."""
        msg = f"{crs[:60]!r} is no coordinate reference system: give an EPSG code such as EPSG:4548, or WKT"
        if not is_safe_crs(crs):
            raise InvalidInput(msg)
        try:
            parsed = CRS.from_user_input(crs)
        except CRSError:
            raise InvalidInput(msg) from None
        if not parsed.is_projected or any(axis.unit_conversion_factor != 1.0 for axis in parsed.axis_info):
            msg = f"{parsed.name} does not measure in metres: give a projected CRS in metres such as EPSG:4548"
            raise InvalidInput(msg)
        self.crs = crs
        self._forward = Transformer.from_crs("EPSG:4326", parsed, always_xy=True)
        self._factors = Proj(parsed)

    def project(self, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Degrees to metres; infinity where the projection has no answer."""
        x, y = self._forward.transform(lon, lat)
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def project_point(self, lon: float, lat: float) -> tuple[float, float]:
        """One place, without arrays."""
        x, y = self._forward.transform(lon, lat)
        return float(x), float(y)

    def affine_at_point(self, lon: float, lat: float) -> tuple[float, float, Affine | None]:
        """`project_point`, and the matrix of `frame_at` row by row; None where the projection has no sensible one."""
        project = self._forward.transform
        x, y = project(lon, lat)
        (x1, y1), (x2, y2) = project(lon - _STEP_DEG, lat), project(lon + _STEP_DEG, lat)
        (x3, y3), (x4, y4) = project(lon, lat - _STEP_DEG), project(lon, lat + _STEP_DEG)
        width = 2 * _STEP_DEG
        a, b, c, d = (x2 - x1) / width, (x4 - x3) / width, (y2 - y1) / width, (y4 - y3) / width
        swelling = abs((a * d - b * c) / (_DEGREE_M * _DEGREE_M * cos(radians(lat))))
        return x, y, (a, b, c, d) if 1 / _WORST_SWELLING < swelling < _WORST_SWELLING else None

    def frame_at_point(self, lon: float, lat: float) -> tuple[float, float, Frame]:
        """`project_point` and `frame_at` of one place, the same doubles, at a fraction of the cost."""
        x, y, affine = self.affine_at_point(lon, lat)
        return x, y, frame_of_point(lon, lat, affine)

    def unproject(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Metres to degrees; infinity where there is no answer."""
        lon, lat = self._forward.transform(x, y, direction="INVERSE")
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)

    def scale_error(self, box: BoundingBox) -> float:
        """Greatest |scale - 1| over the box, in the worst direction; sampled 9 × 9, smooth in between."""
        lon, lat = np.meshgrid(np.linspace(box.west, box.east, 9), np.linspace(box.south, box.north, 9))
        factors = self._factors.get_factors(lon.ravel(), lat.ravel(), errcheck=False)
        scales = np.concatenate([factors.tissot_semimajor, factors.tissot_semiminor])
        return float(np.abs(scales - 1.0).max()) if np.isfinite(scales).all() else float("inf")

    def frame_at(self, lon: FloatArray, lat: FloatArray) -> Frame:
        """The local affine planes at points; on a sphere where the projection has no sensible answer."""
        lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        x, y = self.project(np.add.outer(_EAST_DEG, lon), np.add.outer(_NORTH_DEG, lat))
        matrix, sphere = np.empty((*lon.shape, 2, 2)), sphere_matrix(lat)
        with np.errstate(invalid="ignore"):
            matrix[..., 0, 0], matrix[..., 0, 1] = x[1] - x[0], x[3] - x[2]
            matrix[..., 1, 0], matrix[..., 1, 1] = y[1] - y[0], y[3] - y[2]
            matrix /= 2 * _STEP_DEG
            swelling = np.abs(_area(matrix) / _area(sphere))
        usable = (swelling > 1 / _WORST_SWELLING) & (swelling < _WORST_SWELLING)
        return Frame(lon, lat, matrix if usable.all() else np.where(usable[..., None, None], matrix, sphere))


def reach_of(affine: Affine, radius_m: float) -> tuple[float, float]:
    """`Frame.reach_of_one` by a matrix alone."""
    a, b, c, d = affine
    scale = radius_m / abs(a * d - b * c)
    return scale * hypot(d, b), scale * hypot(c, a)


def frame_of_point(lon: float, lat: float, affine: Affine | None) -> Frame:
    """The frame of one place from what `Plane.affine_at_point` found."""
    here = np.array([lon]), np.array([lat])
    return Frame(*here, sphere_matrix(here[1]) if affine is None else np.array([[affine[:2], affine[2:]]]))


def _area(matrix: FloatArray) -> FloatArray:
    """Square metres of a square degree."""
    return np.asarray(matrix[..., 0, 0] * matrix[..., 1, 1] - matrix[..., 0, 1] * matrix[..., 1, 0])


def sphere_matrix(lat: FloatArray) -> FloatArray:
    """Matrix of a `Frame` on a sphere, for places where no projection serves."""
    matrix = np.zeros((*np.shape(lat), 2, 2))
    matrix[..., 1, 1] = EARTH_RADIUS_M * np.pi / 180
    matrix[..., 0, 0] = matrix[..., 1, 1] * np.cos(np.radians(lat))
    return matrix


@lru_cache(maxsize=16)
def plane_for(crs: str) -> Plane:
    """The Plane of a CRS, built once: looking a CRS up takes milliseconds."""
    return Plane(crs)


def default_crs(box: BoundingBox) -> str:
    """UTM zone (WGS84) of the middle of the box: what metres mean where a city set nothing."""
    zone = utm_zone((box.west + box.east) / 2)
    return f"EPSG:{(32600 if box.south + box.north >= 0 else 32700) + zone}"


def utm_zone(lon: float) -> int:
    """1 to 60, each six degrees of longitude."""
    return min(int((lon + 180) // 6) + 1, 60)


def geodesic_m(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    """Distance on the WGS84 ellipsoid in metres; degrees in, arrays of one shape."""
    return np.asarray(_GEOD.inv(lon1, lat1, lon2, lat2)[2], np.float64)
