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
GRID_DEG = 1e-11
_LOST = 1e-9  # share of the ground, far above what cutting loses to rounding
_STEP_FACTOR_M = 20.0
"""An edge of h metres, straight in lon/lat, bows by up to h² × 5e-8 metres in the plane (70° north). Steps of
sqrt(20 m × area / perimeter), bowed, so keep areas right to 1e-9."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Pieces of a shape by index of their outline, and what no outline covers."""

    pieces: tuple[tuple[int, BaseGeometry], ...]
    rest: BaseGeometry


def cut_shape(shape: BaseGeometry, outlines: Sequence[BaseGeometry]) -> Partition:
    """Cut a line or polygon (lon/lat, as the outlines are) by outlines in order of precedence.

    GEOS now and then loses a whole polygon where edges are nearly equal. Pieces that do not make up the ground are
    cut once more on a grid of a micrometre, which loses none and takes several times as long.
    """
    if not outlines or shape.is_empty:
        return Partition((), shape)
    cut = _cut(shape, outlines, None)
    found = sum(piece.area for _, piece in cut.pieces) + cut.rest.area
    if abs(found - shape.area) <= _LOST * shape.area:
        return cut
    on_grid = shapely.set_precision([shape, *outlines], GRID_DEG)
    return _cut(on_grid[0], list(on_grid[1:]), GRID_DEG)


def _cut(shape: BaseGeometry, outlines: Sequence[BaseGeometry], grid: float | None) -> Partition:
    tree = STRtree(list(outlines))
    hits = np.sort(tree.query(shape, predicate="intersects")).tolist()
    pieces: list[tuple[int, BaseGeometry]] = []
    for index in hits:
        common = shapely.intersection(outlines[index], _around(outlines[index], shape), grid_size=grid)
        piece = _of_dimension(common, shape)
        if not piece.is_empty:
            pieces.append((index, piece))
    clean = [(index, _without_earlier(piece, outlines[:index], tree, grid)) for index, piece in pieces]
    covered = shapely.union_all([outlines[index] for index in hits], grid_size=grid)
    rest = _of_dimension(shapely.difference(shape, covered, grid_size=grid), shape)
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


def _without_earlier(
    piece: BaseGeometry, earlier: Sequence[BaseGeometry], tree: STRtree, grid: float | None
) -> BaseGeometry:
    """A piece without the ground of outlines that come before its own; a mere shared border of areas is no ground."""
    ground = piece.area > 0
    for other in np.sort(tree.query(piece, predicate="intersects")).tolist():
        if other < len(earlier) and (not ground or shapely.relate_pattern(earlier[other], piece, "2********")):
            piece = _of_dimension(shapely.difference(piece, earlier[other], grid_size=grid), piece)
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
    return _bowed_area(plane, shapely.segmentize(piece, step_m / _METRES_PER_DEGREE))


def _bowed_area(plane: Plane, ground: BaseGeometry) -> float:
    """Square metres with each edge bowed through its projected middle: parts of a shape add up to the whole."""
    rings, owner = shapely.get_rings(shapely.get_parts(ground), return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    x, y = plane.project(*places.T)
    middle_x, middle_y = plane.project(*((places[edge] + places[edge + 1]) / 2).T)
    x, y, middle_x, middle_y = x - x[0], y - y[0], middle_x - x[0], middle_y - y[0]
    ax, ay, bx, by = x[edge], y[edge], x[edge + 1], y[edge + 1]
    bow = (bx - ax) * (middle_y - (ay + by) / 2) - (by - ay) * (middle_x - (ax + bx) / 2)
    areas = np.abs(np.bincount(ring[edge], (ax * by - ay * bx) / 2 - bow * 2 / 3))
    is_shell = np.append(True, owner[1:] != owner[:-1])
    return float(np.where(is_shell, areas, -areas).sum())


def projected(plane: Plane, shape: BaseGeometry) -> BaseGeometry:
    """The same vertices in metres."""
    return shapely.transform(shape, lambda places: np.stack(plane.project(places[:, 0], places[:, 1]), axis=-1))
