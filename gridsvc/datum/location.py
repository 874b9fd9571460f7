"""From what somebody sent to one checked place in WGS84."""

import math

import numpy as np

from gridsvc.datum.convert import convert_checked
from gridsvc.datum.names import CGCS2000, WGS84, parse_datum
from gridsvc.errors import InvalidInput, InvalidLocation
from gridsvc.model.places import Location, Submitted

GREATEST_ACCURACY_M = 100_000.0

_RADIUS_68_OF = {
    0.68: 1.0,
    # radii of a round Gaussian that hold a share p are sigma * sqrt(-2 ln(1 - p))
    0.95: math.sqrt(math.log(1 - 0.68) / math.log(1 - 0.95)),
}


def locate(
    x: float, y: float, datum: str | None, accuracy_m: float | None = None, accuracy_level: float = 0.68
) -> Location:
    """The place of a pair in its datum, with the raw pair kept beside it.

    `accuracy_m` is the radius of the circle that holds `accuracy_level` (0.68 or 0.95) of the fixes; a 95 % radius
    is turned into the 68 % one. Raises UnknownDatum, InvalidLocation (not a place in that datum) or InvalidInput
    (accuracy).
    """
    name = parse_datum(datum)
    radius = _accuracy_68(accuracy_m, accuracy_level)
    submitted = Submitted(float(x), float(y), name)
    if name in (WGS84, CGCS2000) and abs(x) <= 180.0 and abs(y) <= 90.0:
        return Location(submitted.x, submitted.y, WGS84, radius, submitted)
    lon, lat, wrong = convert_checked(np.array([x], np.float64), np.array([y], np.float64), name)
    if wrong[0] is not None:
        raise InvalidLocation(wrong[0], datum=name)
    return Location(float(lon[0]), float(lat[0]), WGS84, radius, submitted)


def _accuracy_68(accuracy_m: float | None, level: float) -> float | None:
    if level not in _RADIUS_68_OF:
        raise InvalidInput(f"accuracy_level {level:g} is not known: give 0.68 or 0.95")
    if accuracy_m is None:
        return None
    if not 0.0 < accuracy_m <= GREATEST_ACCURACY_M:
        limits = f"above 0 and at most {GREATEST_ACCURACY_M:,.0f} metres"
        msg = f"accuracy_m {accuracy_m:g} is no radius: give a number {limits}, or leave it out"
        raise InvalidInput(msg, zh="精度（米）不在可接受的范围内：请更正或留空。")
    return accuracy_m * _RADIUS_68_OF[level]
