"""GCJ-02 and BD-09, the shifted datums of Chinese map services, by the public reconstruction of the algorithm.

The reconstruction is not official; it agrees with the services to about a metre. There is no official inverse:
here it is the fixed point of the forward shift, found by iteration to 1e-12 degrees.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gridsvc.datum.arrays import FloatArray

_A = 6378245.0  # Krasovsky 1940, with the eccentricity below: the figures of the algorithm, not of the earth
_EE = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_ROUNDS = 30
_ENOUGH_DEG = 1e-12

Pair = tuple[FloatArray, FloatArray]


def wgs84_to_gcj02(lon: FloatArray, lat: FloatArray) -> Pair:
    """The shift itself; not limited to China, callers see to that."""
    return _to_gcj02(lon, lat, np)


def wgs84_to_bd09(lon: FloatArray, lat: FloatArray) -> Pair:
    """Both shifts, one after the other."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def gcj02_to_bd09(lon: FloatArray, lat: FloatArray) -> Pair:
    """Baidu's further shift, polar around the origin of degrees."""
    return _to_bd09(lon, lat, np)


def _to_gcj02(lon: Any, lat: Any, m: Any) -> tuple[Any, Any]:
    """Arrays with numpy as `m`; two numbers with math, at a tenth of the cost."""
    x, y, pi, sin = lon - 105.0, lat - 35.0, m.pi, m.sin
    root = m.sqrt(abs(x))
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    dlat = dlat + (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    dlat = dlat + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    dlon = dlon + (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    dlon = dlon + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    phi = m.radians(lat)
    magic = 1.0 - _EE * sin(phi) ** 2
    meridian = _A * (1.0 - _EE) / (magic * m.sqrt(magic))
    return lon + m.degrees(dlon / (_A / m.sqrt(magic) * m.cos(phi))), lat + m.degrees(dlat / meridian)


def _to_bd09(lon: Any, lat: Any, m: Any) -> tuple[Any, Any]:
    """As `_to_gcj02`."""
    radius = m.hypot(lon, lat) + 0.00002 * m.sin(lat * _BD_PI)
    angle = (np.arctan2 if m is np else math.atan2)(lat, lon) + 0.000003 * m.cos(lon * _BD_PI)
    return radius * m.cos(angle) + 0.0065, radius * m.sin(angle) + 0.006


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


def unshift_one(x: float, y: float, *, twice: bool) -> tuple[float, float]:
    """As `unshift` for one pair of GCJ-02, or of BD-09 where it was shifted `twice`; to the last digit or two."""
    lon, lat = x, y
    for _ in range(_ROUNDS):
        there_x, there_y = _to_gcj02(lon, lat, math)
        if twice:
            there_x, there_y = _to_bd09(there_x, there_y, math)
        lon, lat = lon + (x - there_x), lat + (y - there_y)
        if abs(x - there_x) <= _ENOUGH_DEG and abs(y - there_y) <= _ENOUGH_DEG:
            break
    return lon, lat
