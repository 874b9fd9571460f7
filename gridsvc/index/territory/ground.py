"""On which ground places lie: the cell, else the area alone, else outside; for one place or for arrays."""

from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, Int8Array, Int32Array
from gridsvc.errors import OutsideCoverage
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.distances import boundary_distance_m
from gridsvc.index.layout import MARGIN
from gridsvc.index.territory.areas import deepest_area, deepest_areas
from gridsvc.index.territory.cells import BOUNDARY, INSIDE, NO_MATCH, OVERLAP, match_cells, nearest_cell
from gridsvc.index.territory.spot import Spot


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Per point: cell index or -1, match code, metres to the cell, index of the deepest area or -1.

    A cell's areas follow from its code; its polygon's place on the map tells them where it names none.
    """

    cell: Int32Array
    match: Int8Array
    distance_m: FloatArray
    area: Int32Array

    @property
    def outside(self) -> BoolArray:
        """Where there is neither a cell nor an area."""
        return np.asarray((self.match == NO_MATCH) & (self.area < 0), np.bool_)

    def only(self, rows: BoolArray) -> "Ground":
        """The ground of some of the points."""
        return Ground(self.cell[rows], self.match[rows], self.distance_m[rows], self.area[rows])


def find_ground(edition: CompiledEdition, lon: FloatArray, lat: FloatArray, tolerance_m: float) -> Ground:
    """The ground of each point; finite degrees in."""
    cells = match_cells(edition, lon, lat, tolerance_m)
    area = np.full(len(lon), -1, np.int32)
    found = cells.cell >= 0
    area[found] = edition.cells.area[cells.cell[found]]
    unknown = np.flatnonzero(area < 0)
    if unknown.size and len(edition.areas):
        area[unknown] = deepest_areas(edition, lon[unknown], lat[unknown])
    return Ground(cells.cell, cells.match, np.where(found, cells.distance_m, 0.0), area)


def ground_at(spot: Spot, tolerance_m: float) -> Ground:
    """As `find_ground` for one place, by the cells that are known to cover it."""
    cell = next((cell for cell, _ in spot.covering), -1)
    area = spot.edition.cells.area[[cell]] if cell >= 0 else None
    if cell < 0 and not len(spot.edition.cells.polygons.in_box(*spot.reach(tolerance_m * MARGIN))):
        deepest = np.array([deepest_area(spot.edition, spot.lon, spot.lat)], np.int32)
        return Ground(np.array([-1], np.int32), np.array([NO_MATCH], np.int8), np.zeros(1), deepest)
    if area is None or area[0] < 0:
        return find_ground(spot.edition, np.array([spot.lon]), np.array([spot.lat]), tolerance_m)
    several = BOUNDARY if all(on_boundary for _, on_boundary in spot.covering) else OVERLAP
    match = INSIDE if len(spot.covering) == 1 else several
    return Ground(np.array([cell], np.int32), np.array([match], np.int8), np.zeros(1), area)


def is_covered(edition: CompiledEdition, lon: float, lat: float, tolerance_m: float) -> bool:
    """Whether a place has a cell, lies in a gap, or has an area."""
    return not bool(ground_at(Spot(edition, lon, lat), tolerance_m).outside[0])


def outside_coverage(edition: CompiledEdition, lon: float, lat: float, suspect_datum: str | None) -> OutsideCoverage:
    """The refusal for a place outside: what is nearest, and in which datum the pair would have been inside."""
    nearest = _nearest(edition, lon, lat)
    message = f"{lon:.6f}, {lat:.6f} lies outside the city's cells and areas"
    if nearest is not None:
        message += f"; nearest is {nearest['code']}, {nearest['distance_m']:.0f} m away"
    hint = f": was it meant as {suspect_datum}?" if suspect_datum else ": check longitude, latitude and datum"
    return OutsideCoverage(message + hint, nearest=nearest, suspect_datum=suspect_datum)


def _nearest(edition: CompiledEdition, lon: float, lat: float) -> dict[str, str | float] | None:
    """The nearest cell, or the nearest area where the territory has no cells."""
    if (cell := nearest_cell(edition, lon, lat)) is not None:
        return {"code": edition.cells.keys[cell[0]].code, "distance_m": cell[1]}
    areas = edition.areas
    if not len(areas.polygons):
        return None
    rows = np.arange(len(areas.polygons))
    frame = edition.plane.frame_at(np.array([lon]), np.array([lat]))
    metres = boundary_distance_m(edition.plane, areas.polygons, frame, np.zeros(len(rows), np.int64), rows)
    # the deepest of those that share the border, then the lowest code
    order = np.lexsort((areas.with_polygon, -areas.rank[areas.with_polygon], np.round(metres, 3)))
    first = int(order[0])
    return {"code": areas.items.keys.codes[areas.with_polygon[first]], "distance_m": float(metres[first])}
