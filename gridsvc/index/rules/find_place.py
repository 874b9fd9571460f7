"""From coordinates to a place: cell, areas, groups, segment, and the zones that lie over it, with their reasons."""

from dataclasses import dataclass

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import ResolveOptions
from gridsvc.index.rules.place import SIDES, Place, area_of_rank
from gridsvc.index.rules.question import Question
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.cells import MATCHES
from gridsvc.index.territory.ground import Ground, ground_at
from gridsvc.index.territory.segment_choice import Near, choose_segment
from gridsvc.model.resolution import Match, SegmentAnswer
from gridsvc.model.territory import SUBDISTRICT_RANK


@dataclass(frozen=True, slots=True)
class Placed:
    """A place with what the answer tells about how it was found; `cell` is its index or -1."""

    place: Place
    cell: int
    match: Match
    distance_m: float
    segment: SegmentAnswer | None
    nearest_segment: SegmentAnswer | None


def find_place(question: Question, trace: Trace) -> Placed | None:
    """The place of a location, telling every rule that fired; None outside coverage."""
    edition, options = question.edition, question.options
    ground = ground_at(question.spot, options.tolerance_m)
    if ground.outside[0]:
        return None
    choice = choose_segment(question.spot, int(ground.area[0]), options.segment_radius_m)
    place = _make_place(question, ground, choice.chosen)
    _tell_ground(question, ground, place, trace)
    chosen, nearer = _answer(edition, choice.chosen), _answer(edition, choice.nearer)
    _tell_segment(chosen, nearer, choice.own or area_of_rank(place.areas, SUBDISTRICT_RANK) is None, options, trace)
    match = MATCHES.get(int(ground.match[0]), Match.NO_CELL)
    return Placed(place, int(ground.cell[0]), match, float(ground.distance_m[0]), chosen, nearer)


def _make_place(question: Question, ground: Ground, chosen: Near | None) -> Place:
    edition, duties, location, day = question.edition, question.duties, question.location, question.matter.day
    cell = int(ground.cell[0])
    return Place(
        cell=edition.cells.keys[cell] if cell >= 0 else None,
        responsible_body=edition.cells.responsible_body[cell] if cell >= 0 else None,
        areas=lineage_of(edition, int(ground.area[0])),
        groups=edition.groups_of_cell[cell] if cell >= 0 else (),
        segment=edition.segments.items[chosen.segment] if chosen is not None else None,
        side=SIDES.get(chosen.side) if chosen is not None else None,
        determinations=duties.determinations.covering(location.lon, location.lat, day),
        patches=duties.patches.covering(location.lon, location.lat, day),
        cell_name=edition.cells.names[cell] if cell >= 0 else None,
    )


def _answer(edition: CompiledEdition, near: Near | None) -> SegmentAnswer | None:
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


def _tell_segment(
    chosen: SegmentAnswer | None, nearer: SegmentAnswer | None, own: bool, options: ResolveOptions, trace: Trace
) -> None:
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
