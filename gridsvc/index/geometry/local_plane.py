"""Metres around one point, where edges that are straight in lon/lat stay straight."""

import numpy as np
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
