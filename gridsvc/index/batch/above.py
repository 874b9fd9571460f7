"""What lies over points or stands beside them and decides apart from the ground: determinations, patches, components.

Few points have any. Equal combinations have one number, 0 for nothing at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import NamedTuple

import numpy as np
import shapely

from gridsvc.datum.arrays import BoolArray, FloatArray, Int32Array, IntArray
from gridsvc.index.batch.matters import Matters
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import Duties
from gridsvc.index.roster.zones import Zones
from gridsvc.index.territory.cells import EQUAL_M, GAP
from gridsvc.index.territory.ground import Ground
from gridsvc.model.departments import Determination, Patch
from gridsvc.model.territory import key_of

NOTHING = 0
_CROWD, _WIDE_M, _ROWS, _PAIRS = 5_000, 150.0, 10_000, 2_000_000


@dataclass(frozen=True, slots=True)
class Above:
    """Rows of determinations and patches, in order; the component is one of those with the same departments."""

    determinations: tuple[int, ...] = ()
    patches: tuple[int, ...] = ()
    component: int | None = None


class AboveFinder:
    """Finds what is above points on one day. May be used from several threads."""

    def __init__(self, edition: CompiledEdition, duties: Duties, matters: Matters) -> None:
        self._edition, self._duties, self._matters = edition, duties, matters
        self._day = matters.plain.day
        self._lock = Lock()
        self._kinds = [Above()]
        self._numbers = {Above(): NOTHING}
        self._is_under: BoolArray | None = None
        self._alike: dict[tuple[object, ...], int] = {}
        self._category_of = np.full(len(edition.components), -2, np.int32)

    def __getitem__(self, number: int) -> Above:
        return self._kinds[number]

    def lay_zones(self, kind: IntArray, lon: FloatArray, lat: FloatArray, ground: Ground) -> None:
        """Change the kind of the points that determinations and patches cover."""
        near = self._near_zones(ground)
        tables = (self._duties.determinations, _with_determination), (self._duties.patches, _with_patch)
        for zones, put in tables:
            point, row = zones.covering_many(lon[near], lat[near], self._day)
            self._put(kind, near[point], row, put)

    def _near_zones(self, ground: Ground) -> IntArray:
        """Rows that a zone may cover. Which cells are under zones is found out when there is a crowd of points."""
        if self._is_under is None:
            if len(ground.cell) < _CROWD:
                return np.arange(len(ground.cell))
            tables = (self._duties.determinations, self._duties.patches)
            self._is_under = np.logical_or(*(_cells_under(self._edition, zones, self._day) for zones in tables))
        return np.flatnonzero(self._is_under[ground.cell] | (ground.match == GAP))

    def stand_components(
        self, kind: IntArray, lon: FloatArray, lat: FloatArray, matter: Int32Array, radius_m: FloatArray
    ) -> None:
        """Change the kind of the points that have a component of their matter's category within the radius: the
        nearest, as `find_component` has it.
        """
        about = np.flatnonzero(self._matters.is_about_component[matter])
        if not len(about) or not len(self._edition.components):
            return
        x, y = self._edition.plane.project(lon[about], lat[about])
        asked = _Asked(x, y, radius_m[about], matter[about])
        for rows in _portions(asked.radius_m, len(self._edition.components)):
            point, component = self._nearest(asked.only(rows))
            used, where = np.unique(component, return_inverse=True)
            alike = np.array([self._first_alike(each) for each in used.tolist()], np.int64)
            self._put(kind, about[rows[point]], alike[where], _with_component)

    def _nearest(self, asked: "_Asked") -> tuple[IntArray, IntArray]:
        """(point, its component) for the points that have one."""
        table, (x, y, radius_m, matter) = self._edition.components, asked
        point, component = table.tree.pairs(np.stack([x - radius_m, y - radius_m, x + radius_m, y + radius_m], axis=-1))
        is_right = self._matter_of(component) == matter[point]
        point, component = point[is_right], component[is_right]
        metres = np.hypot(table.x[component] - x[point], table.y[component] - y[point])
        least = np.full(len(x), np.inf)
        np.minimum.at(least, point, metres)
        nearest = np.flatnonzero(metres <= least[point] + EQUAL_M)
        point, first = np.unique(point[nearest], return_index=True)
        first = nearest[first]
        within = metres[first] <= radius_m[point]
        return point[within], component[first[within]]

    def _matter_of(self, components: IntArray) -> Int32Array:
        """The number of each component's category, -1 where the roster does not have it."""
        found = self._category_of[components]
        for component in np.unique(components[found == -2]).tolist():
            category = self._edition.components.items.category(component)
            self._category_of[component] = self._matters.numbers.get(category, -1)
        return self._category_of[components]

    def _first_alike(self, component: int) -> int:
        """The first component met that leads to the same departments by every rule."""
        item = self._edition.components.items[component]
        determined = tuple(row.code for row in self._duties.determinations_of(key_of(item), self._day))
        with self._lock:
            return self._alike.setdefault((item.maintainer, item.owner, item.competent, determined), component)

    def _put(self, kind: IntArray, point: IntArray, thing: IntArray, put: Callable[[Above, int], Above]) -> None:
        """Change kinds by things over points (ascending), one for each point after the other."""
        starts = np.searchsorted(point, point)
        turn = np.arange(len(point)) - starts
        for now in range(int(turn.max(initial=-1)) + 1):
            rows = np.flatnonzero(turn == now)
            stride = int(thing.max()) + 1
            asked, where = np.unique(kind[point[rows]] * stride + thing[rows], return_inverse=True)
            pairs = (divmod(each, stride) for each in asked.tolist())
            kind[point[rows]] = np.array([self._number(put(self._kinds[was], what)) for was, what in pairs])[where]

    def _number(self, above: Above) -> int:
        with self._lock:
            number = self._numbers.setdefault(above, len(self._kinds))
            if number == len(self._kinds):
                self._kinds.append(above)
            return number


class _Asked(NamedTuple):
    """Points in metres of the plane, how far a component may be, and the number of the matter."""

    x: FloatArray
    y: FloatArray
    radius_m: FloatArray
    matter: Int32Array

    def only(self, rows: IntArray) -> "_Asked":
        """Some of the points."""
        return _Asked(self.x[rows], self.y[rows], self.radius_m[rows], self.matter[rows])


def _portions(radius_m: FloatArray, components: int) -> list[IntArray]:
    """Rows in portions that bring together a bearable number of pairs; a wide circle may hold all components."""
    is_wide = radius_m > _WIDE_M
    portions = []
    for rows, most in ((np.flatnonzero(~is_wide), _ROWS), (np.flatnonzero(is_wide), max(1, _PAIRS // components))):
        portions += [rows[start : start + most] for start in range(0, len(rows), most)]
    return portions


def _with_determination(above: Above, row: int) -> Above:
    return replace(above, determinations=(*above.determinations, row))


def _with_patch(above: Above, row: int) -> Above:
    return replace(above, patches=(*above.patches, row))


def _with_component(above: Above, component: int) -> Above:
    return replace(above, component=component)


def _cells_under(edition: CompiledEdition, zones: Zones[Determination] | Zones[Patch], day: date) -> BoolArray:
    """For each cell whether a zone may cover a place of it; the last entry is for places without a cell."""
    table = edition.cells.polygons
    found = np.zeros(len(table) + 1, np.bool_)
    for outline in (zones.outlines[row] for row in np.flatnonzero(zones.held_on(day)).tolist()):
        cells = table.in_box(*outline.bounds)
        if outline.is_valid:
            own = shapely.transform(outline, np.copy)  # preparing changes a shape, and others look at this one
            shapely.prepare(own)
            cells = cells[shapely.intersects(own, shapely.box(*table.boxes[cells].T))]
        found[cells] = True
        found[-1] = True
    return found
