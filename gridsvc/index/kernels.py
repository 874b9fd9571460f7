"""The loops that answer: over flat arrays, one point after the other, without an object a point and without the GIL.

Compiled by numba when they are first called, and kept in its cache. `gridsvc.index.engine` says where that is and
stands numpy in for them where numba is not installed; nobody else imports this module or numba.
"""

import numpy as np
from numba import njit

from gridsvc.datum.arrays import FloatArray, Int32Array, IntArray
from gridsvc.index.layout import DOUBT, FANOUT, FIRST_NODE, NONE, STRIP, Box, RasterArrays, TreeArrays

NAME = "numba"
_DEEPEST = 8 * FANOUT  # what a search of a tree of eight levels has yet to look at, at most
_AT_ONCE = 4096


@njit(cache=True, nogil=True)
def _search(tree: TreeArrays, box: Box, waiting: IntArray, found: IntArray) -> int:
    """Count the rows whose box meets the given one; the first len(found) of them go to `found`."""
    west, south, east, north = box
    boxes, levels = tree.boxes, tree.levels
    count, left = 0, 1  # `left`: what is waiting to be looked at
    waiting[0, 0], waiting[0, 1] = levels[len(levels) - 2], len(levels) - 2
    while left:
        left -= 1
        at, level = waiting[left, 0], waiting[left, 1]
        meets = boxes[at, 0] <= east and boxes[at, 2] >= west and boxes[at, 1] <= north and boxes[at, 3] >= south
        if not meets:
            continue
        if level == 0:
            if count < len(found):
                found[count] = tree.rows[at]
            count += 1
            continue
        first = levels[level - 1] + (at - levels[level]) * FANOUT
        for child in range(first, min(first + FANOUT, levels[level])):
            waiting[left, 0], waiting[left, 1] = child, level - 1
            left += 1
    return count


@njit(cache=True, nogil=True)
def rows_in_box(tree: TreeArrays, box: Box) -> IntArray:
    """See `gridsvc.index.engine.Engine`."""
    found = np.empty(64, np.int64)
    if not len(tree.rows):
        return found[:0]
    waiting = np.empty((_DEEPEST, 2), np.int64)
    count = _search(tree, box, waiting, found)
    if count > len(found):
        found = np.empty(count, np.int64)
        _search(tree, box, waiting, found)
    return found[:count]


@njit(cache=True, nogil=True)
def box_pairs(tree: TreeArrays, boxes: FloatArray) -> tuple[IntArray, IntArray]:
    """See `gridsvc.index.engine.Engine`."""
    waiting, nothing = np.empty((_DEEPEST, 2), np.int64), np.empty(0, np.int64)
    counts = np.zeros(len(boxes) + 1, np.int64)
    if len(tree.rows):
        for i in range(len(boxes)):
            counts[i + 1] = _search(tree, (boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3]), waiting, nothing)
    ends = np.cumsum(counts)
    asked, found = np.empty(ends[-1], np.int64), np.empty(ends[-1], np.int64)
    for i in range(len(boxes)):
        if counts[i + 1]:
            box = (boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3])
            _search(tree, box, waiting, found[ends[i] : ends[i + 1]])
            asked[ends[i] : ends[i + 1]] = i
    return asked, found


@njit(cache=True, nogil=True, inline="always")
def _walk(code, u, v, nodes, lines):  # type: ignore[no-untyped-def]  # 32 bits in, 32 bits out
    """Down the nodes of a square to the code of the face that holds u, v."""
    while code <= FIRST_NODE:
        at = 4 * (FIRST_NODE - np.int64(code))
        below = nodes[at + 3]
        is_steep = (below & 1) != 0
        across = (u if is_steep else v) - (lines[at] * (v if is_steep else u) + lines[at + 1])
        code = nodes[at + 2] if across > 0 else below >> 1
        code = code if abs(across) >= STRIP else np.int32(DOUBT)
    return code


@njit(cache=True, nogil=True)
def walk_raster(raster: RasterArrays, lon: FloatArray, lat: FloatArray) -> Int32Array:
    """See `gridsvc.index.engine.Engine`. In blocks: first what squares say, in loads that do not wait for one another,
    then the squares that are cut.
    """
    west, south, per_lon, per_lat = raster.frame[0], raster.frame[1], raster.frame[2], raster.frame[3]
    columns, rows, codes, nodes, lines = (
        raster.columns,
        raster.rows,
        raster.codes,
        raster.nodes,
        raster.nodes.view(np.float32),
    )
    found = np.empty(len(lon), np.int32)
    us, vs, cut = np.empty(_AT_ONCE), np.empty(_AT_ONCE), np.empty(_AT_ONCE, np.int64)
    for start in range(0, len(lon), _AT_ONCE):
        cuts = np.int64(0)
        for i in range(min(_AT_ONCE, len(lon) - start)):
            x, y = (lon[start + i] - west) * per_lon, (lat[start + i] - south) * per_lat
            is_inside = (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
            column, row = np.int64(x if is_inside else 0.0), np.int64(y if is_inside else 0.0)
            code = codes[row * columns + column] if is_inside else np.int32(NONE)
            us[i], vs[i] = x - column, y - row
            found[start + i] = code
            cut[cuts] = i
            cuts += code <= FIRST_NODE
        for k in range(cuts):
            i = cut[k]
            found[start + i] = _walk(found[start + i], us[i], vs[i], nodes, lines)
    return found
