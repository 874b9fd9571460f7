"""Why a pair of numbers is no place in its datum, in one line that says what to do."""

from functools import lru_cache

import numpy as np
from pyproj import CRS

from gridsvc.datum.arrays import BoolArray, FloatArray
from gridsvc.datum.china import is_shifted_ground
from gridsvc.datum.names import CGCS2000, SHIFTED, WGS84

_PREFIX_M = 1_000_000.0
"""Eastings of Gauss-Krüger zones carry the zone number in millions; others stay below one million."""

_CHINESE_ZONES = range(13, 46)  # 13 to 23 for zones of 6 degrees, 25 to 45 for zones of 3
_NORTHING_M = 10_002_000.0  # the pole: no northing is greater, and every easting with a zone prefix is
_LEAST_NORTHING_M = 1_500_000.0  # eastings without prefix stay below, northings of China above


def list_reasons(x: FloatArray, y: FloatArray, datum: str) -> list[str | None]:
    """One entry a pair, None where nothing is wrong; `datum` is canonical."""
    result: list[str | None] = [None] * len(x)
    finite = np.isfinite(x) & np.isfinite(y)
    for i in np.flatnonzero(~finite):
        result[i] = f"{_name(datum)[0]} or {_name(datum)[1]} is not a finite number: send both as plain decimals"
    check = _check_degrees if datum in (WGS84, CGCS2000, *SHIFTED) or not is_projected(datum) else _check_metres
    for i in np.flatnonzero(finite & _suspicious(x, y, datum)):
        result[i] = check(float(x[i]), float(y[i]), datum)
    return result


def _suspicious(x: FloatArray, y: FloatArray, datum: str) -> BoolArray:
    """A quick sieve over many pairs; `_check_…` then finds the words for the few that it keeps."""
    with np.errstate(invalid="ignore"):
        if datum in SHIFTED:
            return ~is_shifted_ground(x, y)
        if datum in (WGS84, CGCS2000) or not is_projected(datum):
            return np.asarray((np.abs(x) > 180.0) | (np.abs(y) > 90.0), np.bool_)
        return np.asarray((x > _PREFIX_M) | bool(_zone_of(datum)), np.bool_)


def _check_degrees(x: float, y: float, datum: str) -> str | None:
    if abs(y) > 90.0:
        swapped = abs(x) <= 90.0 and abs(y) <= 180.0
        hint = "are lon and lat swapped?" if swapped else "latitudes run from -90 to 90 degrees"
        return f"lat {y:.10g} is not a latitude: {hint}"
    if abs(x) > 180.0:
        return f"lon {x:.10g} is not a longitude: longitudes run from -180 to 180 degrees"
    if datum in SHIFTED:
        return (
            f"lon {x:.10g}, lat {y:.10g} is outside mainland China, where {datum} does not apply: "
            "send the fix as WGS84, or check the numbers"
        )
    return None


def _check_metres(x: float, y: float, datum: str) -> str | None:
    """Zone prefixes of Gauss-Krüger eastings, told by their size, and northings sent as eastings."""
    zone, name = _zone_of(datum), label_of(datum)
    if zone is not None and int(x // _PREFIX_M) == zone:
        return None
    if zone is not None and abs(y - false_easting(datum)) < _PREFIX_M / 2 and x > _LEAST_NORTHING_M:
        return f"easting {x:.10g} looks like a northing: are easting and northing swapped?"
    if zone:
        return _check_prefix(x, zone, name)
    if zone == 0 and int(x // _PREFIX_M) in _CHINESE_ZONES:
        return (
            f"easting {x:.10g} carries the zone prefix {int(x // _PREFIX_M)}, which {name} does not have: "
            "leave the prefix off or name the system with zone numbers"
        )
    return f"easting {x:.10g} is no easting of {name}: check the number" if x > _NORTHING_M else None


def _check_prefix(x: float, zone: int, name: str) -> str:
    if 0 < x < _PREFIX_M:
        return (
            f"easting {x:.10g} lacks the zone prefix {zone} of {name}: "
            f"put {zone} before it or name the system without prefix"
        )
    return f"easting {x:.10g} is not in zone {zone} of {name}: check the zone or name another system"


def _zone_of(datum: str) -> int | None:
    """Zone prefix that eastings carry, 0 for none; None where false eastings do not follow Gauss and Krüger."""
    zone, rest = divmod(false_easting(datum), _PREFIX_M)
    return int(zone) if rest == _PREFIX_M / 2 else None


@lru_cache(maxsize=64)
def label_of(datum: str) -> str:
    """A name that fits on the line."""
    return datum if len(datum) <= 20 else str(CRS.from_user_input(datum).name)[:60]


def _name(datum: str) -> tuple[str, str]:
    return ("easting", "northing") if is_projected(datum) else ("lon", "lat")


@lru_cache(maxsize=64)
def is_projected(datum: str) -> bool:
    """Whether the pair is in metres; `datum` is canonical."""
    return datum not in (WGS84, CGCS2000, *SHIFTED) and bool(CRS.from_user_input(datum).is_projected)


@lru_cache(maxsize=64)
def false_easting(datum: str) -> float:
    """The false easting of a projected CRS, 0 where it has none."""
    operation = CRS.from_user_input(datum).coordinate_operation
    values = [item.value for item in (operation.params if operation else []) if item.name == "False easting"]
    return float(values[0]) if values else 0.0
