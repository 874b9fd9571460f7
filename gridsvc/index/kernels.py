"""The loops that answer: over flat arrays, one point after the other, without an object a point and without the GIL.

Compiled by numba when they are first called, and kept in its cache. `gridsvc.index.engine` says where that is and
stands numpy in for them where numba is not installed; nobody else imports this module or numba.
"""

import numpy as np
from numba import njit

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.index.layout import (
    DOUBT,
    FANOUT,
    FIRST_NODE,
    NONE,
    ORIENTATION_BOUND,
    ORIENTATION_FLOOR,
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

NAME = "numba"
kernel = njit(cache=True, nogil=True)
DEEPEST = 8 * FANOUT  # what a search of a tree of eight levels has yet to look at, at most
_AT_ONCE = 4096


@njit(cache=True, nogil=True)
def search(tree: TreeArrays, box: Box, waiting: IntArray, found: IntArray) -> int:
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
    waiting = np.empty((DEEPEST, 2), np.int64)
    count = search(tree, box, waiting, found)
    if count > len(found):
        found = np.empty(count, np.int64)
        search(tree, box, waiting, found)
    return found[:count]


@njit(cache=True, nogil=True)
def box_pairs(tree: TreeArrays, boxes: FloatArray) -> tuple[IntArray, IntArray]:
    """See `gridsvc.index.engine.Engine`."""
    waiting, nothing = np.empty((DEEPEST, 2), np.int64), np.empty(0, np.int64)
    counts = np.zeros(len(boxes) + 1, np.int64)
    if len(tree.rows):
        for i in range(len(boxes)):
            counts[i + 1] = search(tree, (boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3]), waiting, nothing)
    ends = np.cumsum(counts)
    asked, found = np.empty(ends[-1], np.int64), np.empty(ends[-1], np.int64)
    for i in range(len(boxes)):
        if counts[i + 1]:
            box = (boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3])
            search(tree, box, waiting, found[ends[i] : ends[i + 1]])
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


@njit(cache=True, nogil=True)
def _turn(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """+1 where a, b, p turn left, -1 right; UNSURE where rounding may decide (see `geometry.exact.orientation`)."""
    left, right = (ax - px) * (by - py), (ay - py) * (bx - px)
    across = left - right
    if abs(across) > ORIENTATION_BOUND * (abs(left) + abs(right)) + ORIENTATION_FLOOR and np.isfinite(across):
        return 1 if across > 0 else -1
    return UNSURE


@njit(cache=True, nogil=True)
def _crossed(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """See `geometry.exact._meet`: -1 where the ray to the east crosses an edge, 0 where it holds p, else 1."""
    if (ax == px and ay == py) or (bx == px and by == py):
        return 0
    if ay == by and ay == py and min(ax, bx) <= px <= max(ax, bx):
        return 0
    if (ay > py) == (by > py) or px > max(ax, bx):
        return 1
    if px < min(ax, bx):
        return -1
    side = _turn(ax, ay, bx, by, px, py)
    return -side if by > py and side != UNSURE else side


@njit(cache=True, nogil=True)
def locate(rings: RingArrays, polygon: IntArray, px: FloatArray, py: FloatArray) -> Int8Array:
    """See `gridsvc.index.engine.Engine`."""
    x, y, offsets, polygons = rings.x, rings.y, rings.ring_offsets, rings.polygon_offsets
    found = np.empty(len(polygon), np.int8)
    for i in range(len(polygon)):
        at_x, at_y, place = px[i], py[i], -1
        for ring in range(polygons[polygon[i]], polygons[polygon[i] + 1]):
            for a in range(offsets[ring], offsets[ring + 1] - 1):
                crossed = _crossed(x[a], y[a], x[a + 1], y[a + 1], at_x, at_y)
                if crossed in (0, UNSURE):
                    place = crossed
                    break
                place *= crossed
            if place in (0, UNSURE):
                break
        found[i] = place
    return found


_MOST_NEAR = 256  # segments near one place; where there are more, arrays are asked


@njit(cache=True, nogil=True)
def _side(pieces, piece, along, x, y):  # type: ignore[no-untyped-def]  # arrays in a named tuple
    """On which side of its nearest piece a place lies: see `territory.segments._side`."""
    first = pieces.before[piece] if along <= 0 else piece
    second = piece if along <= 0 else (pieces.after[piece] if along >= 1 else -1)
    if first >= 0 and second >= 0:
        corner_x, corner_y = pieces.ax[second], pieces.ay[second]
        if corner_x == x and corner_y == y:
            return 0
        bend = _turn(
            pieces.ax[first], pieces.ay[first], pieces.bx[first], pieces.by[first], pieces.bx[second], pieces.by[second]
        )
        return UNSURE if bend == UNSURE else -bend
    return _turn(pieces.ax[piece], pieces.ay[piece], pieces.bx[piece], pieces.by[piece], x, y)


@njit(cache=True, nogil=True)
def _is_among(number: int, starts: IntArray, numbers: Int32Array, segment: int) -> bool:
    return number in numbers[starts[segment] : starts[segment + 1]]


@njit(cache=True, nogil=True)
def _near(lines: LineArrays, x: float, y: float, radius_m: float, near: IntArray, far: FloatArray) -> int:
    """Count the segments within the radius, -1 where there are too many. Rows of `near` are (segment, its nearest
    piece), rows of `far` (square metres to it, the same for its order among pieces, where along it the place lies).
    """
    raster, pieces = lines.raster, lines.pieces
    west, south, side = raster.frame[0], raster.frame[1], raster.frame[2]
    left, right = (x - radius_m - west) / side, (x + radius_m - west) / side
    low, high = (y - radius_m - south) / side, (y + radius_m - south) / side
    if not (right >= 0 and left < raster.columns and high >= 0 and low < raster.rows):
        return 0
    count, most = 0, radius_m * radius_m * (1 + 1e-12)
    for row in range(max(0, int(low)), min(raster.rows - 1, int(high)) + 1):
        for column in range(max(0, int(left)), min(raster.columns - 1, int(right)) + 1):
            square = row * raster.columns + column
            for at in range(raster.starts[square], raster.starts[square + 1]):
                piece = raster.pieces[at]
                ax, ay = pieces.ax[piece], pieces.ay[piece]
                ux, uy = pieces.bx[piece] - ax, pieces.by[piece] - ay
                length = ux * ux + uy * uy
                along = ((x - ax) * ux + (y - ay) * uy) / (length if length > 0 else 1.0)
                clipped = min(max(along, 0.0), 1.0)
                across, up = ax + clipped * ux - x, ay + clipped * uy - y
                squared = across * across + up * up
                if squared > most:
                    continue
                # of pieces equally near, one with a length is preferred: it has sides
                order = squared if length > 0 else np.nextafter(squared, np.inf)
                segment = pieces.owner[piece]
                k = 0
                while k < count and near[k, 0] != segment:
                    k += 1
                if k == len(near):
                    return -1
                if k == count:
                    near[k, 0], far[k, 0], far[k, 1] = segment, np.inf, np.inf
                    count += 1
                far[k, 0] = min(far[k, 0], squared)
                if order < far[k, 1] or (order == far[k, 1] and piece < near[k, 1]):
                    near[k, 1], far[k, 1], far[k, 2] = piece, order, along
    return count


@njit(cache=True, nogil=True)
def choose_segments(lines: LineArrays, places: Places, radius_m: float) -> Choices:
    """See `gridsvc.index.engine.Engine`."""
    count = len(places.x)
    segment, nearer = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    distance, nearer_m = np.full(count, np.nan), np.full(count, np.nan)
    side, nearer_side = np.zeros(count, np.int8), np.zeros(count, np.int8)
    is_own, is_doubtful = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    near, far = np.empty((_MOST_NEAR, 2), np.int64), np.empty((_MOST_NEAR, 3))
    facts = lines.facts
    for i in range(count):
        x, y = places.x[i], places.y[i]
        found = _near(lines, x, y, radius_m, near, far)
        is_doubtful[i] = found < 0
        best, nearest = (1, 0.0, 1, 1, 0, 0), (0.0, 1, 1, 0, 0)
        for k in range(found):
            metres = np.sqrt(far[k, 0])
            if metres > radius_m:
                continue
            one = near[k, 0]
            is_foreign = 0 if _is_among(places.subdistrict[i], facts.subdistrict_starts, facts.subdistricts, one) else 1
            is_elsewhere = 0 if _is_among(places.community[i], facts.community_starts, facts.communities, one) else 1
            order = (np.rint(metres * 1000.0), is_elsewhere, 1 if facts.is_street[one] else 0, one, k)
            ruled = (is_foreign, order[0], order[1], order[2], order[3], order[4])
            if segment[i] < 0 or ruled < best:
                best, segment[i] = ruled, one
            if nearer[i] < 0 or order < nearest:
                nearest, nearer[i] = order, one
        if segment[i] < 0:
            continue
        k = best[5]
        distance[i], is_own[i] = np.sqrt(far[k, 0]), best[0] == 0
        side[i] = 0 if best[1] == 0 else _side(lines.pieces, near[k, 1], far[k, 2], x, y)
        is_doubtful[i] = side[i] == UNSURE
        if nearest[0] < best[1]:
            k = nearest[4]
            nearer_m[i] = np.sqrt(far[k, 0])
            nearer_side[i] = 0 if nearest[0] == 0 else _side(lines.pieces, near[k, 1], far[k, 2], x, y)
            is_doubtful[i] |= nearer_side[i] == UNSURE
        else:
            nearer[i] = -1
    return Choices(segment, distance, side, nearer, nearer_m, nearer_side, is_own, is_doubtful)
