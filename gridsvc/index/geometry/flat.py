"""The shapes of a layer as flat arrays of vertices, gathered without holding a million geometry objects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import BoolArray, FloatArray, IntArray

_SHAPES_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class FlatShapes:
    """Lines of vertices, that is the rings of polygons or the lines and points themselves, in order.

    Line k has the vertices line_offsets[k]:line_offsets[k + 1] and belongs to part `line_part[k]` of shape
    `line_owner[k]`; parts are counted over all shapes. `is_ccw` says that a ring turns counter-clockwise. Per shape:
    `boxes` (west, south, east, north), whether it `is_valid`, and `is_missing` where there is none.
    """

    x: FloatArray
    y: FloatArray
    line_offsets: IntArray
    line_part: IntArray
    line_owner: IntArray
    is_ccw: BoolArray
    is_polygonal: bool
    boxes: FloatArray
    is_valid: BoolArray
    is_missing: BoolArray

    def __len__(self) -> int:
        return len(self.boxes)


def flatten(shapes: Sequence[BaseGeometry | None]) -> FlatShapes:
    """Polygons, or lines and points, as they come; None is a shape without vertices."""
    kept = np.empty(len(shapes), object)
    kept[:] = list(shapes)
    parts, owner = shapely.get_parts(kept, return_index=True)
    is_polygonal = bool((shapely.get_dimensions(parts) == 2).any())
    lines, part = shapely.get_rings(parts, return_index=True) if is_polygonal else (parts, np.arange(len(parts)))
    places = shapely.get_coordinates(lines)
    return FlatShapes(
        np.ascontiguousarray(places[:, 0]),
        np.ascontiguousarray(places[:, 1]),
        _offsets(shapely.get_num_coordinates(lines)),
        part.astype(np.int64),
        owner[part].astype(np.int64),
        shapely.is_ccw(lines) if is_polygonal else np.zeros(len(lines), np.bool_),
        is_polygonal,
        shapely.bounds(kept).reshape(-1, 4),
        np.asarray(shapely.is_valid(kept), np.bool_),
        np.asarray(shapely.is_missing(kept), np.bool_),
    )


def without_missing(flat: FlatShapes) -> FlatShapes:
    """Only the shapes that there are, counted anew."""
    kept = ~flat.is_missing
    number = np.cumsum(kept) - 1
    return replace(
        flat,
        line_owner=number[flat.line_owner],
        boxes=flat.boxes[kept],
        is_valid=flat.is_valid[kept],
        is_missing=flat.is_missing[kept],
    )


class Gathering:
    """Shapes one by one; what they are made of is kept, they themselves are not."""

    def __init__(self) -> None:
        self._waiting: list[BaseGeometry | None] = []
        self._chunks: list[FlatShapes] = []

    def add(self, shape: BaseGeometry | None) -> None:
        """The next one."""
        self._waiting.append(shape)
        if len(self._waiting) == _SHAPES_AT_ONCE:
            self._chunks.append(flatten(self._waiting))
            self._waiting = []

    def whole(self) -> FlatShapes:
        """All of them, once: nothing is to be added afterwards."""
        chunks = [*self._chunks, flatten(self._waiting)]
        self._chunks, self._waiting = [], []
        return _joined(chunks) if len(chunks) > 1 else chunks[0]


def _joined(chunks: list[FlatShapes]) -> FlatShapes:
    shapes = np.cumsum([0, *(len(chunk) for chunk in chunks)])
    parts = np.cumsum([0, *(int(chunk.line_part[-1]) + 1 if len(chunk.line_part) else 0 for chunk in chunks)])
    counts = np.concatenate([np.diff(chunk.line_offsets) for chunk in chunks])
    return FlatShapes(
        np.concatenate([chunk.x for chunk in chunks]),
        np.concatenate([chunk.y for chunk in chunks]),
        _offsets(counts),
        np.concatenate([chunk.line_part + before for chunk, before in zip(chunks, parts, strict=False)]),
        np.concatenate([chunk.line_owner + before for chunk, before in zip(chunks, shapes, strict=False)]),
        np.concatenate([chunk.is_ccw for chunk in chunks]),
        any(chunk.is_polygonal for chunk in chunks),
        np.concatenate([chunk.boxes for chunk in chunks]),
        np.concatenate([chunk.is_valid for chunk in chunks]),
        np.concatenate([chunk.is_missing for chunk in chunks]),
    )


def _offsets(counts: NDArray[np.int32] | IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
