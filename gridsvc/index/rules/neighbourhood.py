"""What else may be meant when a place is in doubt: other responsible bodies, other subdistricts, nobody's ground.

The responsible body of a place is what answers there without a category: a determination for all matters, the
cell's own body, the subdistrict, the district.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.plane import Frame
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.local_plane import local_metres
from gridsvc.index.geometry.outlines import outlines_of
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.place import Place, area_of_rank
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Question
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.areas import areas_at, lineage_of
from gridsvc.index.territory.surroundings import SLIVER_M, bodies_near
from gridsvc.model.territory import DISTRICT_RANK, SUBDISTRICT_RANK

_CIRCLE_SEGMENTS = 64  # per quadrant: within 0.01 % of the circle
_MARGIN = 1.01


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Within `radius_m`: bodies and subdistricts (districts where there is none) other than the place's own."""

    radius_m: float
    bodies: tuple[str, ...]
    subdistricts: tuple[str, ...]
    uncovered: bool


def responsible_body(question: Question, place: Place) -> str:
    """The department that answers for a place whatever the matter."""
    whatever = replace(question.matter, category=None, component=None)
    return find_competent(Inquiry(question.duties, place, whatever), Trace()).lead.code


def find_neighbourhood(question: Question, own: Place) -> Neighbourhood:
    """Look around a place as far as accuracy and tolerance go; slivers under a centimetre are no neighbours."""
    edition, location = question.edition, question.location
    radius = max(location.accuracy_m or 0.0, question.options.tolerance_m)
    around = bodies_near(edition, location.lon, location.lat, radius)
    places = {cell: _place_of_cell(edition, cell) for cell, _ in around.cells}
    area_only = [Place(None, None, lineage_of(edition, area)) for area in around.areas]
    codes = {_territory_code(place) for place in (*places.values(), *area_only)} - {_territory_code(own)}
    visible, bodies = _beside_determinations(question, own, radius, list(places))
    ground = {(p.responsible_body, p.path): p for p in (*(places[cell] for cell in visible), *area_only)}
    if not own.determinations:
        ground.pop((own.responsible_body, own.path), None)
    bodies.update(responsible_body(question, place) for place in ground.values())
    if bodies:
        bodies.discard(responsible_body(question, own))
    subdistricts = tuple(sorted(code for code in codes if code is not None))
    return Neighbourhood(radius, tuple(sorted(bodies)), subdistricts, around.uncovered)


def _territory_code(place: Place) -> str | None:
    area = area_of_rank(place.areas, SUBDISTRICT_RANK) or area_of_rank(place.areas, DISTRICT_RANK)
    return None if area is None else area.code


def _place_of_cell(edition: CompiledEdition, cell: int) -> Place:
    """A neighbouring cell, without what may lie across it; one that names no area is where its middle is."""
    area = int(edition.cells.area[cell])
    areas = lineage_of(edition, area)
    if area < 0 and len(edition.areas.polygons):
        middle = outlines_of(edition.cells.polygons, np.array([cell]))[0].representative_point()
        areas = areas_at(edition, middle.x, middle.y)
    return Place(edition.cells.keys[cell], edition.cells.responsible_body[cell], areas)


def _beside_determinations(
    question: Question, own: Place, radius: float, cells: list[int]
) -> tuple[list[int], set[str]]:
    """Cells with ground in the circle that no determination for all matters took away, and those departments."""
    lon, lat, zones = question.location.lon, question.location.lat, question.duties.general_determinations
    bodies: set[str] = set()
    if not zones.rows:
        return cells, bodies
    frame = question.edition.plane.frame_at(np.array([lon]), np.array([lat]))
    width, height = (float(half[0]) for half in frame.reach_deg(radius * _MARGIN))
    near = zones.in_box(lon - width, lat - height, lon + width, lat + height, question.matter.day)
    if not near:
        return cells, bodies
    rest: BaseGeometry = Point(0.0, 0.0).buffer(radius, quad_segs=_CIRCLE_SEGMENTS)
    for row in near:
        outline = _local(frame, zones.outlines[row])
        if _is_wide(rest.intersection(outline)):
            decided = Place(None, None, own.areas, determinations=(zones.rows[row],))
            bodies.add(responsible_body(question, decided))
        rest = rest.difference(outline)
    outlines = outlines_of(question.edition.cells.polygons, np.array(cells, np.int64))
    shapes = (_local(frame, outline) for outline in outlines)
    return [cell for cell, shape in zip(cells, shapes, strict=True) if _is_wide(rest.intersection(shape))], bodies


def _local(frame: Frame, outline: BaseGeometry) -> BaseGeometry:
    return shapely.make_valid(shapely.transform(outline, lambda places: local_metres(frame, places)))


def _is_wide(place: BaseGeometry) -> bool:
    return not place.buffer(-SLIVER_M / 2).is_empty
