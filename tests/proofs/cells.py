"""Cell of a point against shapely in bulk, and against rational arithmetic where a point lies on or beside a border."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import shapely
from numpy.typing import NDArray

from gridsvc.index import kernels, plain_kernels
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.territory.cells import match_cells
from tests.fixtures.oracles import rational_place
from tests.proofs.row import Row

Points = NDArray[np.float64]
AT_ONCE = 1_000_000


class RationalCells:
    """Place of a point in a cell by rational arithmetic; only edges level with the point are looked at.

    Comparing doubles is exact, so leaving the other edges out takes nothing from the proof.
    """

    def __init__(self, polygons: NDArray[np.object_]) -> None:
        parts, whole = shapely.get_parts(polygons, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        self.boxes = shapely.bounds(polygons)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        joined = np.flatnonzero(ring[1:] == ring[:-1])
        self._edges = np.column_stack([xy[joined], xy[joined + 1]])
        self._first = np.searchsorted(whole[part[ring[joined]]], np.arange(len(polygons) + 1))

    def place(self, cell: int, lon: float, lat: float) -> int:
        """1 inside, 0 on the boundary, -1 outside."""
        edges = self._edges[self._first[cell] : self._first[cell + 1]]
        level = (np.minimum(edges[:, 1], edges[:, 3]) <= lat) & (lat <= np.maximum(edges[:, 1], edges[:, 3]))
        rational = [tuple(Fraction(value) for value in edge) for edge in edges[level].tolist()]
        return rational_place(rational, lon, lat)

    def winner(self, lon: float, lat: float) -> int:
        """The lowest cell that covers the point, -1 when none does."""
        boxes = self.boxes
        held = (boxes[:, 0] <= lon) & (lon <= boxes[:, 2]) & (boxes[:, 1] <= lat) & (lat <= boxes[:, 3])
        return min((int(cell) for cell in np.flatnonzero(held) if self.place(int(cell), lon, lat) >= 0), default=-1)


def compare_shapely(name: str, edition: CompiledEdition, polygons: NDArray[np.object_], points: Points) -> Row:
    """The winner of every point, by boxes and then prepared polygons."""
    tree, wrong = shapely.STRtree(polygons), 0
    shapely.prepare(polygons)
    for chunk in np.array_split(points, -(-len(points) // AT_ONCE)):
        place, cell = tree.query(shapely.points(chunk))
        order = np.argsort(cell, kind="stable")
        place, cell = place[order], cell[order]
        covers = shapely.intersects_xy(polygons[cell], *chunk[place].T)
        winner = np.full(len(chunk), len(polygons))
        np.minimum.at(winner, place[covers], cell[covers])
        winner[winner == len(polygons)] = -1
        ours = match_cells(edition, *np.ascontiguousarray(chunk.T), 0.0)
        wrong += int(np.count_nonzero(winner != ours.cell))
    return Row(f"cell of a point, {name}", "shapely", len(points), wrong)


def compare_kernels(name: str, edition: CompiledEdition, points: Points) -> Row:
    """What both kinds of kernels look up, doubt included."""
    wrong = 0
    for chunk in np.array_split(points, -(-len(points) // AT_ONCE)):
        lon, lat = np.ascontiguousarray(chunk.T)
        raster = edition.cells.raster
        one, other = kernels.walk_raster(raster, lon, lat), plain_kernels.walk_raster(raster, lon, lat)
        wrong += int(np.count_nonzero(one != other))
    return Row(f"looked up at a point, {name}", "the kernels of numpy", len(points), wrong)


def compare_exact(name: str, edition: CompiledEdition, polygons: NDArray[np.object_], points: Points) -> Row:
    """Winner and match by rational arithmetic, over every cell whose box holds the point."""
    ours = match_cells(edition, points[:, 0], points[:, 1], 0.0)
    place, cell = shapely.STRtree(polygons).query(shapely.points(points))
    order = np.lexsort((cell, place))
    place, cell = place[order], cell[order]
    rational = RationalCells(polygons)
    differences, bounds = 0, np.searchsorted(place, np.arange(len(points) + 1))
    for number, (lon, lat) in enumerate(points.tolist()):
        near = cell[bounds[number] : bounds[number + 1]]
        found = {int(c): where for c in near if (where := rational.place(int(c), lon, lat)) >= 0}
        differences += (min(found, default=-1), _match(list(found.values()))) != (ours.cell[number], ours.match[number])
    return Row(f"cell and match, {name}", "rational arithmetic", len(points), differences)


def _match(places: Sequence[int]) -> int:
    """The code of `match_cells`: none, one hit, several all on their boundary, several."""
    if len(places) < 2:
        return len(places)
    return 2 if not any(places) else 3


def beside_borders(polygons: NDArray[np.object_], count: int) -> Points:
    """In equal parts: vertices and places on edges, these one floating-point step away, and within some metres."""
    rng = np.random.default_rng(6)
    xy, owner = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygons)), return_index=True)
    edge = rng.choice(np.flatnonzero(owner[1:] == owner[:-1]), -(-count // 3))
    share = rng.choice([0.0, 0.5, rng.uniform()], (len(edge), 1))
    on = xy[edge] + share * (xy[edge + 1] - xy[edge])
    steps = np.nextafter(on, on + rng.choice([-1.0, 0.0, 1.0], on.shape))
    near = on + rng.normal(size=on.shape) * 10 ** rng.uniform(-15.0, -4.0, (len(on), 1))
    return rng.permutation(np.concatenate([on, steps, near]))[:count]


def anywhere(polygons: NDArray[np.object_], count: int) -> Points:
    """In the box of all."""
    bounds = shapely.total_bounds(polygons)
    return np.random.default_rng(4).uniform(bounds[:2], bounds[2:], (count, 2))


def every_vertex(polygons: NDArray[np.object_]) -> Points:
    """Each place where a border bends or cells meet, once."""
    return np.unique(shapely.get_coordinates(polygons), axis=0)
