"""How far places are from polygons; edges are straight in lon/lat, metres are those of the projected CRS."""

import numpy as np

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.datum.plane import PLANE_LIMIT_M, Frame, Plane, geodesic_m
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.geometry.ranges import chunks

_EDGES_AT_ONCE = 1_000_000


def measure_m(plane: Plane, lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    """Distances between places in metres: straight in the projected CRS up to 1 km, geodesic beyond."""
    x1, y1 = plane.project(lon1, lat1)
    x2, y2 = plane.project(lon2, lat2)
    with np.errstate(invalid="ignore"):
        metres = np.hypot(x2 - x1, y2 - y1)
    far = np.flatnonzero(~(metres <= PLANE_LIMIT_M))
    if far.size:
        metres[far] = geodesic_m(lon1[far], lat1[far], lon2[far], lat2[far])
    return metres


def boundary_distance_m(
    plane: Plane, table: PolygonTable, frame: Frame, point: IntArray, polygon: IntArray
) -> FloatArray:
    """Distance of each pair (row of `frame`, polygon) to the polygon's boundary, inside or outside alike.

    The nearest place is sought in the point's affine plane, where edges are straight, then measured.
    """
    lon, lat = np.empty(len(point)), np.empty(len(point))
    counts = table.count_edges(polygon)
    for chunk in chunks(counts, _EDGES_AT_ONCE):
        starts = np.cumsum(counts[chunk]) - counts[chunk]
        a = table.edges_of(polygon[chunk])
        owner = np.repeat(point[chunk], counts[chunk])
        squared, along = _to_edges(table, a, frame, owner)
        least = np.repeat(np.minimum.reduceat(squared, starts), counts[chunk])
        hit = np.flatnonzero(squared == least)
        best = hit[np.searchsorted(hit, starts)]
        a, along = a[best], along[best]
        lon[chunk] = table.x[a] + along * (table.x[a + 1] - table.x[a])
        lat[chunk] = table.y[a] + along * (table.y[a + 1] - table.y[a])
    return measure_m(plane, frame.lon[point], frame.lat[point], lon, lat)


def _to_edges(table: PolygonTable, a: IntArray, frame: Frame, owner: IntArray) -> tuple[FloatArray, FloatArray]:
    """Squared metres from each owner to its edge, and where on the edge (0 to 1) the nearest place lies."""
    matrix, lon, lat = frame.matrix[owner], frame.lon[owner], frame.lat[owner]
    ax, ay = _metres(matrix, table.x[a] - lon, table.y[a] - lat)
    ux, uy = _metres(matrix, table.x[a + 1] - table.x[a], table.y[a + 1] - table.y[a])
    length = ux * ux + uy * uy
    along = np.clip(-(ax * ux + ay * uy) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    return (ax + along * ux) ** 2 + (ay + along * uy) ** 2, along


def _metres(matrix: FloatArray, dlon: FloatArray, dlat: FloatArray) -> tuple[FloatArray, FloatArray]:
    east = matrix[..., 0, 0] * dlon + matrix[..., 0, 1] * dlat
    north = matrix[..., 1, 0] * dlon + matrix[..., 1, 1] * dlat
    return east, north
