"""A shape cut up by outlines, each place once: where outlines share or overlap ground, the first one has it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import FloatArray
from gridsvc.datum.plane import Plane

_METRES_PER_DEGREE = 111_320.0
_MARGIN_DEG = 1e-5
GRID_DEG = 1e-11
_LOST = 1e-9  # share of the ground, far above what cutting loses to rounding
_PIECES_AT_ONCE = 2_000
_STEP_FACTOR_M = 20.0
"""An edge of h metres, straight in lon/lat, bows by up to h² × 5e-8 metres in the plane (70° north). Steps of
sqrt(20 m × area / perimeter), bowed, so keep areas right to 1e-9."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Pieces of a shape by index of their outline, and what no outline covers."""

    pieces: tuple[tuple[int, BaseGeometry], ...]
    rest: BaseGeometry


def cut_shape(shape: BaseGeometry, outlines: Sequence[BaseGeometry], whole: Collection[int] = ()) -> Partition:
    """Cut a line or polygon (lon/lat, as the outlines are) by outlines in order of precedence. Those of `whole` are
    known to lie inside a polygon and to share no ground with others: each is a piece as it is.

    GEOS now and then loses a whole polygon where edges are nearly equal. Pieces that do not make up the ground are
    cut once more on a grid of a micrometre, which loses none and takes several times as long.
    """
    if not outlines or shape.is_empty:
        return Partition((), shape)
    cut = _cut(shape, outlines, frozenset(whole), None)
    found = sum(piece.area for _, piece in cut.pieces) + cut.rest.area
    if abs(found - shape.area) <= _LOST * shape.area:
        return cut
    on_grid = shapely.set_precision([shape, *outlines], GRID_DEG)
    return _cut(on_grid[0], list(on_grid[1:]), frozenset(whole), GRID_DEG)


def _cut(shape: BaseGeometry, outlines: Sequence[BaseGeometry], whole: frozenset[int], grid: float | None) -> Partition:
    tree = STRtree(list(outlines))
    hits = np.sort(tree.query(shape, predicate="intersects")).tolist()
    pieces: list[tuple[int, BaseGeometry]] = []
    for index in hits:
        if index in whole:
            pieces.append((index, outlines[index]))
            continue
        common = shapely.intersection(outlines[index], _around(outlines[index], shape), grid_size=grid)
        piece = _of_dimension(common, shape)
        if not piece.is_empty:
            pieces.append((index, piece))
    clean = [
        (index, piece if index in whole else _without_earlier(piece, index, outlines, tree, grid))
        for index, piece in pieces
    ]
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
    piece: BaseGeometry, own: int, outlines: Sequence[BaseGeometry], tree: STRtree, grid: float | None
) -> BaseGeometry:
    """A piece without the ground of outlines that come before its own; a mere shared border of areas is no ground."""
    ground = piece.area > 0
    for other in np.sort(tree.query(piece, predicate="intersects")).tolist():
        if other < own and (not ground or shapely.relate_pattern(outlines[other], piece, "2********")):
            piece = _of_dimension(shapely.difference(piece, outlines[other], grid_size=grid), piece)
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
    return float(measure_all(plane, [piece])[0])


def measure_all(plane: Plane, pieces: Sequence[BaseGeometry]) -> FloatArray:
    """`measure` of lines or of polygons, in chunks: asking piece by piece costs more than measuring."""
    shapes, found = np.array(pieces or [], object), np.zeros(len(pieces))
    for start in range(0, len(shapes), _PIECES_AT_ONCE):
        chunk = shapes[start : start + _PIECES_AT_ONCE]
        flat = shapely.transform(chunk, lambda places: _project(plane, places))
        lengths, areas = shapely.length(flat), shapely.area(flat)
        found[start : start + len(chunk)] = np.where(shapely.get_dimensions(chunk) < 2, lengths, 0.0)
        grounds = np.flatnonzero(areas > 0.0)
        if len(grounds):
            step_m = np.maximum(1.0, (_STEP_FACTOR_M * areas[grounds] / lengths[grounds]) ** 0.5)
            fine = shapely.segmentize(chunk[grounds], step_m / _METRES_PER_DEGREE)
            found[start + grounds] = _bowed_areas(plane, fine)
    return found


def _bowed_areas(plane: Plane, grounds: NDArray[np.object_]) -> FloatArray:
    """Square metres with each edge bowed through its projected middle: parts of a shape add up to the whole."""
    parts, part_owner = shapely.get_parts(grounds, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    x, y = plane.project(*places.T)
    middle_x, middle_y = plane.project(*((places[edge] + places[edge + 1]) / 2).T)
    # metres from the first vertex of each ground: products of eastings and northings would lose digits
    ground = part_owner[ring_part][ring]
    first = np.searchsorted(ground, ground)
    x0, y0 = x[first], y[first]
    x, y, middle_x, middle_y = x - x0, y - y0, middle_x - x0[edge], middle_y - y0[edge]
    ax, ay, bx, by = x[edge], y[edge], x[edge + 1], y[edge + 1]
    bow = (bx - ax) * (middle_y - (ay + by) / 2) - (by - ay) * (middle_x - (ax + bx) / 2)
    areas = np.abs(np.bincount(ring[edge], (ax * by - ay * bx) / 2 - bow * 2 / 3))
    is_shell = np.append(True, ring_part[1:] != ring_part[:-1])
    signed = np.where(is_shell, areas, -areas)
    return np.bincount(part_owner[ring_part], signed, minlength=len(grounds)).astype(np.float64)


def projected(plane: Plane, shape: BaseGeometry) -> BaseGeometry:
    """The same vertices in metres."""
    return shapely.transform(shape, lambda places: _project(plane, places))


def _project(plane: Plane, places: FloatArray) -> FloatArray:
    return np.stack(plane.project(places[:, 0], places[:, 1]), axis=-1)
