"""One GeoJSON geometry object to shapely, refusing whatever RFC 7946 does not allow."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import (
    Geometry,
    GeometryCollection,
    LinearRing,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)

_MAX_DEPTH = 8


class BadGeometry(Exception):
    """Not a geometry; the message says why."""


def _positions(value: Any, least: int) -> NDArray[np.float64]:
    """A list of positions as an array of 2 or 3 columns; more dimensions than 3 are cut."""
    if not isinstance(value, list):
        raise BadGeometry("coordinates are not a list of positions")
    if len(value) < least:
        raise BadGeometry(f"{len(value)} positions where at least {least} are needed")
    if not value:
        return np.empty((0, 2))
    try:
        array = np.array(value)
    except ValueError as error:
        raise BadGeometry("positions are not all of the same length, or nested too deep or too shallow") from error
    if array.dtype.kind not in "iuf":
        raise BadGeometry("a coordinate is not a number")
    if array.ndim != 2:
        raise BadGeometry("coordinates are nested too deep or too shallow")
    if array.shape[1] < 2:
        raise BadGeometry("a position has fewer than two numbers")
    return array[:, :3].astype(np.float64)


def _ring(value: Any) -> LinearRing:
    array = _positions(value, 4)
    if not np.array_equal(array[0], array[-1]):
        raise BadGeometry("a ring is not closed: its last position must repeat the first")
    return LinearRing(array)


def _parts(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadGeometry("coordinates are missing or no list")
    return value


def _polygon(value: Any) -> Polygon:
    rings = [_ring(ring) for ring in _parts(value)]
    return Polygon(rings[0], rings[1:]) if rings else Polygon()


def _line(value: Any) -> LineString:
    return LineString(_positions(value, 2)) if value != [] else LineString()


def _point(value: Any) -> Point:
    return Point(_positions([value], 1)[0]) if value != [] else Point()


_BUILDERS: dict[str, Callable[[Any], Geometry]] = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": lambda value: MultiPoint(_positions(value, 0)),
    "MultiLineString": lambda value: MultiLineString([_line(part) for part in _parts(value)]),
    "MultiPolygon": lambda value: MultiPolygon([_polygon(part) for part in _parts(value)]),
}
GEOMETRY_TYPES = frozenset({*_BUILDERS, "GeometryCollection"})


def _collection(members: Any, depth: int) -> GeometryCollection:
    if not isinstance(members, list):
        raise BadGeometry('"geometries" is not a list')
    if depth >= _MAX_DEPTH:
        raise BadGeometry("geometry collections are nested too deep")
    built = [build_geometry(member, depth + 1) for member in members]
    return GeometryCollection([geometry for geometry in built if geometry is not None])


def build_geometry(value: Any, depth: int = 0) -> Geometry | None:
    """The geometry, None for null; BadGeometry says what is wrong."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadGeometry("a geometry is no object")
    kind = value.get("type")
    if kind == "GeometryCollection":
        return _collection(value.get("geometries"), depth)
    build = _BUILDERS.get(kind) if isinstance(kind, str) else None
    if build is None:
        raise BadGeometry('its "type" is missing or no geometry type')
    return build(value.get("coordinates"))
