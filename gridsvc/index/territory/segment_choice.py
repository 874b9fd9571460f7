"""Which of the near segments answers: the place's own subdistrict first, then the distance, then the community.

Distances are compared in whole millimetres: nobody measures a centre line finer, and equal ones fall to the rules
after it. A nearer segment of another subdistrict is passed over, and told.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import engine
from gridsvc.index.layout import Places
from gridsvc.index.territory.segments import NearSegments, near_segments, segments_near
from gridsvc.index.territory.spot import Spot
from gridsvc.model.territory import COMMUNITY_RANK, SUBDISTRICT_RANK


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """Per point a segment (-1: none), metres (NaN: none), and side (+1 left, -1 right, 0 on the line).

    On the line is whoever is 0 mm from it: a point drawn on a line in degrees is micrometres off it in the plane.
    """

    segment: Int32Array
    distance_m: FloatArray
    side: Int8Array


@dataclass(frozen=True, slots=True, eq=False)
class SegmentChoices:
    """`chosen` by the rules; `nearer` only where a strictly nearer one (in mm) was passed over."""

    chosen: Picked
    nearer: Picked
    own: BoolArray


def choose_segments(
    edition: CompiledEdition, lon: FloatArray, lat: FloatArray, area: Int32Array, radius_m: float
) -> SegmentChoices:
    """`area` is the index of each point's deepest area (-1: none); `own` says that the choice belongs to it."""
    x, y = edition.plane.project(lon, lat)
    numbers = np.concatenate([edition.segments.numbers, [[-1, -1]]]).astype(np.int32)
    found = engine().choose_segments(
        edition.segments.arrays, Places(x, y, *np.ascontiguousarray(numbers[area].T)), radius_m
    )
    choices = SegmentChoices(Picked(*found[:3]), Picked(*found[3:6]), found.is_own)
    if len(rest := np.flatnonzero(found.is_doubtful)):
        slow = _choose_slowly(edition, lon[rest], lat[rest], area[rest], radius_m)
        for mine, theirs in ((choices.chosen, slow.chosen), (choices.nearer, slow.nearer)):
            mine.segment[rest], mine.distance_m[rest], mine.side[rest] = theirs.segment, theirs.distance_m, theirs.side
        choices.own[rest] = slow.own
    return choices


def _choose_slowly(
    edition: CompiledEdition, lon: FloatArray, lat: FloatArray, area: Int32Array, radius_m: float
) -> SegmentChoices:
    """The same by arrays and rational numbers."""
    near = near_segments(edition, lon, lat, radius_m)
    millimetres = in_millimetres(near.distance_m)
    own, same_community, street = _belongings(edition, near, area).T
    by_rule = np.lexsort((near.segment, street, ~same_community, millimetres, ~own, near.point))
    by_distance = np.lexsort((near.segment, street, ~same_community, millimetres, near.point))
    count = len(lon)
    first = _first_of_each(near.point[by_rule], by_rule)
    nearest = _first_of_each(near.point[by_distance], by_distance)
    passed = millimetres[nearest] < millimetres[first]
    is_own = np.zeros(count, np.bool_)
    is_own[near.point[first]] = own[first]
    return SegmentChoices(_pick(near, first, count), _pick(near, nearest[passed], count), is_own)


class Near(NamedTuple):
    """One segment (index) near a place, as in `Picked`."""

    segment: int
    distance_m: float
    side: int


class SegmentChoice(NamedTuple):
    """As `SegmentChoices` for one place."""

    chosen: Near | None
    nearer: Near | None
    own: bool


def choose_segment(spot: Spot, area: int, radius_m: float) -> SegmentChoice:
    """As `choose_segments` for one place."""
    near = segments_near(spot, radius_m)
    if not near:
        return SegmentChoice(None, None, own=False)
    segments, codes = spot.edition.segments, codes_by_rank(spot.edition, area)
    rows = []
    for segment, metres, side in near:
        millimetres = round(metres * 1000.0)
        foreign = codes.get(SUBDISTRICT_RANK) not in segments.subdistricts[segment]
        elsewhere = codes.get(COMMUNITY_RANK) not in segments.communities[segment]
        street = bool(segments.facts.is_street[segment])
        rows.append(((foreign, millimetres, elsewhere, street), Near(segment, metres, side if millimetres else 0)))
    order, chosen = min(rows)
    nearest, nearer = min(rows, key=lambda row: (row[0][1:], row[1]))
    return SegmentChoice(chosen, nearer if nearest[1] < order[1] else None, own=not order[0])


def in_millimetres(metres: FloatArray) -> IntArray:
    """Whole millimetres, by which distances are compared."""
    return np.rint(metres * 1000.0).astype(np.int64)


def _belongings(edition: CompiledEdition, near: NearSegments, area: Int32Array) -> BoolArray:
    """For each pair: does the segment belong to the point's subdistrict, pass through its community, is it a street."""
    stride = len(edition.areas) + 1
    kinds, where = np.unique(near.segment.astype(np.int64) * stride + area[near.point] + 1, return_inverse=True)
    codes = {place: codes_by_rank(edition, place) for place in np.unique(kinds % stride - 1).tolist()}
    segments = edition.segments
    facts = [
        (
            codes[place].get(SUBDISTRICT_RANK) in segments.subdistricts[segment],
            codes[place].get(COMMUNITY_RANK) in segments.communities[segment],
            bool(segments.facts.is_street[segment]),
        )
        for segment, place in zip((kinds // stride).tolist(), (kinds % stride - 1).tolist(), strict=True)
    ]
    return np.array(facts, np.bool_).reshape(-1, 3)[where]


def codes_by_rank(edition: CompiledEdition, area: int) -> dict[int, str]:
    """Rank (1 district to 3 community) → code along the lineage of an area; empty for -1."""
    if area < 0:
        return {}
    areas = edition.areas
    return {int(areas.rank[index]): areas.items.keys.codes[index] for index in areas.lineage[area]}


def _first_of_each(point: IntArray, order: IntArray) -> IntArray:
    """The first pair of each point, where `point` is sorted as `order` says."""
    return order[np.unique(point, return_index=True)[1]]


def _pick(near: NearSegments, pairs: IntArray, count: int) -> Picked:
    segment = np.full(count, -1, np.int32)
    distance, side = np.full(count, np.nan), np.zeros(count, np.int8)
    owners = near.point[pairs]
    segment[owners], distance[owners] = near.segment[pairs], near.distance_m[pairs]
    side[owners] = np.where(in_millimetres(near.distance_m[pairs]) == 0, 0, near.side[pairs])
    return Picked(segment, distance, side)
