"""A shape cut up by outlines, each place once: where outlines share or overlap ground, the first one has it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.plane import Plane

_METRES_PER_DEGREE = 111_320.0
_MARGIN_DEG = 1e-5
_STEP_FACTOR_M = 20.0
"""An edge of h metres, straight in lon/lat, bows by up to h² × 5e-8 metres in the plane (70° north). Steps of
sqrt(20 m × area / perimeter) so keep areas right to 1e-6."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Pieces of a shape by index of their outline, and what no outline covers."""

    pieces: tuple[tuple[int, BaseGeometry], ...]
    rest: BaseGeometry


def cut_shape(shape: BaseGeometry, outlines: Sequence[BaseGeometry]) -> Partition:
    """Cut a line or polygon (lon/lat, as the outlines are) by outlines in order of precedence."""
    if not outlines or shape.is_empty:
        return Partition((), shape)
    tree = STRtree(list(outlines))
    hits = np.sort(tree.query(shape, predicate="intersects")).tolist()
    pieces: list[tuple[int, BaseGeometry]] = []
    for index in hits:
        piece = _of_dimension(outlines[index].intersection(_around(outlines[index], shape)), shape)
        if not piece.is_empty:
            pieces.append((index, piece))
    clean = [(index, _without_earlier(index, piece, outlines, tree)) for index, piece in pieces]
    covered = shapely.union_all([outlines[index] for index, _ in pieces])
    rest = _of_dimension(shape.difference(covered), shape)
    return Partition(tuple((index, piece) for index, piece in clean if not piece.is_empty), rest)


def _around(outline: BaseGeometry, shape: BaseGeometry) -> BaseGeometry:
    """What of a line is near an outline: it may cross itself thousands of times elsewhere, and each would be found."""
    if shapely.get_dimensions(shape) != 1:
        return shape
    west, south, east, north = outline.bounds
    near: BaseGeometry = shapely.clip_by_rect(
        shape, west - _MARGIN_DEG, south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG
    )
    return near


def _without_earlier(index: int, piece: BaseGeometry, outlines: Sequence[BaseGeometry], tree: STRtree) -> BaseGeometry:
    """A piece without the ground of outlines that come before its own; a mere shared border of areas is no ground."""
    ground = piece.area > 0
    for other in np.sort(tree.query(piece, predicate="intersects")).tolist():
        if other < index and (not ground or shapely.relate_pattern(outlines[other], piece, "2********")):
            piece = _of_dimension(piece.difference(outlines[other]), piece)
    return piece


def _of_dimension(found: BaseGeometry, like: BaseGeometry) -> BaseGeometry:
    """Only the parts that are lines for a line, polygons for a polygon."""
    wanted = shapely.get_dimensions(like)
    parts = shapely.get_parts(found)
    kept = parts[shapely.get_dimensions(parts) == wanted]
    if len(kept) == len(parts) == 1:
        return found
    return shapely.MultiPolygon(list(kept)) if wanted == 2 else shapely.MultiLineString(list(kept))


def measure(plane: Plane, piece: BaseGeometry) -> float:
    """Metres of a line, square metres of a polygon, in the projected CRS; edges are straight in lon/lat."""
    if piece.is_empty:
        return 0.0
    flat = projected(plane, piece)
    if shapely.get_dimensions(piece) < 2:
        return float(flat.length)
    if flat.area == 0.0:
        return 0.0
    step_m = max(1.0, (_STEP_FACTOR_M * flat.area / flat.length) ** 0.5)
    return float(projected(plane, shapely.segmentize(piece, step_m / _METRES_PER_DEGREE)).area)


def projected(plane: Plane, shape: BaseGeometry) -> BaseGeometry:
    """The same vertices in metres."""
    return shapely.transform(shape, lambda places: np.stack(plane.project(places[:, 0], places[:, 1]), axis=-1))
