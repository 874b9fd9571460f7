"""Which segment answers: kernels, arrays and one place at a time say the same, and as a second writing says it."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, box

from gridsvc.datum.plane import Plane
from gridsvc.index import kernels, plain_kernels
from gridsvc.index.compile import compile_territory
from gridsvc.index.territory.segment_choice import choose_segment, choose_segments
from gridsvc.index.territory.spot import Spot
from gridsvc.model.territory import Area, Level, Segment, SegmentKind, Territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLANE = Plane("EPSG:4548")
X0, Y0 = 450_000.0, 4_420_000.0
RADIUS_M = 50.0
KINDS = (SegmentKind.STREET, SegmentKind.LANE, SegmentKind.HUTONG)
AREAS = ("990101001001", "990101001002", "990101002001", "990101002002")

numbers = st.integers(-60, 60) | st.sampled_from([0, 25, 50]) | st.floats(-60, 60)
corners = st.tuples(numbers, numbers)
paths = st.lists(corners, min_size=2, max_size=6).map(LineString)
lines = paths | st.lists(paths, min_size=1, max_size=3).map(MultiLineString)
attributes = st.tuples(
    lines, st.sampled_from(KINDS), st.sampled_from([None, None, "990101001", "990101002", "nowhere"])
)
spreads = st.sampled_from([1.0, 1.0, 1e-4, 7.0, 4_000.0])
"""Metres for one unit: lines within a hair, a network of streets, and one over a province."""


def on_plane(shape):
    """Metres around (X0, Y0) as degrees."""
    return shapely.transform(shape, lambda xy: np.stack(PLANE.unproject(xy[:, 0] + X0, xy[:, 1] + Y0), axis=-1))


def areas():
    """Four columns of 30 m, two subdistricts."""
    columns = [box(30 * k - 60, -60, 30 * k - 30, 60) for k in range(4)]
    found = [Area("ADMIN_LOCAL", "990101", "d", Level.DISTRICT)]
    found += [Area("ADMIN_LOCAL", code, "s", Level.SUBDISTRICT, "990101") for code in ("990101001", "990101002")]
    for code, column in zip(AREAS, columns, strict=True):
        found.append(Area("ADMIN_LOCAL", code, "c", Level.COMMUNITY, code[:9], on_plane(column)))
    return tuple(found)


def edition_of(given_lines, spread):
    segments = tuple(
        Segment("L", f"{i:03d}", "", kind, on_plane(shapely.affinity.scale(line, spread, spread, origin=(0, 0))), own)
        for i, (line, kind, own) in enumerate(given_lines)
    )
    return compile_territory(1, NOW, Territory("EPSG:4548", areas=areas(), segments=segments))


def told(choices):
    """As text, so that NaN equals NaN."""
    both = [(p.segment.tolist(), p.distance_m.tolist(), p.side.tolist()) for p in (choices.chosen, choices.nearer)]
    return repr((both, choices.own.tolist()))


def one_by_one(edition, lon, lat, area):
    found = [
        choose_segment(Spot(edition, *place), at, RADIUS_M)
        for *place, at in zip(lon.tolist(), lat.tolist(), area.tolist(), strict=True)
    ]
    both = []
    for nears in ([one.chosen for one in found], [one.nearer for one in found]):
        rows = [(near.segment, near.distance_m, near.side) if near else (-1, np.nan, 0) for near in nears]
        both.append(tuple(list(column) for column in zip(*rows, strict=True)))
    return repr((both, [one.own for one in found]))


def places_of(given_lines, more, spread):
    """Vertices, middles of pieces, places given: in metres of the plane."""
    xy, line = shapely.get_coordinates([one for one, _, _ in given_lines], return_index=True)
    joined = line[1:] == line[:-1]
    middles = ((xy[:-1] + xy[1:]) / 2)[joined]
    return np.concatenate([xy[:5], middles[:5], np.array(more, float)]) * spread + [X0, Y0]


many = st.lists(attributes, min_size=1, max_size=7)


@given(many, st.lists(corners, min_size=1, max_size=8), spreads, st.integers(0, 6))
@settings(max_examples=30, deadline=None)
def test_kernels_arrays_and_one_place_at_a_time_choose_the_same(given_lines, more, spread, first_area):
    edition = edition_of(given_lines, spread)
    lon, lat = PLANE.unproject(*places_of(given_lines, more, spread).T)
    area = ((np.arange(len(lon)) + first_area) % (len(edition.areas) + 1) - 1).astype(np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gridsvc.index.territory.segment_choice.engine", lambda: plain_kernels)
        slow = told(choose_segments(edition, lon, lat, area, RADIUS_M))
        patch.setattr("gridsvc.index.territory.segment_choice.engine", lambda: kernels)
        assert told(choose_segments(edition, lon, lat, area, RADIUS_M)) == slow
    assert one_by_one(edition, lon, lat, area) == slow


def slow_orders(edition, metres, area):
    """For each segment within the radius (by rule, by distance alone) as the design says them."""
    codes = {a.level.rank: a.code for a in edition.areas.items if a.code in (area, area[:9], area[:6])}
    for index, segment in enumerate(edition.segments.items):
        millimetres = metres[index] * 1000
        if metres[index] > RADIUS_M:
            continue
        passes = edition.segments.subdistricts[index]
        is_own = codes.get(2) == segment.subdistrict if segment.subdistrict else codes.get(2) in passes
        order = (
            round(millimetres),
            codes.get(3) not in edition.segments.communities[index],
            segment.kind is SegmentKind.STREET,
            segment.code,
        )
        yield (not is_own, *order), order, index


@given(many, st.lists(corners, min_size=1, max_size=8), spreads, st.sampled_from(["", *AREAS]))
@settings(max_examples=30, deadline=None)
def test_the_choice_is_that_of_a_second_writing_over_distances_of_shapely(given_lines, more, spread, area):
    edition = edition_of(given_lines, spread)
    xy = places_of(given_lines, more, spread)
    lon, lat = PLANE.unproject(*xy.T)
    at = np.full(len(lon), edition.areas.index_of.get(area, -1), np.int32)
    choices = choose_segments(edition, lon, lat, at, RADIUS_M)
    shapes = [
        shapely.transform(item.geometry, lambda xy: np.stack(PLANE.project(*xy.T), -1))
        for item in edition.segments.items
    ]
    for i, place in enumerate(shapely.points(*PLANE.project(lon, lat))):
        metres = shapely.distance(shapes, place)
        if (np.abs(metres * 1000 % 1 - 0.5) < 1e-3).any() or (np.abs(metres - RADIUS_M) < 1e-6).any():
            continue  # rounding decides
        rows = list(slow_orders(edition, metres, area))
        if not rows:
            assert choices.chosen.segment[i] == choices.nearer.segment[i] == -1
            continue
        best, nearest = min(rows), min(rows, key=lambda row: row[1])
        assert choices.chosen.segment[i] == best[2]
        assert choices.chosen.distance_m[i] == pytest.approx(metres[best[2]], abs=1e-6)
        assert choices.own[i] == (not best[0][0])
        is_passed = nearest[1][0] < best[1][0]
        assert choices.nearer.segment[i] == (nearest[2] if is_passed else -1)


def test_more_segments_than_kernels_hold_are_asked_as_arrays():
    """A square where three hundred lines meet."""
    star = [(LineString([(0, 0), (30 * np.cos(k), 30 * np.sin(k))]), SegmentKind.LANE, None) for k in range(300)]
    edition = edition_of(star, 1.0)
    lon, lat = PLANE.unproject(np.array([X0, X0 + 3.0]), np.array([Y0, Y0 + 4.0]))
    area = np.full(2, -1, np.int32)
    choices = choose_segments(edition, lon, lat, area, RADIUS_M)
    assert choices.chosen.segment[0] == 0
    assert told(choices) == one_by_one(edition, lon, lat, area)


def test_two_areas_of_one_level_above_each_other_are_read_alike():
    """A finding at the checks, but not one that may make two answers of one question."""
    edition = edition_of([(LineString([(-60, 0), (60, 0)]), SegmentKind.LANE, None)], 1.0)
    inner = Area("ADMIN_LOCAL", "990101001001", "c", Level.SUBDISTRICT, "990101001", on_plane(box(-60, -60, 60, 60)))
    territory = Territory(
        "EPSG:4548",
        areas=(*areas()[:3], inner),
        segments=tuple(replace(s, subdistrict=inner.code) for s in edition.segments.items),
    )
    edition = compile_territory(1, NOW, territory)
    lon, lat = PLANE.unproject(np.array([X0]), np.array([Y0 + 5.0]))
    area = np.array([edition.areas.index_of["990101001001"]], np.int32)
    assert told(choose_segments(edition, lon, lat, area, RADIUS_M)) == one_by_one(edition, lon, lat, area)


def test_a_segment_where_the_plane_has_no_coordinates_hides_no_other():
    lines = (LineString([(-153.0, 0.1), (-152.9, 0.0)]), LineString([(27.0, 0.0), (27.0001, 0.0)]))
    segments = tuple(Segment("L", f"{n}", "", SegmentKind.LANE, line) for n, line in enumerate(lines))
    for territory in (Territory("EPSG:32650", segments=segments), Territory("EPSG:32650", segments=segments[:1])):
        edition = compile_territory(1, NOW, territory)
        where, nowhere = np.array([117.0]), np.array([-1], np.int32)
        assert choose_segments(edition, where, np.array([0.0]), nowhere, RADIUS_M).chosen.segment.tolist() == [-1]
    near = replace(segments[1], geometry=LineString([(117.0, 0.0), (117.0001, 0.0)]))
    edition = compile_territory(1, NOW, Territory("EPSG:32650", segments=(segments[0], near)))
    assert choose_segments(edition, where, np.array([0.0]), nowhere, RADIUS_M).chosen.segment.tolist() == [1]
