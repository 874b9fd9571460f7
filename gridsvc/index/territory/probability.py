"""Which cell is meant when the fix is doubtful: the share of a round Gaussian that falls on each cell."""

from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.datum.plane import Frame
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.gaussian import edge_masses, ring_signs
from gridsvc.index.geometry.local_plane import box_around, common_ground, local_metres, united, without_ground
from gridsvc.index.geometry.outlines import outlines_of
from gridsvc.index.geometry.polygons import PolygonTable, compile_polygons
from gridsvc.index.geometry.ranges import chunks
from gridsvc.index.territory.faces import Face, find_uneven_faces
from gridsvc.index.territory.reach import ACCURACY_IN_SIGMAS, REACH_IN_SIGMAS
from gridsvc.index.territory.spot import Spot
from gridsvc.index.territory.surroundings import split_by_area

LEAST_PROBABILITY = 0.001
"""Cells below this are not named; their share goes to `other`."""

_EDGES_AT_ONCE = 200_000


class CellProbabilities(NamedTuple):
    """`cells` are (cell index, probability, metres), likeliest first; all with `outside` and `other` sum to 1.

    `outside` is in no cell and no area; `other` is in areas alone, or in cells too unlikely to be named.
    """

    cells: list[tuple[int, float, float]]
    outside: float
    other: float


def cell_probabilities(spot: Spot, accuracy_m: float) -> CellProbabilities:
    """Shares for a fix whose 68 % circle has the given radius; where cells overlap, the lowest has the place."""
    sigma = accuracy_m / ACCURACY_IN_SIGMAS
    table, frame = spot.edition.cells.polygons, spot.frame
    cells = table.in_box(*spot.reach(REACH_IN_SIGMAS * sigma))
    masses, outside = settle_faces(spot, cells, _masses(table, cells, frame, sigma), sigma)
    masses = np.clip(masses, 0.0, None)
    excess = max(float(masses.sum()) + outside, 1.0)
    masses, outside = masses / excess, outside / excess
    named = np.flatnonzero(masses >= LEAST_PROBABILITY)
    indices = cells[named].tolist()
    rows = zip(indices, masses[named].tolist(), spot.metres_to(indices), strict=True)
    other = max(0.0, 1.0 - outside - float(masses[named].sum()))
    return CellProbabilities(sorted(rows, key=lambda row: (-row[1], row[0])), outside, other)


def settle_faces(spot: Spot, cells: IntArray, masses: FloatArray, sigma: float) -> tuple[FloatArray, float]:
    """What cells have where several cover a place and the lowest has it, and the mass of nobody's ground."""
    faces = find_uneven_faces(spot, REACH_IN_SIGMAS * sigma)
    for face in faces:
        if face.depth > 1:
            masses = masses - _losses(spot.edition.cells.polygons, cells, spot.frame, face.outline, sigma)
    return masses, _outside(spot.edition, spot.frame, faces, sigma)


def _masses(table: PolygonTable, polygons: IntArray, frame: Frame, sigma: float) -> FloatArray:
    """Mass over each polygon of a table in lon/lat."""
    counts = table.count_edges(polygons)
    masses = np.zeros(len(polygons))
    for chunk in chunks(counts, _EDGES_AT_ONCE):
        a = table.edges_of(polygons[chunk])
        start = local_metres(frame, np.stack([table.x[a], table.y[a]], axis=-1)) / sigma
        end = local_metres(frame, np.stack([table.x[a + 1], table.y[a + 1]], axis=-1)) / sigma
        signed = edge_masses(start[:, 0], start[:, 1], end[:, 0], end[:, 1]) * ring_signs(table, a)
        masses[chunk] = np.add.reduceat(signed, np.cumsum(counts[chunk]) - counts[chunk])
    return masses


def _losses(table: PolygonTable, cells: IntArray, frame: Frame, place: BaseGeometry, sigma: float) -> FloatArray:
    """What each cell loses of a place that several cover, since the lowest has it."""
    losses = np.zeros(len(cells))
    near = np.intersect1d(cells, table.in_box(*box_around(frame, place)), assume_unique=True)
    rows = np.searchsorted(cells, near)
    outlines = shapely.transform(outlines_of(table, cells[rows]), lambda xy: local_metres(frame, xy))
    rest = place
    for row, outline in zip(rows, outlines, strict=True):
        claimed, won = common_ground(place, outline), common_ground(rest, outline)
        losses[row] = _face_mass([claimed], sigma) - _face_mass([won], sigma)
        rest = without_ground(rest, outline)
    return losses


def _face_mass(outlines: list[BaseGeometry], sigma: float) -> float:
    """Mass over places already in metres around the point."""
    parts = shapely.get_parts(shapely.get_parts(np.array(outlines or [], object)))
    table = compile_polygons([part for part in parts if part.geom_type == "Polygon" and not part.is_empty])
    a = table.all_edges()
    x, y = table.x / sigma, table.y / sigma
    return float((edge_masses(x[a], y[a], x[a + 1], y[a + 1]) * ring_signs(table, a)).sum())


def _outside(edition: CompiledEdition, frame: Frame, faces: list[Face], sigma: float) -> float:
    empty = [face.outline for face in faces if not face.depth]
    if not empty:
        return 0.0
    rest = split_by_area(edition, frame, united(empty))[1]
    return min(max(_face_mass([rest], sigma), 0.0), 1.0)
