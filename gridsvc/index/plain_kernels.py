"""The kernels in numpy, for where numba is not installed: the same answers, slower, and memory for every step."""

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.index.geometry.ranges import expand_ranges
from gridsvc.index.layout import (
    DOUBT,
    FANOUT,
    FIRST_NODE,
    NONE,
    STRIP,
    UNSURE,
    Box,
    Choices,
    LineArrays,
    Places,
    RasterArrays,
    RingArrays,
    TreeArrays,
)

NAME = "numpy"


def rows_in_box(tree: TreeArrays, box: Box) -> IntArray:
    """See `gridsvc.index.engine.Engine`."""
    return box_pairs(tree, np.array([box]))[1]


def box_pairs(tree: TreeArrays, boxes: FloatArray) -> tuple[IntArray, IntArray]:
    """See `gridsvc.index.engine.Engine`. Level by level, all boxes at once."""
    levels = tree.levels
    asked = np.arange(len(boxes) if len(tree.rows) else 0)
    at = np.full(len(asked), levels[-2])
    for level in reversed(range(len(levels) - 1)):
        mine, theirs = tree.boxes[at], boxes[asked]
        meets = np.flatnonzero((mine[:, :2] <= theirs[:, 2:]).all(axis=1) & (mine[:, 2:] >= theirs[:, :2]).all(axis=1))
        asked, at = asked[meets], at[meets]
        if level:
            first = levels[level - 1] + (at - levels[level]) * FANOUT
            counts = np.minimum(first + FANOUT, levels[level]) - first
            asked, at = np.repeat(asked, counts), expand_ranges(first, counts)
    return asked, tree.rows[at].astype(np.int64)


def walk_raster(raster: RasterArrays, lon: FloatArray, lat: FloatArray) -> Int32Array:
    """See `gridsvc.index.engine.Engine`. One node further with all places at once."""
    west, south, per_lon, per_lat = raster.frame
    with np.errstate(invalid="ignore", over="ignore"):
        x, y = (lon - west) * per_lon, (lat - south) * per_lat
        place = np.flatnonzero((x >= 0) & (y >= 0) & (x < raster.columns) & (y < raster.rows))
    found = np.full(len(lon), NONE, np.int32)
    column, row = x[place].astype(np.int64), y[place].astype(np.int64)
    u, v, code = x[place] - column, y[place] - row, raster.codes[row * raster.columns + column]
    found[place] = code
    lines = raster.nodes.view(np.float32)
    while len(live := np.flatnonzero(code <= FIRST_NODE)):
        place, u, v = place[live], u[live], v[live]
        node = 4 * (FIRST_NODE - code[live].astype(np.int64))
        below = raster.nodes[node + 3]
        is_steep = (below & 1) == 1
        m, c = lines[node].astype(np.float64), lines[node + 1].astype(np.float64)
        across = np.where(is_steep, u, v) - (m * np.where(is_steep, v, u) + c)
        code = np.where(across > 0, raster.nodes[node + 2], below >> 1).astype(np.int32)
        code[np.abs(across) < STRIP] = DOUBT
        found[place] = code
    return found


def locate(rings: RingArrays, polygon: IntArray, px: FloatArray, py: FloatArray) -> Int8Array:  # noqa: ARG001  see below
    """See `gridsvc.index.engine.Engine`. All are unsure: what tells those by arrays tells all of them here."""
    return np.full(len(polygon), UNSURE, np.int8)


def choose_segments(lines: LineArrays, places: Places, radius_m: float) -> Choices:  # noqa: ARG001  see below
    """See `gridsvc.index.engine.Engine`. All are doubtful: what answers those by arrays answers all of them here."""
    count = len(places.x)
    nothing, nowhere, no_side = np.full(count, -1, np.int32), np.full(count, np.nan), np.zeros(count, np.int8)
    others = nothing.copy(), nowhere.copy(), no_side.copy()
    return Choices(nothing, nowhere, no_side, *others, np.zeros(count, np.bool_), np.ones(count, np.bool_))
