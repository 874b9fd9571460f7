"""Between any datum and WGS84 degrees, many pairs at once; axis order is x, y (lon, lat or easting, northing).

WGS84 and CGCS2000 are taken as equal here and everywhere: they differ by centimetres, less than any fix.
"""

from functools import lru_cache

import numpy as np
from pyproj import Transformer

from gridsvc.datum.arrays import FloatArray
from gridsvc.datum.checks import is_projected, label_of, list_reasons
from gridsvc.datum.china import is_shifted_place
from gridsvc.datum.names import BD09, CGCS2000, GCJ02, WGS84, parse_datum
from gridsvc.datum.shifted import Pair, unshift, unshift_one, wgs84_to_bd09, wgs84_to_gcj02

_SHIFTS = {GCJ02: wgs84_to_gcj02, BD09: wgs84_to_bd09}
_ROUND_TRIP_M = 1.0


@lru_cache(maxsize=64)
def _transformer(datum: str) -> Transformer:
    """From the datum to WGS84; pyproj keeps one PROJ context a thread behind it, so it may be shared."""
    return Transformer.from_crs(datum, "EPSG:4326", always_xy=True)


def _convert(x: FloatArray, y: FloatArray, datum: str) -> Pair:
    if datum in (WGS84, CGCS2000):
        return x.copy(), y.copy()
    if datum in _SHIFTS:
        return unshift(_SHIFTS[datum], x, y)
    lon, lat = (np.asarray(values, np.float64) for values in _transformer(datum).transform(x, y))
    if not is_projected(datum):
        return lon, lat
    # far outside its area a projection gives places that it would not project back: numbers, but no answer
    x_again, y_again = (np.asarray(v) for v in _transformer(datum).transform(lon, lat, direction="INVERSE"))
    with np.errstate(invalid="ignore"):
        holds = np.hypot(x_again - x, y_again - y) < _ROUND_TRIP_M
    return np.where(holds, lon, np.nan), np.where(holds, lat, np.nan)


def to_wgs84(x: FloatArray, y: FloatArray, datum: str) -> Pair:
    """lon, lat in degrees; NaN in both where the pair is no place in that datum (see `reasons`)."""
    lon, lat, _ = convert_checked(x, y, datum)
    return lon, lat


def place_of(x: float, y: float, datum: str) -> tuple[float, float] | None:
    """`to_wgs84` of one pair of degrees, in WGS84 or a shifted datum, to the last digit or two and much quicker; None
    where it is no place there.
    """
    if not (abs(x) <= 180.0 and abs(y) <= 90.0):
        return None
    if datum not in _SHIFTS:
        return x, y
    return unshift_one(x, y, twice=datum == BD09) if is_shifted_place(x, y) else None


def reasons(x: FloatArray, y: FloatArray, datum: str) -> list[str | None]:
    """For each pair why it is no place in that datum, one line each; None where it is one."""
    return convert_checked(x, y, datum)[2]


def convert_checked(x: FloatArray, y: FloatArray, datum: str) -> tuple[FloatArray, FloatArray, list[str | None]]:
    """`to_wgs84` and `reasons` in one go."""
    name = parse_datum(datum)
    x, y = np.atleast_1d(np.asarray(x, np.float64)), np.atleast_1d(np.asarray(y, np.float64))
    wrong = list_reasons(x, y, name)
    bad = np.array([reason is not None for reason in wrong], np.bool_)
    lon, lat = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    good = np.flatnonzero(~bad)
    lon[good], lat[good] = _convert(x[good], y[good], name)
    label = label_of(name)
    on_earth = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    for i in np.flatnonzero(~on_earth & ~bad):
        wrong[i] = f"{x[i]:.10g}, {y[i]:.10g} is no place in {label}: check the numbers and the datum"
    lon[~on_earth], lat[~on_earth] = np.nan, np.nan
    return lon, lat, wrong


def from_wgs84(lon: FloatArray, lat: FloatArray, datum: str) -> Pair:
    """Degrees of WGS84 in another datum; the shifts are applied wherever the place is."""
    name = parse_datum(datum)
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if name in (WGS84, CGCS2000):
        return lon.copy(), lat.copy()
    if name in _SHIFTS:
        return _SHIFTS[name](lon, lat)
    x, y = _transformer(name).transform(lon, lat, direction="INVERSE")
    return np.asarray(x, np.float64), np.asarray(y, np.float64)
