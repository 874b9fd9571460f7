"""The whole answer, the slow and obvious way, as the fields that `resolve` must give."""

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
import shapely

from gridsvc.index.options import ResolveOptions
from gridsvc.model.departments import Category
from gridsvc.model.roster import Roster
from tests.gridsvc.index.whole.slow_ground import SlowCity, TooClose, common, is_near, united, without
from tests.gridsvc.index.whole.slow_rules import SlowRoster, Spot

OPTIONS = ResolveOptions()


class SlowResolver:
    """A city, a roster and an instant."""

    def __init__(self, city: SlowCity, roster: Roster, at: datetime, day: date) -> None:
        self.city, self.rules = city, SlowRoster(roster, at, day)

    def resolve(self, lon: float, lat: float, accuracy: float | None, category: Category | None) -> dict | None:
        """None outside coverage. Raises TooClose where rounding may decide."""
        city, rules = self.city, self.rules
        rules.category = category
        tied, match, distance = city.find_cell(lon, lat, OPTIONS.tolerance_m)
        cell = city.cells[tied[0]] if tied else None
        areas = city.lineage_of_cell(cell, lon, lat) if cell is not None else city.areas_at(lon, lat)
        if cell is None and not areas:
            return None
        spot = self.spot(lon, lat, cell, areas)
        chosen, nearer, own_segment = city.choose_segment(lon, lat, areas, OPTIONS.segment_radius_m)
        if chosen is not None:
            spot.segment, spot.side = chosen[0], chosen[2]
        spot.component = self.component(lon, lat, accuracy)
        departments, own_office = rules.departments(spot)
        radius = max(accuracy or 0.0, OPTIONS.tolerance_m)
        bodies, across, uncovered = self.around(spot, radius)
        flags = ["NEAR_BOUNDARY"] if bodies or uncovered else []
        flags += ["CHIEF_ACROSS_BORDER"] if nearer is not None else []
        trace = {"TIE_BETWEEN_BODIES": self.is_tie(spot, tied), "FLAG_NEAR_BOUNDARY": bool(bodies)}
        trace |= {
            "FLAG_NEAR_EDGE": uncovered,
            "SEGMENT_FOREIGN_PASSED": nearer is not None,
            "NO_SEGMENT": chosen is None,
        }
        has_subdistrict = any(area.level.rank == 2 for area in areas)
        trace["SEGMENT_FOREIGN"] = chosen is not None and not own_segment and has_subdistrict
        return {
            "cell": None if cell is None else (cell.scheme, cell.code, cell.name),
            "match": match,
            "distance_m": distance,
            "areas": [(area.level.value, area.code, area.name) for area in areas],
            "groups": sorted((group.kind.value, group.code, group.name) for group in spot.groups),
            "segment": _segment(chosen),
            "nearest_segment": _segment(nearer),
            "chief": rules.chief(spot),
            "people": rules.people(spot),
            "departments": departments,
            "next_step": rules.next_step(spot, across, departments[0][3], own_office),
            "flags": flags,
            "bodies": sorted(bodies),
            "trace": {code for code, fired in trace.items() if fired},
        }

    def spot(self, lon: float, lat: float, cell, areas) -> Spot:
        key = None if cell is None else (cell.scheme, cell.code)
        groups = [group for group in self.city.territory.groups if key in group.cells]
        return Spot(lon, lat, cell, areas, groups)

    def component(self, lon: float, lat: float, accuracy: float | None):
        if not self.rules.is_about_component():
            return None
        here, radius = self.city.point(lon, lat), OPTIONS.component_radius_m + (accuracy or 0.0)
        far = sorted(
            (self.city.point(c.geometry.x, c.geometry.y).distance(here), c.scheme, c.code, c)
            for c in self.city.territory.components
        )
        return far[0][3] if far and far[0][0] <= radius else None

    # doubt

    def body(self, spot: Spot, determined: list) -> str:
        for row in determined:
            if (department := self.rules.acting(row.department)) is not None:
                return department.code
        return self.rules.territorial(spot)[0]

    def deciding(self) -> list:
        """Determinations with ground that speak of the matter, by department still there, with their shapes."""
        rows = self.rules.decisions()
        rows = [row for row in rows if row.geometry is not None and self.rules.acting(row.department) is not None]
        return [(row, self.city.metres(row.geometry)) for row in rows]

    def is_tie(self, spot: Spot, tied: list[int]) -> bool:
        bodies = set()
        for cell in (self.city.cells[n] for n in tied):
            areas = self.city.lineage_of_cell(cell, spot.lon, spot.lat)
            bodies.add(self.body(replace(spot, cell=cell, areas=areas), self.rules.determined(spot)))
        return len(bodies) > 1

    @cached_property
    def grounds(self) -> list[tuple]:
        """(cell or None, areas, shape) of everything that belongs to somebody, cut where no cell names the area."""
        city, found = self.city, []
        by_depth = sorted(city.areas, key=lambda area: (-area.level.rank, area.scheme, area.code))
        bare = without(united(city.area_shapes.values()), united(city.cell_shapes))
        for cell, shape in [*zip(city.cells, city.cell_shapes, strict=True), (None, bare)]:
            if cell is not None and cell.area in city.area_of:
                found.append((cell, city.lineage(cell.area), shape))
                continue
            rest = shape
            for area in by_depth:
                if area.code in city.area_shapes:
                    found.append((cell, city.lineage(area.code), common(rest, city.area_shapes[area.code])))
                    rest = without(rest, city.area_shapes[area.code])
            if cell is not None:
                found.append((cell, [], rest))
        return found

    @cached_property
    def covered(self):
        """All ground that is somebody's."""
        return united([*self.city.cell_shapes, *self.city.area_shapes.values()])

    def around(self, own: Spot, radius: float) -> tuple[set[str], set[str], bool]:
        """Other bodies and subdistricts within the radius, and whether some ground there is nobody's."""
        here, decided = self.city.point(own.lon, own.lat), self.deciding()
        bodies, across = set(), set()
        for cell, areas, shape in self.grounds:
            if shape.is_empty or not is_near(shape, here, radius):
                continue
            place = Spot(own.lon, own.lat, cell, areas, [])
            widest = [area.code for area in areas if area.level.rank == 2] or [area.code for area in areas[:1]]
            across |= set(widest) - {area.code for area in own.areas}
            rest = shape
            for row, taken in decided:
                if is_near(common(rest, taken), here, radius):
                    bodies.add(self.body(place, [row]))
                rest = without(rest, taken)
            if is_near(rest, here, radius):
                bodies.add(self.body(place, []))
        uncovered = is_near(without(here.buffer(radius + 1.0), self.covered), here, radius)
        return bodies - {self.body(own, self.rules.determined(own))}, across, uncovered

    def shares(self, lon: float, lat: float, accuracy: float) -> tuple[dict[str, float], float]:
        """Cells' shares of a round Gaussian and what is outside, by 9,600 places of equal weight."""
        rings, spokes = 80, 120
        u, v = (np.arange(rings) + 0.5) / rings, 2 * np.pi * (np.arange(spokes) + 0.5) / spokes
        far = accuracy / 1.5096 * np.sqrt(-2 * np.log(1 - u))
        x, y = (np.outer(far, turn(v)).ravel() for turn in (np.cos, np.sin))
        here = self.city.point(lon, lat)
        free = np.ones(len(x), np.bool_)
        shares: dict[str, float] = {}
        for cell, shape in zip(self.city.cells, self.city.cell_shapes, strict=True):
            held = free & shapely.contains_xy(shape, here.x + x, here.y + y)
            shares[cell.code] = shares.get(cell.code, 0.0) + held.mean()
            free &= ~held
        for shape in self.city.area_shapes.values():
            free &= ~shapely.contains_xy(shape, here.x + x, here.y + y)
        return shares, float(free.mean())


def _segment(answer):
    if answer is None:
        return None
    segment, metres, side = answer
    return segment.scheme, segment.code, segment.name, segment.kind.value, metres, side


__all__ = ["SlowResolver", "TooClose"]
