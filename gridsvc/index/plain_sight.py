"""What looks at one place where numba is not installed: it leaves everything to a closer look, which is by arrays."""

import numpy as np

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.datum.plane import Affine
from gridsvc.index.geometry.ranges import expand_ranges
from gridsvc.index.layout import Look, Outlines, Place, Sight


def look(sight: Sight, affine: Affine, place: Place, radii: tuple[float, float]) -> Look:  # noqa: ARG001  see above
    """See `gridsvc.index.engine.Eyes`."""
    return Look(-1, -1, np.zeros(0, np.int32), True, True, True, (-1, np.nan, 0, -1, np.nan, 0, False, True))


def nearest_edges(
    outlines: Outlines, cells: IntArray, place: Place, affine: Affine
) -> tuple[FloatArray, IntArray, FloatArray]:
    """See `gridsvc.index.engine.Eyes`."""
    x, y, rings, polygons = outlines
    lon, lat, a, b, c, d = *place[:2], *affine
    first, last = polygons[cells], polygons[cells + 1]
    ring = expand_ranges(first, last - first)
    v = expand_ranges(rings[ring], rings[ring + 1] - rings[ring] - 1)
    counts = rings[last] - rings[first] - (last - first)
    ax, ay = a * (x[v] - lon) + b * (y[v] - lat), c * (x[v] - lon) + d * (y[v] - lat)
    ux, uy = a * (x[v + 1] - x[v]) + b * (y[v + 1] - y[v]), c * (x[v + 1] - x[v]) + d * (y[v + 1] - y[v])
    length = ux * ux + uy * uy
    along = np.clip(-(ax * ux + ay * uy) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    squared = (ax + along * ux) ** 2 + (ay + along * uy) ** 2
    starts = np.cumsum(counts) - counts
    hit = np.flatnonzero(squared == np.repeat(np.minimum.reduceat(squared, starts), counts))
    best = hit[np.searchsorted(hit, starts)]
    return squared[best], v[best], along[best]
