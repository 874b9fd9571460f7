"""What else may be meant when a place is in doubt: other responsible bodies, other subdistricts, nobody's ground.

Ground is cut by what was determined on site only where a determination is near; nearly always it is whole cells.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.plane import Frame
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.local_plane import common_ground, local_metres, without_ground
from gridsvc.index.geometry.outlines import outlines_of
from gridsvc.index.layout import Look
from gridsvc.index.rules.bodies import find_body, find_determined
from gridsvc.index.rules.find_place import Placed
from gridsvc.index.rules.place import Place, area_of_rank
from gridsvc.index.rules.question import Question
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.faces import MARGIN
from gridsvc.index.territory.reach import too_wide
from gridsvc.index.territory.spot import Spot
from gridsvc.index.territory.surroundings import SLIVER_M, Surroundings, bodies_near, split_by_area
from gridsvc.model.departments import Determination
from gridsvc.model.territory import DISTRICT_RANK, SUBDISTRICT_RANK, Area

_HERE = Point(0.0, 0.0)
_NOWHERE = Polygon()

MOST_CUTS = 5_000
"""Of cells by areas and determinations, within one circle: each takes a millisecond or two."""


class Neighbourhood(NamedTuple):
    """Within `radius_m`: bodies and subdistricts (districts where there is none) other than the place's own."""

    radius_m: float
    bodies: tuple[Named, ...]
    subdistricts: tuple[Named, ...]
    uncovered: bool


_Decided = list[tuple[Determination, BaseGeometry]]


@dataclass(frozen=True, slots=True)
class _Ground:
    """Ground near the place; `outline` (if needed) in metres around here. `decided` are determinations that may take
    some of it away.
    """

    place: Place
    outline: BaseGeometry
    decided: _Decided = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Zones:
    """The determinations near a place in their order, and the cells (indices) that the box of each meets."""

    decided: _Decided
    meeting: dict[int, _Decided]


def find_neighbourhood(question: Question, placed: Placed) -> Neighbourhood:
    """Look around a place as far as accuracy and tolerance go; slivers under a centimetre are no neighbours.

    Raises InvalidInput where determinations cut more of a wide circle than can be told apart.
    """
    if (quick := _look_around(question)) is not None:
        return quick
    own, radius = placed.place, question.radius_m
    zones = _zones_near(question, radius)
    alike = None if zones.decided else placed.cell
    around = bodies_near(question.spot, radius, lambda cell: alike is None or not _is_alike(question, alike, cell))
    grounds = list(_grounds_near(question, around, radius, zones))
    places = {(ground.place.responsible_body, ground.place.path): ground.place for ground in grounds}
    if zones.decided:
        bodies = {body for ground in grounds for body in _bodies_on(question, ground, radius)}
    else:
        bodies = {find_body(question, place) for place in places.values()}
    subdistricts = {area for place in places.values() if (area := _foreign(place, own)) is not None}
    others = bodies - {find_body(question, own)} if bodies else bodies
    return Neighbourhood(radius, tuple(sorted(others)), tuple(sorted(subdistricts)), around.uncovered)


Holder = tuple[int, str | None]
"""The area and the responsible body that a cell names."""


def holders_near(edition: CompiledEdition, look: Look) -> frozenset[Holder] | None:
    """Whom the cells around name, as far as it is not whom the place's own names; None where a closer look is needed,
    because a cell is doubtful or names no area.
    """
    cells = edition.cells
    own, others = (look.area, cells.responsible_body[look.cell]), set[Holder]()
    for seen in look.neighbours.tolist():
        cell = seen if seen >= 0 else ~seen
        holder = int(cells.area[cell]), cells.responsible_body[cell]
        if holder != own:
            if seen < 0 or holder[0] < 0:
                return None
            others.add(holder)
    return frozenset(others)


def _look_around(question: Question) -> Neighbourhood | None:
    """By the cells that were seen at a glance, where they are all that is near, and whole; else None."""
    look, edition, radius = question.look, question.edition, question.radius_m
    if look is None or look.is_odd or look.is_determined:
        return None
    others = holders_near(edition, _settled(question.spot, look, radius))
    if not others:
        return None if others is None else Neighbourhood(radius, (), (), uncovered=False)
    own = look.area, edition.cells.responsible_body[look.cell]
    key = ("around", own, others, radius)
    return question.memory.recall(key, Trace(), _compare, question, own, others)


def _settled(spot: Spot, look: Look, radius: float) -> Look:
    """With the doubtful cells measured."""
    seen = look.neighbours
    if not len(seen) or seen.min() >= 0:
        return look
    doubtful = (~seen[seen < 0]).tolist()
    near = [cell for cell, far in zip(doubtful, spot.metres_to(doubtful), strict=True) if far <= radius]
    return look._replace(neighbours=np.array([*seen[seen >= 0].tolist(), *near], np.int32))


def _compare(question: Question, own: Holder, others: frozenset[Holder], _trace: Trace) -> Neighbourhood:
    """The whole cells around, by whom they name."""
    edition = question.edition
    some = edition.cells.keys[0]  # the rules ask whether there is a cell, and no trace tells which
    here, *there = (Place(some, body, lineage_of(edition, area)) for area, body in (own, *others))
    bodies = {find_body(question, place) for place in there} - {find_body(question, here)}
    subdistricts = {area for place in there if (area := _foreign(place, here)) is not None}
    return Neighbourhood(question.radius_m, tuple(sorted(bodies)), tuple(sorted(subdistricts)), uncovered=False)


def _foreign(place: Place, own: Place) -> Named | None:
    """The subdistrict of a place, or its district where it has none, if the own place is not in it."""
    area: Area | None = area_of_rank(place.areas, SUBDISTRICT_RANK) or area_of_rank(place.areas, DISTRICT_RANK)
    return None if area is None or area.code in own.path else Named(area.code, area.name)


def _is_alike(question: Question, own: int, cell: int) -> bool:
    """Whether a cell belongs to the same area and body as the place's own: it cannot tell anything new."""
    cells = question.edition.cells
    area = cells.area[cell]
    return bool(
        own >= 0
        and area == cells.area[own]
        and cells.responsible_body[cell] == cells.responsible_body[own]
        and (area >= 0 or not len(question.edition.areas.polygons))
    )


def _zones_near(question: Question, radius: float) -> _Zones:
    """Determinations near the place that decide this matter, and which cells they may cut."""
    zones, frame, cells = question.duties.determinations, question.spot.frame, question.edition.cells.polygons
    near = zones.in_box(*question.spot.reach(radius * MARGIN), question.matter.day)
    rows = [row for row in near if find_determined(question, zones.rows[row]) is not None]
    decided = [(zones.rows[row], _local(frame, zones.outlines[row])) for row in rows]
    meeting: dict[int, _Decided] = {}
    for row, one in zip(rows, decided, strict=True):
        for cell in cells.in_box(*zones.polygons.boxes[row].tolist()).tolist():
            meeting.setdefault(cell, []).append(one)
    return _Zones(decided, meeting)


def _grounds_near(question: Question, around: Surroundings, radius: float, zones: _Zones) -> Iterator[_Ground]:
    """Cells and ground of areas alone; outlines only where they are to be cut.

    Of cells that nothing cuts, one of each area and body says what all say: a wide circle has thousands.
    """
    edition, cells = question.edition, question.edition.cells
    has_areas, told = len(edition.areas.polygons) > 0, set[tuple[int, str | None]]()
    _check_cuts(
        sum(len(zones.meeting.get(cell, ())) + (has_areas and cells.area[cell] < 0) for cell, _ in around.cells)
    )
    for cell, _ in around.cells:
        area, body, decided = int(cells.area[cell]), cells.responsible_body[cell], zones.meeting.get(cell, [])
        is_split = has_areas and area < 0
        is_whole = not (is_split or decided)
        if is_whole and (area, body) in told:
            continue
        outline = _outline_of(question, cell) if is_split or zones.decided else _NOWHERE
        if is_split:
            yield from _split(question, cell, outline, radius, decided)
            continue
        if is_whole and (outline is _NOWHERE or _is_near(outline, radius)):
            told.add((area, body))
        yield _Ground(Place(cells.keys[cell], body, lineage_of(edition, area)), outline, decided)
    for area, outline in around.bare.items():
        yield _Ground(Place(None, None, lineage_of(edition, area)), outline, zones.decided)


def _split(question: Question, cell: int, outline: BaseGeometry, radius: float, decided: _Decided) -> Iterator[_Ground]:
    """The near ground of a cell that names no area, by the areas that it lies in."""
    edition = question.edition
    key, body = edition.cells.keys[cell], edition.cells.responsible_body[cell]
    by_area, rest = split_by_area(edition, question.spot.frame, outline)
    for area, part in (*by_area.items(), (-1, rest)):
        if _is_near(part, radius):
            yield _Ground(Place(key, body, lineage_of(edition, area)), part, decided)


def _check_cuts(count: int) -> None:
    if count > MOST_CUTS:
        raise too_wide(f"some {count} borders of areas and determinations", f"约 {count} 处辖区与定责边界", MOST_CUTS)


def _outline_of(question: Question, cell: int) -> BaseGeometry:
    return _local(question.spot.frame, outlines_of(question.edition.cells.polygons, np.array([cell]))[0])


def _bodies_on(question: Question, ground: _Ground, radius: float) -> Iterator[Named]:
    """Bodies that answer on the near parts of some ground: what was determined takes its part away."""
    rest = ground.outline
    for row, outline in ground.decided:
        taken = common_ground(rest, outline)
        if not taken.is_empty:
            if _is_near(taken, radius):
                yield find_body(question, replace(ground.place, determinations=(row,)))
            rest = without_ground(rest, outline)
    if _is_near(rest, radius):
        yield find_body(question, ground.place)


def _local(frame: Frame, outline: BaseGeometry) -> BaseGeometry:
    return shapely.make_valid(shapely.transform(outline, lambda places: local_metres(frame, places)))


def _is_near(ground: BaseGeometry, radius: float) -> bool:
    """Whether ground wider than a sliver reaches into the circle; a wide part may have a thin tail where borders that
    follow one another differ in their vertices.
    """
    half = SLIVER_M / 2
    parts = (part for part in shapely.get_parts(ground) if part.distance(_HERE) <= radius)
    return any(part.buffer(-half).distance(_HERE) <= radius + half for part in parts)
