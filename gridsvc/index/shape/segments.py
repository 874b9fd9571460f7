"""Which segments a shape concerns, and whose chiefs.

A polygon concerns the centre lines that run inside it, by their length there; a line (a parade, a trench) concerns
those that run within the tolerance of it, by the length of the line that does. Lines cross streets, so the shares
of a line need not sum to 1, those of a polygon do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import IntArray
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.partition import projected
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.chiefs import find_chief
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Trace
from gridsvc.model.people import Side
from gridsvc.model.resolution import ChiefAnswer
from gridsvc.model.territory import SUBDISTRICT_RANK, Area

_STEP_DEG = 2e-4  # edges straight in lon/lat, cut so fine, bow by hundredths of a millimetre in the plane
_METRES_PER_DEGREE = 111_320.0
_MARGIN_M = 10.0  # more than edges straight in the plane bow in lon/lat, and than the earth is flattened


@dataclass(frozen=True, slots=True)
class Concerned:
    """A segment (index) that a shape concerns, with its length or the shape's beside it, in metres."""

    segment: int
    metres: float


def list_concerned(edition: CompiledEdition, shape: BaseGeometry, tolerance_m: float) -> list[Concerned]:
    """Segments inside a polygon or along a line, in order of (scheme, code)."""
    is_line = shapely.get_dimensions(shape) == 1
    reach = tolerance_m if is_line else 0.0
    near, boxes = segments_met(edition, shape, reach)
    inside = shapely.contains_properly(shape, boxes)
    concerned: list[Concerned] = []
    for index, box, is_inside in zip(near.tolist(), boxes, inside.tolist(), strict=True):
        line = projected(edition.plane, edition.segments.items[index].geometry)
        if is_inside and line.is_simple:
            metres = line.length
        else:
            flat = projected(edition.plane, shapely.segmentize(_within(shape, box), _STEP_DEG))
            metres = (flat.intersection(line.buffer(reach)) if is_line else line.intersection(flat)).length
        if metres > 0.0:
            concerned.append(Concerned(index, float(metres)))
    return concerned


def segments_met(edition: CompiledEdition, shape: BaseGeometry, reach: float) -> tuple[IntArray, NDArray[np.object_]]:
    """Segments (indices) whose box, wider by more than the reach on all sides, meets a shape; and these boxes."""
    west, south, east, north = edition.segments.boxes.T
    high = (reach + _MARGIN_M) / _METRES_PER_DEGREE
    wide = high / np.cos(np.radians(np.minimum(np.maximum(np.abs(south), np.abs(north)) + high, 89.0)))
    boxes = shapely.box(west - wide, south - high, east + wide, north + high)
    shapely.prepare(shape)
    near = np.flatnonzero(shapely.intersects(shape, boxes))
    return near, boxes[near]


def _within(shape: BaseGeometry, box: BaseGeometry) -> BaseGeometry:
    """The shape near a segment: what lies far away would be cut fine and projected for nothing, a country of it."""
    # Clipping leaves a line as it is where it crosses itself; cutting would count the crossings.
    return shapely.clip_by_rect(shape, *box.bounds) if shapely.get_dimensions(shape) == 1 else shape.intersection(box)


def list_chiefs(
    edition: CompiledEdition,
    duties: Duties,
    matter: Matter,
    concerned: list[Concerned],
    subdistricts: dict[str, tuple[Area, ...]],
    trace: Trace,
) -> tuple[ChiefAnswer, ...]:
    """Chiefs of both sides of each segment, and of subdistricts without any; `subdistricts` are code → lineage."""
    places = list(_places(edition, concerned, subdistricts))
    answers = (find_chief(duties.staff, place, matter.day, trace) for place in places)
    return tuple(dict.fromkeys(answer for answer in answers if answer is not None))


def _places(
    edition: CompiledEdition, concerned: list[Concerned], subdistricts: dict[str, tuple[Area, ...]]
) -> Iterator[Place]:
    bare = set(subdistricts)
    for found in concerned:
        segment = edition.segments.items[found.segment]
        own = edition.segments.subdistricts[found.segment] & subdistricts.keys()
        bare -= own
        for areas in [subdistricts[code] for code in sorted(own)] or [()]:
            for side in (Side.LEFT, Side.RIGHT):
                yield Place(None, None, areas, segment=segment, side=side)
    for code in sorted(bare):
        yield Place(None, None, subdistricts[code])


def lineages_by_subdistrict(lineages: list[tuple[Area, ...]]) -> dict[str, tuple[Area, ...]]:
    """Subdistrict code → district and subdistrict, for the lineages of a shape's ground."""
    found: dict[str, tuple[Area, ...]] = {}
    for lineage in lineages:
        above = tuple(area for area in lineage if area.level.rank <= SUBDISTRICT_RANK)
        found.update({area.code: above for area in above if area.level.rank == SUBDISTRICT_RANK})
    return found
