"""Where a place lies, the slow and obvious way: fractions for borders, shapely on finely cut edges for metres."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from pyproj import Transformer
from shapely import LineString, MultiPolygon, Point, Polygon

from gridsvc.model.territory import Area, Cell, Segment, SegmentKind, Territory, key_of

CUTS = 48
SLIVER_M = 0.01
EQUAL_M = 1e-6


class TooClose(Exception):
    """Two answers are so near to each other that rounding may decide: the question is left out."""


def covers(geometry, x: float, y: float) -> int:
    """1 inside, 0 on the boundary, -1 outside, over all rings, in rational numbers."""
    px, py, odd = Fraction(x), Fraction(y), False
    for part in geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]:
        for ring in (part.exterior, *part.interiors):
            places = [(Fraction(a), Fraction(b)) for a, b in ring.coords]
            for (ax, ay), (bx, by) in pairwise(places):
                cross = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
                if cross == 0 and min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by):
                    return 0
                if (ay > py) != (by > py) and (cross > 0) == (by > ay):
                    odd = not odd
    return 1 if odd else -1


@dataclass
class SlowCity:
    """A territory with its shapes in metres, every edge cut so finely that it is straight in lon/lat."""

    territory: Territory

    def __post_init__(self) -> None:
        self._forward = Transformer.from_crs("EPSG:4326", self.territory.crs, always_xy=True)
        self.cells: list[Cell] = sorted(self.territory.cells, key=key_of)
        self.areas: list[Area] = sorted(self.territory.areas, key=key_of)
        self.segments: list[Segment] = sorted(self.territory.segments, key=key_of)
        self.area_of = {area.code: area for area in self.areas}
        self.cell_shapes = [self.metres(cell.geometry) for cell in self.cells]
        self.area_shapes = {a.code: self.metres(a.geometry) for a in self.areas if a.geometry is not None}

    def point(self, lon: float, lat: float) -> Point:
        return Point(self._forward.transform(lon, lat))

    def metres(self, geometry):
        """A polygon in metres."""

        def ring(line):
            places = np.asarray(line.coords)
            steps = np.arange(CUTS)[:, None] / CUTS
            fine = [a + steps * (b - a) for a, b in pairwise(places)]
            return np.stack(self._forward.transform(*np.concatenate([*fine, places[-1:]]).T), axis=-1)

        parts = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
        shape = MultiPolygon([Polygon(ring(p.exterior), [ring(hole) for hole in p.interiors]) for p in parts])
        return shape if shape.is_valid else polygons(shapely.make_valid(shape))

    @cached_property
    def lines(self) -> list[LineString]:
        """Centre lines, straight in metres."""
        return [self._line(segment) for segment in self.segments]

    def _line(self, segment: Segment) -> LineString:
        return LineString(np.stack(self._forward.transform(*np.asarray(segment.geometry.coords).T), axis=-1))

    def lineage(self, code: str | None) -> list[Area]:
        found: list[Area] = []
        while code in self.area_of:
            found.insert(0, self.area_of[code])
            code = self.area_of[code].parent
        return found

    def areas_at(self, lon: float, lat: float) -> list[Area]:
        hits = [a for a in self.areas if a.geometry is not None and covers(a.geometry, lon, lat) >= 0]
        return self.lineage(max(hits, key=lambda area: area.level.rank).code) if hits else []

    def find_cell(self, lon: float, lat: float, tolerance: float) -> tuple[list[int], str, float]:
        """Tied cells, the first one wins; the match; the distance."""
        hits = [(n, side) for n, c in enumerate(self.cells) if (side := covers(c.geometry, lon, lat)) >= 0]
        if hits:
            inside = "OVERLAP" if any(side for _, side in hits) else "BOUNDARY"
            return [n for n, _ in hits], inside if len(hits) > 1 else "INSIDE", 0.0
        far = [shape.distance(self.point(lon, lat)) for shape in self.cell_shapes]
        least = min(far)
        if abs(least - tolerance) < 1e-3 or any(EQUAL_M / 2 < metres - least < EQUAL_M * 3 for metres in far):
            raise TooClose
        if least > tolerance:
            return [], "NO_CELL", 0.0
        return [n for n, metres in enumerate(far) if metres - least <= EQUAL_M], "GAP", least

    def lineage_of_cell(self, cell: Cell, lon: float, lat: float) -> list[Area]:
        return self.lineage(cell.area) or self.areas_at(lon, lat)

    @cached_property
    def passages(self) -> list[set[str]]:
        """Codes of all areas that each segment passes through."""
        found = []
        for segment in self.segments:
            codes: set[str] = set()
            rest = segment.geometry
            for cell in self.cells:
                if cell.area in self.area_of:
                    if segment.geometry.intersection(cell.geometry).length > 1e-8:
                        codes |= {area.code for area in self.lineage(cell.area)}
                    rest = rest.difference(cell.geometry)
            for area in self.areas:
                if area.geometry is not None and rest.intersection(area.geometry).length > 1e-8:
                    codes |= {above.code for above in self.lineage(area.code)}
            found.append(codes)
        return found

    def choose_segment(self, lon: float, lat: float, areas: list[Area], radius: float):
        """(chosen, nearer, is its own subdistrict's): segments as (segment, metres, side)."""
        here = self.point(lon, lat)
        community = next((a.code for a in areas if a.level.rank == 3), None)
        subdistrict = next((a.code for a in areas if a.level.rank == 2), None)
        rows = []
        for segment, line, passes in zip(self.segments, self.lines, self.passages, strict=True):
            metres = line.distance(here)
            if abs(metres - radius) < 1e-6 or abs(metres * 1000 % 1 - 0.5) < 1e-4:
                raise TooClose
            own = subdistrict in ({segment.subdistrict} if segment.subdistrict else passes)
            order = (not own, round(metres * 1000), community not in passes, segment.kind is SegmentKind.STREET)
            if metres <= radius:
                rows.append((*order, segment.scheme, segment.code, segment, metres))
        if not rows:
            return None, None, False
        best, nearest = min(rows, key=lambda row: row[:6]), min(rows, key=lambda row: row[1:6])
        nearer = self._answer(nearest, here) if nearest[1] < best[1] else None
        return self._answer(best, here), nearer, not best[0]

    def _answer(self, row, here: Point):
        *_, segment, metres = row
        if round(metres * 1000) == 0:
            return segment, metres, None
        line = self.lines[self.segments.index(segment)]
        at = line.project(here)
        a, b = (line.interpolate(min(max(at + step, 0.0), line.length)) for step in (-1e-3, 1e-3))
        turn = (b.x - a.x) * (here.y - a.y) - (b.y - a.y) * (here.x - a.x)
        if abs(turn) < 1e-3 * a.distance(b):
            raise TooClose
        return segment, metres, "LEFT" if turn > 0 else "RIGHT"


def is_near(ground, here: Point, radius: float) -> bool:
    """Whether ground that is no sliver reaches into the circle; refused where a few centimetres would change it."""
    answers = {
        ground.buffer(-width / 2).distance(here) <= radius + width / 2 + slack
        for slack, width in ((-0.03, SLIVER_M * 1.5), (0.03, SLIVER_M / 1.5))
    }
    if len(answers) > 1:
        raise TooClose
    return answers.pop()


def common(one, other):
    """On a grid of micrometres, since overlays of nearly equal edges now and then go wrong without."""
    return polygons(shapely.intersection(one, other, grid_size=1e-6))


def without(one, other):
    return polygons(shapely.difference(one, other, grid_size=1e-6))


def united(shapes):
    return shapely.union_all(list(shapes), grid_size=1e-6)


def polygons(shape):
    parts = shapely.get_parts(shapely.get_parts([shape]))
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon" and not part.is_empty])
