"""GCJ-02 and BD-09, the shifted datums of Chinese map services, by the public reconstruction of the algorithm.

The reconstruction is not official; it agrees with the services to about a metre. There is no official inverse:
here it is the fixed point of the forward shift, found by iteration to 1e-12 degrees.
"""

from collections.abc import Callable

import numpy as np

from gridsvc.datum.arrays import FloatArray

_A = 6378245.0  # Krasovsky 1940, with the eccentricity below: the figures of the algorithm, not of the earth
_EE = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_ROUNDS = 30
_ENOUGH_DEG = 1e-12

Pair = tuple[FloatArray, FloatArray]


def _waves(first: FloatArray) -> FloatArray:
    return np.asarray((20.0 * np.sin(6.0 * first * np.pi) + 20.0 * np.sin(2.0 * first * np.pi)) * 2.0 / 3.0)


def wgs84_to_gcj02(lon: FloatArray, lat: FloatArray) -> Pair:
    """The shift itself; not limited to China, callers see to that."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + _waves(x)
    dlat = dlat + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    dlat = dlat + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + _waves(x)
    dlon = dlon + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    dlon = dlon + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    meridian = _A * (1.0 - _EE) / (magic * np.sqrt(magic))
    return lon + np.degrees(dlon / (_A / np.sqrt(magic) * np.cos(phi))), lat + np.degrees(dlat / meridian)


def gcj02_to_bd09(lon: FloatArray, lat: FloatArray) -> Pair:
    """Baidu's further shift, polar around the origin of degrees."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def wgs84_to_bd09(lon: FloatArray, lat: FloatArray) -> Pair:
    """Both shifts, one after the other."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def unshift(shift: Callable[[FloatArray, FloatArray], Pair], x: FloatArray, y: FloatArray) -> Pair:
    """The pair that `shift` takes to (x, y).

    The shifts change by some thousandths of what the place changes, so each round gains two digits or more.
    """
    lon, lat = x, y
    for _ in range(_ROUNDS):
        there_x, there_y = shift(lon, lat)
        step_x, step_y = x - there_x, y - there_y
        lon, lat = lon + step_x, lat + step_y
        if not (np.abs(step_x) > _ENOUGH_DEG).any() and not (np.abs(step_y) > _ENOUGH_DEG).any():
            break
    return lon, lat
