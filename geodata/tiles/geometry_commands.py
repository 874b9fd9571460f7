"""Many shapes at once to the geometry fields of Mapbox vector tiles 2.1: whole units, steps, zigzag, variable length.

One shape is what one feature shows in one tile. Vertices that rounding lays upon each other become one, rings that
rounding lays flat are left out, and so are holes of such rings.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geodata.tiles.grid import Shapes
from gridsvc.datum.arrays import BoolArray, IntArray

MOVE_TO_ONE, CLOSE = 1 | 1 << 3, 7 | 1 << 3
LINE_TO = 2
POINT, LINE, POLYGON = 1, 2, 3


@dataclass(frozen=True)
class _Paths:
    """Runs of whole-unit vertices; `path` says whose each vertex is, `shape` and `outer` are by path."""

    x: IntArray
    y: IntArray
    path: IntArray
    shape: IntArray
    outer: BoolArray


def encode_shapes(shapes: Shapes, origin_x: IntArray, origin_y: IntArray, kind: int) -> list[bytes]:
    """The geometry field of each shape, measured from its tile's corner; empty where nothing is left of it."""
    paths = _take_apart(shapes, kind)
    x = np.rint(paths[0][:, 0] - origin_x[paths[2][paths[1]]]).astype(np.int64)
    y = np.rint(paths[0][:, 1] - origin_y[paths[2][paths[1]]]).astype(np.int64)
    kept = _without_repeats(_Paths(x, y, paths[1], paths[2], paths[3]), is_ring=kind == POLYGON)
    kept = _without_flat(kept, kind)
    return _write(kept, len(shapes), kind)


def _take_apart(shapes: Shapes, kind: int) -> tuple[np.ndarray, IntArray, IntArray, BoolArray]:
    """(vertices, path of each, shape of each path, whether each path is an outer ring)."""
    parts, part_shape = shapely.get_parts(shapes, return_index=True)
    if kind == POLYGON:
        polygonal = shapely.get_type_id(parts) == POLYGON
        parts, part_shape = shapely.orient_polygons(parts[polygonal], exterior_cw=False), part_shape[polygonal]
        rings, ring_part = shapely.get_rings(parts, return_index=True)
        outer = np.diff(ring_part, prepend=-1) != 0
        vertices, path = shapely.get_coordinates(rings, return_index=True)
        return vertices, path, part_shape[ring_part], outer
    wanted = shapely.get_type_id(parts) == (0 if kind == POINT else 1)
    parts, part_shape = parts[wanted], part_shape[wanted]
    vertices, path = shapely.get_coordinates(parts, return_index=True)
    return vertices, path, part_shape, np.ones(len(parts), bool)


def _without_repeats(paths: _Paths, *, is_ring: bool) -> _Paths:
    first = np.diff(paths.path, prepend=-1) != 0
    again = np.diff(paths.x, prepend=0) == 0
    again &= np.diff(paths.y, prepend=0) == 0
    keep = first | ~again
    if is_ring:
        # The last vertex of a ring is its first one; what is left before it may be so too after rounding.
        start = np.flatnonzero(first)[paths.path]
        home = (paths.x == paths.x[start]) & (paths.y == paths.y[start])
        index = np.where(keep & ~home, np.arange(len(keep)), -1)
        last = np.full(len(paths.shape), -1)
        np.maximum.at(last, paths.path, index)
        keep &= first | (np.arange(len(keep)) <= last[paths.path])
    return _Paths(paths.x[keep], paths.y[keep], paths.path[keep], paths.shape, paths.outer)


def _without_flat(paths: _Paths, kind: int) -> _Paths:
    if kind == POINT:
        return paths
    count = np.bincount(paths.path, minlength=len(paths.shape))
    good = count >= kind
    if kind == POLYGON:
        area = _areas(paths)
        good &= np.where(paths.outer, area > 0, area < 0)
        whose = np.maximum.accumulate(np.where(paths.outer, np.arange(len(good)), -1))
        good &= good[whose]
    number = np.cumsum(good) - 1
    keep = good[paths.path]
    return _Paths(paths.x[keep], paths.y[keep], number[paths.path[keep]], paths.shape[good], paths.outer[good])


def _areas(paths: _Paths) -> IntArray:
    """Twice the area of every ring; positive for outer ones as y points south."""
    first = np.flatnonzero(np.diff(paths.path, prepend=-1) != 0)
    following = np.arange(1, len(paths.x) + 1)
    if len(first):
        following[np.append(first[1:], len(paths.x)) - 1] = first
    cross = paths.x * paths.y[following] - paths.x[following] * paths.y
    area = np.zeros(len(paths.shape), np.int64)
    np.add.at(area, paths.path, cross)
    return area


def _write(paths: _Paths, count: int, kind: int) -> list[bytes]:
    if len(paths.x) == 0:
        return [b""] * count
    first = np.diff(paths.path, prepend=-1) != 0
    starts = np.flatnonzero(first)
    length = np.diff(np.append(starts, len(paths.x)))
    shape_of_vertex = paths.shape[paths.path]
    new_shape = np.diff(shape_of_vertex, prepend=-1) != 0
    steps_x = paths.x - np.where(new_shape, 0, np.concatenate([[0], paths.x[:-1]]))
    steps_y = paths.y - np.where(new_shape, 0, np.concatenate([[0], paths.y[:-1]]))
    size = {POINT: 1 + 2 * length, LINE: 2 + 2 * length, POLYGON: 3 + 2 * length}[kind]
    begin = np.cumsum(size) - size
    stream = np.empty(int(size.sum()), np.uint64)
    stream[begin] = MOVE_TO_ONE
    if kind != POINT:
        stream[begin + 3] = (length - 1 << 3) | LINE_TO
    if kind == POLYGON:
        stream[begin + size - 1] = CLOSE
    within = np.arange(len(paths.x)) - starts[paths.path]
    at = begin[paths.path] + 1 + 2 * within + (within > 0)
    stream[at] = _zigzag(steps_x)
    stream[at + 1] = _zigzag(steps_y)
    data, offset = _varints(stream)
    # A shape's paths lie together: its bytes run from its first path to the first one of the next shape.
    shape_starts = np.flatnonzero(np.diff(paths.shape, prepend=-1) != 0)
    fields = [b""] * count
    bounds = np.append(offset[begin[shape_starts]], len(data)).tolist()
    raw = data.tobytes()
    for row, shape in enumerate(paths.shape[shape_starts].tolist()):
        fields[shape] = raw[bounds[row] : bounds[row + 1]]
    return fields


def _zigzag(steps: IntArray) -> np.ndarray:
    return ((steps << 1) ^ (steps >> 63)).astype(np.uint64)


def _varints(values: np.ndarray) -> tuple[np.ndarray, IntArray]:
    """All values in 7-bit groups, least first, and where each begins."""
    size = np.ones(len(values), np.int64)
    for group in range(1, 5):
        size += values >= 1 << 7 * group
    begin = np.cumsum(size) - size
    data = np.zeros(int(size.sum()), np.uint8)
    for group in range(int(size.max(initial=1))):
        having = size > group
        piece = (values[having] >> np.uint64(7 * group)) & np.uint64(0x7F)
        more = np.where(size[having] > group + 1, 0x80, 0).astype(np.uint64)
        data[begin[having] + group] = (piece | more).astype(np.uint8)
    return data, begin
