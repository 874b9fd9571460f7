"""Metres around one point, where edges that are straight in lon/lat stay straight."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import FloatArray
from gridsvc.datum.plane import Frame


def local_metres(frame: Frame, places: FloatArray) -> FloatArray:
    """Rows of lon, lat as rows of metres around the frame's one point."""
    shifted = places - np.array([frame.lon[0], frame.lat[0]])
    return np.asarray(shifted @ frame.matrix[0].T, np.float64)


def box_around(frame: Frame, place: BaseGeometry) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees around a place in metres."""
    west, south, east, north = place.bounds
    corners = np.array([[west, south], [west, north], [east, south], [east, north]])
    lon, lat = np.linalg.inv(frame.matrix[0]) @ corners.T + np.array([[frame.lon[0]], [frame.lat[0]]])
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


GRID_M = 1e-6
"""Shapes are cut on a grid of micrometres. Without one GEOS now and then loses a whole polygon where edges that were
equal in degrees differ in their last digits in metres."""


def common_ground(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """What two polygons in metres share, without mere lines and points."""
    return _ground_of(shapely.intersection(_ground_of(one), _ground_of(other), grid_size=GRID_M))


def without_ground(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """A polygon in metres without another."""
    return _ground_of(shapely.difference(_ground_of(one), _ground_of(other), grid_size=GRID_M))


def united(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Shapes of one kind in metres as one; lines are cut where they meet."""
    return shapely.union_all(np.array(shapes, object), grid_size=GRID_M)


def _ground_of(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    return MultiPolygon(list(parts[shapely.get_dimensions(parts) == 2]))
