"""From coordinates to a place: cell, areas, groups, segment, and the zones that lie over it, with their reasons."""

from collections.abc import Hashable
from dataclasses import replace
from typing import NamedTuple

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.layout import Look
from gridsvc.index.options import ResolveOptions
from gridsvc.index.rules.place import SIDES, Place, area_of_rank
from gridsvc.index.rules.question import Question
from gridsvc.index.rules.trace import Named, Trace, say_metres
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.cells import MATCHES
from gridsvc.index.territory.ground import Ground, ground_at
from gridsvc.index.territory.segment_choice import Near, SegmentChoice, choose_segment
from gridsvc.model.people import TargetKind
from gridsvc.model.resolution import AreaAnswer, CellAnswer, GroupAnswer, Match, SegmentAnswer
from gridsvc.model.territory import SUBDISTRICT_RANK


class Keys(NamedTuple):
    """All of a place that the rules for its chief, its people and its departments look at, by which their answers are
    remembered; None: they are not.
    """

    chief: Hashable = None
    people: Hashable = None
    ground: Hashable = None


_FORGOTTEN = Keys()


class Standing(NamedTuple):
    """A place without its coordinates, and what an answer tells of it."""

    place: Place
    cell: CellAnswer | None
    areas: tuple[AreaAnswer, ...]
    groups: tuple[GroupAnswer, ...]
    keys: Keys = _FORGOTTEN


class Placed(NamedTuple):
    """Where a location is, and how it was found; `cell` is its index or -1."""

    standing: Standing
    cell: int
    match: Match
    distance_m: float
    segment: SegmentAnswer | None
    nearest_segment: SegmentAnswer | None

    @property
    def place(self) -> Place:
        """As the rules look at it."""
        return self.standing.place


def find_place(question: Question, trace: Trace) -> Placed | None:
    """The place of a location, telling every rule that fired; None outside coverage."""
    if question.look is not None:
        return _find_at_a_glance(question, question.look, trace)
    edition, options = question.edition, question.options
    ground = ground_at(question.spot, options.tolerance_m)
    if ground.outside[0]:
        return None
    choice = choose_segment(question.spot, int(ground.area[0]), options.segment_radius_m)
    place = _under_zones(question, _place_of(edition, int(ground.cell[0]), int(ground.area[0]), choice.chosen))
    _tell_ground(question, ground, place, trace)
    chosen, nearer = answer_of_segment(edition, choice.chosen), answer_of_segment(edition, choice.nearer)
    tell_segment(chosen, nearer, choice.own or area_of_rank(place.areas, SUBDISTRICT_RANK) is None, options, trace)
    match = MATCHES.get(int(ground.match[0]), Match.NO_CELL)
    return Placed(_standing(place), int(ground.cell[0]), match, float(ground.distance_m[0]), chosen, nearer)


def _find_at_a_glance(question: Question, look: Look, trace: Trace) -> Placed:
    """Where one cell alone covers the place, which is nearly everywhere."""
    edition, memory = question.edition, question.memory
    chosen, nearer, is_own = _segments_of(question, look)
    segment, side = (-1, 0) if chosen is None else (chosen.segment, chosen.side)
    standing = memory.recall((look.cell, segment, side), trace, _stand, question, look, chosen)
    has_zones = look.is_determined or (look.is_patched and question.matter.category is not None)
    place = _under_zones(question, standing.place) if has_zones else standing.place
    if place is not standing.place:
        zones = tuple(row.code for row in place.determinations), tuple(row.code for row in place.patches)
        standing = standing._replace(place=place, keys=standing.keys._replace(ground=(standing.keys.ground, zones)))
    near, passed = answer_of_segment(edition, chosen), answer_of_segment(edition, nearer)
    told = None if near is None else (segment, say_metres(near.distance_m))
    told_passed = None if passed is None else (passed.code, say_metres(passed.distance_m))
    is_own = is_own or area_of_rank(standing.place.areas, SUBDISTRICT_RANK) is None
    memory.recall(("near", told, told_passed, is_own), trace, tell_segment, near, passed, is_own, question.options)
    return Placed(standing, look.cell, Match.INSIDE, 0.0, near, passed)


def _segments_of(question: Question, look: Look) -> SegmentChoice:
    segment, metres, side, nearer, nearer_m, nearer_side, is_own, is_doubtful = look.choice
    if is_doubtful:
        return choose_segment(question.spot, look.area, question.options.segment_radius_m)
    chosen = Near(segment, metres, side) if segment >= 0 else None
    return SegmentChoice(chosen, Near(nearer, nearer_m, nearer_side) if nearer >= 0 else None, is_own)


def _stand(question: Question, look: Look, chosen: Near | None, trace: Trace) -> Standing:
    """In the interior of a cell that names its area, zones aside."""
    place, cell = _place_of(question.edition, look.cell, look.area, chosen), look.cell
    if place.cell is None:
        raise AssertionError("a cell covers the place")
    trace.add("CELL_INSIDE", place.cell.code, cell=Named(place.cell.code, place.cell_name))
    areas = tuple(Named(area.code, area.name) for area in place.areas)
    trace.add("AREAS_BY_CODE", *(area.code for area in areas), areas=areas)
    line = None if chosen is None else (chosen.segment, chosen.side)
    groups = tuple((group.scheme, group.code) for group in place.groups)
    posted = cell if (TargetKind.CELL, place.cell.code) in question.duties.staff.posts_on else None
    keys = Keys(
        ("chief", line, look.area),
        ("people", line, look.area, groups, posted),
        ("ground", look.area, place.responsible_body, None if place.responsible_body is None else cell),
    )
    return _standing(place, keys)


def _standing(place: Place, keys: Keys = _FORGOTTEN) -> Standing:
    return Standing(
        place,
        CellAnswer(*place.cell, place.cell_name or "") if place.cell is not None else None,
        tuple(AreaAnswer(area.level.value, area.code, area.name) for area in place.areas),
        tuple(GroupAnswer(group.kind.value, group.code, group.name) for group in place.groups),
        keys,
    )


def _place_of(edition: CompiledEdition, cell: int, area: int, chosen: Near | None) -> Place:
    """Without zones; -1 for no cell or area."""
    return Place(
        cell=edition.cells.keys[cell] if cell >= 0 else None,
        responsible_body=edition.cells.responsible_body[cell] if cell >= 0 else None,
        areas=lineage_of(edition, area),
        groups=edition.groups_of_cell[cell] if cell >= 0 else (),
        segment=edition.segments.items[chosen.segment] if chosen is not None else None,
        side=SIDES.get(chosen.side) if chosen is not None else None,
        cell_name=edition.cells.names[cell] if cell >= 0 else None,
    )


def _under_zones(question: Question, place: Place) -> Place:
    duties, location, day = question.duties, question.location, question.matter.day
    determinations = duties.determinations.covering(location.lon, location.lat, day)
    patches = duties.patches.covering(location.lon, location.lat, day)
    return replace(place, determinations=determinations, patches=patches) if determinations or patches else place


def answer_of_segment(edition: CompiledEdition, near: Near | None) -> SegmentAnswer | None:
    """As an answer tells it."""
    if near is None:
        return None
    item, side = edition.segments.items[near.segment], SIDES.get(near.side)
    return SegmentAnswer(
        item.scheme, item.code, item.name, item.kind.value, near.distance_m, side.value if side else None
    )


def _tell_ground(question: Question, ground: Ground, place: Place, trace: Trace) -> None:
    codes = [area.code for area in place.areas]
    areas = tuple(Named(area.code, area.name) for area in place.areas)
    if place.cell is None:
        trace.add("NO_CELL", codes[-1], area=areas[-1])
    else:
        _tell_cell(question, ground, Named(place.cell.code, place.cell_name), trace)
    if not codes:
        trace.add("AREAS_UNKNOWN")
    elif place.cell is not None and question.edition.cells.area[ground.cell[0]] >= 0:
        trace.add("AREAS_BY_CODE", *codes, areas=areas)
    else:
        trace.add("AREAS_BY_POLYGON", *codes, areas=areas)


def _tell_cell(question: Question, ground: Ground, cell: Named, trace: Trace) -> None:
    match = MATCHES[int(ground.match[0])]
    if match is Match.INSIDE:
        trace.add("CELL_INSIDE", cell.code, cell=cell)
    elif match is Match.GAP:
        distance = float(ground.distance_m[0])
        trace.add("CELL_GAP", cell.code, cell=cell, distance=distance, tolerance=f"{question.options.tolerance_m:g}")
    else:
        hits = [question.edition.cells.keys[index].code for index, _ in question.spot.covering]
        if match is Match.BOUNDARY:
            trace.add("CELL_BOUNDARY", *hits, count=len(hits), cell=cell)
        else:
            trace.add("CELL_OVERLAP", *hits, count=len(hits), cell=cell)


def tell_segment(
    chosen: SegmentAnswer | None, nearer: SegmentAnswer | None, own: bool, options: ResolveOptions, trace: Trace
) -> None:
    """What was chosen, whether it belongs to the place's subdistrict, and what was passed over."""
    radius = f"{options.segment_radius_m:g}"
    if chosen is None:
        trace.add("NO_SEGMENT", radius=radius)
        return
    code, segment = chosen.code, Named(chosen.code, chosen.name)
    trace.add("SEGMENT_NEAREST", code, segment=segment, distance=chosen.distance_m, radius=radius)
    if not own:
        trace.add("SEGMENT_FOREIGN", code, segment=segment, radius=radius)
    if nearer is not None:
        segment = Named(nearer.code, nearer.name)
        trace.add("SEGMENT_FOREIGN_PASSED", nearer.code, segment=segment, distance=nearer.distance_m)
