"""Points between arrays of coordinates and Well-Known Binary, without an object for each."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.formats.nesting import TOO_DEEP, is_wkb_too_deep

Floats = NDArray[np.float64]

NO_SHAPE, EMPTY = "it has no geometry", "its geometry is empty"
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
_LENGTHS = {1: 21, 1001: 29, 2001: 29, 3001: 37, 0x80000001: 29, 0x40000001: 29, 0xC0000001: 37}
"""Bytes of a point by its kind: flat, with height, with measure, with both, in the ISO and the extended writing."""


def coordinates_of(shapes: pa.Array) -> tuple[Floats, Floats, dict[int, str]]:
    """Coordinates of each shape, NaN where it is no point, and why. A MultiPoint of one point is that point."""
    shapes = shapes.cast(pa.large_binary())
    points, is_plain = _read_plain(shapes)
    x, y = np.where(is_plain, points["x"], np.nan), np.where(is_plain, points["y"], np.nan)
    faults = dict.fromkeys(np.flatnonzero(is_plain & np.isnan(x) & np.isnan(y)).tolist(), EMPTY)
    for row in np.flatnonzero(~is_plain).tolist():
        found = _find_point(shapes[row].as_py())
        if isinstance(found, str):
            faults[row] = found
        else:
            x[row], y[row] = found
    return x, y, faults


def _read_plain(shapes: pa.LargeBinaryArray) -> tuple[NDArray[np.void], NDArray[np.bool_]]:
    """The first bytes of every shape read as a point's, and where they are."""
    _, offsets, data = shapes.buffers()
    places = np.frombuffer(offsets, np.int64)[shapes.offset : shapes.offset + len(shapes) + 1]
    content = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    lengths = np.diff(places)
    is_plain = shapes.is_valid().to_numpy(zero_copy_only=False) & (lengths >= _POINT.itemsize)
    heads = np.zeros((len(shapes), _POINT.itemsize), np.uint8)
    heads[is_plain] = content[places[:-1][is_plain, None] + np.arange(_POINT.itemsize)]
    points = heads.view(_POINT)[:, 0]
    fits = np.any([(points["kind"] == kind) & (lengths == length) for kind, length in _LENGTHS.items()], axis=0)
    return points, is_plain & (points["order"] == 1) & fits


def _find_point(blob: bytes | None) -> tuple[float, float] | str:
    if blob is None:
        return NO_SHAPE
    if is_wkb_too_deep(blob):
        return f"its geometry cannot be read: {TOO_DEEP}"
    try:
        shape = shapely.from_wkb(blob)
    except shapely.errors.ShapelyError:
        return "its geometry cannot be read"
    parts = shapely.get_parts(shape)
    if shape.geom_type not in {"Point", "MultiPoint"} or len(parts) > 1:
        return f"its geometry is {shape.geom_type}: Point is wanted"
    if shape.is_empty:
        return EMPTY
    return float(parts[0].x), float(parts[0].y)


def write_points(x: Floats, y: Floats) -> pa.BinaryArray:
    """Points as WKB, null where a coordinate is NaN."""
    points = np.zeros(len(x), _POINT)
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, x, y
    is_there = pa.array(~(np.isnan(x) | np.isnan(y)))
    blobs = pa.FixedSizeBinaryArray.from_buffers(pa.binary(_POINT.itemsize), len(x), [None, pa.py_buffer(points)])
    nothing = pa.scalar(None, pa.binary())
    return pc.if_else(is_there, blobs.cast(pa.binary()), nothing)
