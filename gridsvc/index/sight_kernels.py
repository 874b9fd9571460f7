"""The loops that look at one place, and find out at one go what its answer needs.

One call takes as long as a handful of lines of Python, so there is one for nearly all places, and what it does not
settle it says. Compiled as `gridsvc.index.kernels`, whose loops it uses.
"""

import numpy as np

from gridsvc.index.kernels import DEEPEST, choose_segments, kernel, search, walk_raster
from gridsvc.index.layout import (
    MARGIN,
    MOST_NEIGHBOURS,
    LineArrays,
    LineRaster,
    Look,
    PieceArrays,
    Places,
    RasterArrays,
    SegmentFacts,
    TreeArrays,
)


@kernel
def _nearest_edge(outlines, cell, lon, lat, affine):  # type: ignore[no-untyped-def]  # arrays in a tuple
    """Square metres to the boundary of a cell, the vertex that its nearest edge begins at, and where along it."""
    x, y, rings, polygons = outlines
    a, b, c, d = affine
    least, vertex, where = np.inf, -1, 0.0
    for ring in range(polygons[cell], polygons[cell + 1]):
        for v in range(rings[ring], rings[ring + 1] - 1):
            ax, ay = a * (x[v] - lon) + b * (y[v] - lat), c * (x[v] - lon) + d * (y[v] - lat)
            ux, uy = a * (x[v + 1] - x[v]) + b * (y[v + 1] - y[v]), c * (x[v + 1] - x[v]) + d * (y[v + 1] - y[v])
            length = ux * ux + uy * uy
            along = min(max(-(ax * ux + ay * uy) / (length if length > 0 else 1.0), 0.0), 1.0)
            squared = (ax + along * ux) ** 2 + (ay + along * uy) ** 2
            if squared < least:
                least, vertex, where = squared, v, along
    return least, vertex, where


@kernel
def nearest_edges(outlines, cells, place, affine):  # type: ignore[no-untyped-def]  # arrays in a tuple
    """See `gridsvc.index.engine.Eyes`."""
    squared, vertex, along = np.empty(len(cells)), np.empty(len(cells), np.int64), np.empty(len(cells))
    for k in range(len(cells)):
        squared[k], vertex[k], along[k] = _nearest_edge(outlines, cells[k], place[0], place[1], affine)
    return squared, vertex, along


@kernel
def _meets(tree, box, waiting):  # type: ignore[no-untyped-def]  # a tree's arrays
    return len(tree[2]) > 0 and search(TreeArrays(*tree), box, waiting, np.empty(0, np.int64)) > 0


@kernel
def look(sight, affine, place, radii):  # type: ignore[no-untyped-def]  # arrays in tuples
    """See `gridsvc.index.engine.Eyes`."""
    cells, trees, lines = sight
    (lon, lat, x, y), (a, b, c, d), (near_m, segment_m) = place, affine, radii
    neighbours, count = np.empty(MOST_NEIGHBOURS, np.int32), 0
    cell = walk_raster(RasterArrays(*cells[:5]), np.full(1, lon), np.full(1, lat))[0]
    area = cells[12][cell] if cell >= 0 else np.int32(-1)
    if area < 0:
        none = np.int32(-1), np.nan, np.int8(0), np.int32(-1), np.nan, np.int8(0), False, True
        return Look(none[0], area, neighbours[:0], True, True, True, none)  # type: ignore[arg-type]  # narrow numbers
    waiting, found = np.empty((DEEPEST, 2), np.int64), np.empty(MOST_NEIGHBOURS, np.int64)
    scale = near_m * MARGIN / abs(a * d - b * c)
    width, height = scale * np.hypot(d, b), scale * np.hypot(c, a)
    box, here = (lon - width, lat - height, lon + width, lat + height), (lon, lat, lon, lat)
    near = search(TreeArrays(*cells[5:8]), box, waiting, found)
    for one in found[:near]:
        far = _nearest_edge(cells[8:12], one, lon, lat, affine)[0] if one != cell else np.inf
        if far <= (near_m * MARGIN) ** 2:
            neighbours[count] = one if far * MARGIN**2 < near_m**2 else ~one
            count += 1
    is_odd = near > MOST_NEIGHBOURS or _meets(trees[:3], box, waiting)
    is_determined, is_patched = _meets(trees[3:6], box, waiting), _meets(trees[6:], here, waiting)
    numbers = lines[17][area]
    one = choose_segments(
        LineArrays(LineRaster(*lines[:5]), PieceArrays(*lines[5:12]), SegmentFacts(*lines[12:17])),
        Places(np.full(1, x), np.full(1, y), numbers[:1], numbers[1:]),
        segment_m,
    )
    chosen = one.segment[0], one.distance_m[0], one.side[0]
    passed = one.nearer[0], one.nearer_m[0], one.nearer_side[0]
    choice = (*chosen, *passed, one.is_own[0], one.is_doubtful[0])
    return Look(cell, area, neighbours[:count], is_odd, is_determined, is_patched, choice)  # type: ignore[arg-type]
