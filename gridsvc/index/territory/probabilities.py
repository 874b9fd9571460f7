"""`cell_probabilities` for many circles: the mass over all edges at once, in bounded memory.

Circles with gaps, overlaps or the rim of the coverage in reach are then settled one by one, as the single one is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, Int32Array, IntArray
from gridsvc.datum.plane import Frame
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import engine
from gridsvc.index.geometry.distances import boundary_distance_m
from gridsvc.index.geometry.exact import locate_pairs
from gridsvc.index.geometry.gaussian import edge_masses, ring_signs
from gridsvc.index.geometry.ranges import chunks
from gridsvc.index.territory.faces import MARGIN
from gridsvc.index.territory.probability import LEAST_PROBABILITY, settle_faces
from gridsvc.index.territory.reach import ACCURACY_IN_SIGMAS, REACH_IN_SIGMAS, WIDE_M
from gridsvc.index.territory.spot import Spot

_EDGES_AT_ONCE, _CIRCLES_AT_ONCE = 16_000, 256


@dataclass(frozen=True, slots=True, eq=False)
class ManyProbabilities:
    """Rows offsets[k]:offsets[k + 1] of `cell`, `probability` and `distance_m` are circle k's, likeliest first.

    `outside` and `other` have one entry a circle; all means the same as in `CellProbabilities`.
    """

    offsets: IntArray
    cell: Int32Array
    probability: FloatArray
    distance_m: FloatArray
    outside: FloatArray
    other: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Circles:
    lon: FloatArray
    lat: FloatArray
    sigma: FloatArray
    frame: Frame

    def boxes(self, radius_m: FloatArray) -> FloatArray:
        """West, south, east, north around radii, in degrees."""
        width, height = self.frame.reach_deg(1.0)
        width, height = width * radius_m, height * radius_m
        return np.stack([self.lon - width, self.lat - height, self.lon + width, self.lat + height], axis=-1)


def cell_probabilities_many(
    edition: CompiledEdition, lon: FloatArray, lat: FloatArray, accuracy_m: FloatArray
) -> ManyProbabilities:
    """Shares for fixes (degrees) whose 68 % circles have the given radii, all above 0."""
    parts = [_probabilities(edition, lon[rows], lat[rows], accuracy_m[rows]) for rows in _portions(accuracy_m)]
    counts = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.offsets) for part in parts)])
    none = ManyProbabilities(counts, np.zeros(0, np.int32), *(np.zeros(0) for _ in range(4)))
    parts = [none, *parts]
    return ManyProbabilities(
        np.cumsum(counts),
        np.concatenate([part.cell for part in parts]),
        np.concatenate([part.probability for part in parts]),
        np.concatenate([part.distance_m for part in parts]),
        np.concatenate([part.outside for part in parts]),
        np.concatenate([part.other for part in parts]),
    )


def _portions(accuracy_m: FloatArray) -> Iterator[slice]:
    """Runs of circles that reach over a bearable number of cells together: a wide one stands alone."""
    begin = 0
    while begin < len(accuracy_m):
        wide = np.flatnonzero(accuracy_m[begin : begin + _CIRCLES_AT_ONCE] > WIDE_M)
        end = begin + (max(int(wide[0]), 1) if len(wide) else _CIRCLES_AT_ONCE)
        yield slice(begin, end)
        begin = end


def _probabilities(
    edition: CompiledEdition, lon: FloatArray, lat: FloatArray, accuracy_m: FloatArray
) -> ManyProbabilities:
    circles = _Circles(lon, lat, accuracy_m / ACCURACY_IN_SIGMAS, edition.plane.frame_at(lon, lat))
    reach_m = REACH_IN_SIGMAS * circles.sigma
    circle, cell = edition.cells.polygons.tree.pairs(circles.boxes(reach_m))
    masses, outside = _masses(edition, circles, circle, cell), np.zeros(len(lon))
    starts = np.searchsorted(circle, np.arange(len(lon) + 1))
    for row in np.flatnonzero(~_is_even(edition, circles, reach_m)).tolist():
        own, spot = slice(starts[row], starts[row + 1]), Spot(edition, float(lon[row]), float(lat[row]))
        masses[own], outside[row] = settle_faces(spot, cell[own], masses[own], float(circles.sigma[row]))
    masses = np.clip(masses, 0.0, None)
    excess = np.maximum(np.bincount(circle, masses, len(lon)) + outside, 1.0)
    masses, outside = masses / excess[circle], outside / excess
    named = np.flatnonzero(masses >= LEAST_PROBABILITY)
    named = named[np.lexsort((cell[named], -masses[named], circle[named]))]
    circle, cell, masses = circle[named], cell[named], masses[named]
    other = np.maximum(0.0, 1.0 - outside - np.bincount(circle, masses, len(lon)))
    offsets = np.searchsorted(circle, np.arange(len(lon) + 1))
    metres = _metres_to(edition, circles, circle, cell)
    return ManyProbabilities(offsets, cell.astype(np.int32), masses, metres, outside, other)


def _masses(edition: CompiledEdition, circles: _Circles, circle: IntArray, cell: IntArray) -> FloatArray:
    """Mass of each pair's circle over its cell."""
    table, masses = edition.cells.polygons, np.zeros(len(circle))
    counts = table.count_edges(cell)
    for chunk in chunks(counts, _EDGES_AT_ONCE):
        a, owner = table.edges_of(cell[chunk]), np.repeat(circle[chunk], counts[chunk])
        start, end = (_in_sigmas(circles, owner, table.x[v], table.y[v]) for v in (a, a + 1))
        signed = edge_masses(*start, *end) * ring_signs(table, a)
        masses[chunk] = np.add.reduceat(signed, np.cumsum(counts[chunk]) - counts[chunk])
    return masses


def _in_sigmas(circles: _Circles, owner: IntArray, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Places around the middle of their circles, in units of sigma."""
    dlon, dlat = lon - circles.lon[owner], lat - circles.lat[owner]
    matrix = (circles.frame.matrix / circles.sigma[:, None, None])[owner]
    return (matrix[:, 0, 0] * dlon + matrix[:, 0, 1] * dlat, matrix[:, 1, 0] * dlon + matrix[:, 1, 1] * dlat)


def _is_even(edition: CompiledEdition, circles: _Circles, reach_m: FloatArray) -> BoolArray:
    """Whether each circle is known to be covered once everywhere: by one cell in its middle, without a loose edge."""
    even = engine().walk_raster(edition.cells.raster, circles.lon, circles.lat) >= 0
    even[edition.cells.loose_tree.pairs(circles.boxes(reach_m * MARGIN))[0]] = False
    return even


def _metres_to(edition: CompiledEdition, circles: _Circles, circle: IntArray, cell: IntArray) -> FloatArray:
    table = edition.cells.polygons
    metres = boundary_distance_m(edition.plane, table, circles.frame, circle, cell)
    metres[locate_pairs(table, cell, circles.lon[circle], circles.lat[circle]) >= 0] = 0.0
    return metres
