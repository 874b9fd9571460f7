"""Segments near a place: distance, side, and the areas that they pass through."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, box

from gridsvc.datum.plane import Plane
from gridsvc.index.compile import compile_territory
from gridsvc.index.territory.segments import near_segments, segments_near
from gridsvc.index.territory.spot import Spot
from gridsvc.model.territory import Segment, SegmentKind, Territory
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLANE = Plane("EPSG:4548")
X0, Y0 = 450_000.0, 4_420_000.0
offset = st.integers(-120, 120)


def on_plane(shape):
    """Metres around (X0, Y0) as degrees."""
    return shapely.transform(shape, lambda xy: np.stack(PLANE.unproject(xy[:, 0] + X0, xy[:, 1] + Y0), axis=-1))


def edition_of(*lines):
    segments = tuple(Segment("L", f"{i:03d}", "lane", SegmentKind.LANE, on_plane(line)) for i, line in enumerate(lines))
    return compile_territory(1, NOW, Territory("EPSG:4548", segments=segments))


def ask(edition, x, y, radius=1e4):
    """Asked as one place and as an array of one: the same doubles."""
    lon, lat = PLANE.unproject(np.array([X0 + x]), np.array([Y0 + y]))
    near = near_segments(edition, lon, lat, radius)
    rows = list(zip(near.segment.tolist(), near.distance_m.tolist(), near.side.tolist(), strict=True))
    assert segments_near(Spot(edition, float(lon[0]), float(lat[0])), radius) == rows
    return near


def side(line, x, y):
    return int(ask(edition_of(line), x, y).side[0])


def test_nothing_near_gives_no_pairs():
    edition = edition_of(LineString([(0, 0), (10, 0)]))
    assert len(ask(edition, 0, 100, radius=99.9).point) == 0
    assert len(near_segments(edition, np.zeros(0), np.zeros(0), 50.0).point) == 0
    assert len(near_segments(edition, np.array([-90.0]), np.array([0.0]), 50.0).point) == 0
    assert segments_near(Spot(edition, -90.0, 0.0), 50.0) == []


def test_pairs_come_by_point_then_segment_with_the_rim_included():
    edition = edition_of(
        LineString([(0, 0), (10, 0)]), LineString([(0, 30), (10, 30)]), LineString([(0, 90), (10, 90)])
    )
    lon, lat = PLANE.unproject(np.array([X0 + 5, X0 + 5]), np.array([Y0 + 60, Y0 + 10]))
    near = near_segments(edition, lon, lat, 40.0)
    assert list(zip(near.point.tolist(), near.segment.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 0), (1, 1)]
    assert near.distance_m == pytest.approx([30, 30, 10, 20], abs=1e-6)


@pytest.mark.parametrize(
    ("line", "x", "y", "expected"),
    [
        (LineString([(0, 0), (10, 0)]), 5, 1, 1),
        (LineString([(0, 0), (10, 0)]), 5, -1, -1),
        (LineString([(10, 0), (0, 0)]), 5, 1, -1),
        (LineString([(0, 0), (10, 0), (0, 1)]), 20, 0, -1),  # a hairpin to the left: its outside is on the right
        (LineString([(0, 0), (10, 0), (0, 1)]), 20, 3, -1),
        (LineString([(0, 0), (10, 0), (0, 1)]), 20, -3, -1),
        (LineString([(0, 0), (10, 0), (0, -1)]), 20, 0.4, 1),
        (LineString([(0, 0), (10, 0), (10, 10)]), 12, -3, -1),
        (LineString([(0, 0), (10, 0), (10, 10)]), 8, 3, 1),
        (MultiLineString([[(0, 0), (10, 0)], [(10, 0), (0, 1)]]), 20, 1, -1),  # parts that go on from each other
        (MultiLineString([[(0, 0), (10, 0)], [(0, 50), (10, 50)]]), 5, 49, -1),
        (LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]), -3, -1, -1),  # a ring, at its own beginning
        (LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]), -1, -3, -1),
        (MultiLineString([[(5, 0), (5, 0)], [(5, 0), (10, 0)]]), 4, 1, 1),  # a part without length at the start
        (LineString([(0, 0), (10, 0), (10, 0), (20, 0)]), 10, 2, 1),  # a piece without length in between
    ],
)
def test_the_side_is_that_of_the_line_even_at_sharp_bends(line, x, y, expected):
    assert side(line, x, y) == expected


def test_on_the_line_there_is_no_side():
    territory = tiny_territory()
    edition = compile_territory(1, NOW, territory)
    vertex = np.array(territory.segments[1].geometry.coords[0])
    near = near_segments(edition, vertex[:1], vertex[1:], 0.5)
    assert (near.segment.tolist(), near.side.tolist(), near.distance_m.tolist()) == ([1], [0], [0.0])


def test_a_line_that_is_one_place_has_a_distance_and_no_side():
    near = ask(edition_of(LineString([(3, 4), (3, 4)])), 0, 0)
    assert near.distance_m[0] == pytest.approx(5.0, abs=1e-6)
    assert near.side[0] == 0


def test_a_part_that_is_one_place_counts_for_the_distance():
    near = ask(edition_of(MultiLineString([[(0, 0), (0, 0)], [(0, -30), (0, -40)]])), 3, 4)
    assert near.distance_m[0] == pytest.approx(5.0, abs=1e-6)


points = st.tuples(offset, offset)
line_strings = st.lists(points, min_size=2, max_size=7).map(LineString)
lines = st.one_of(line_strings, st.lists(line_strings, min_size=1, max_size=3).map(MultiLineString))


@given(st.lists(lines, min_size=1, max_size=4), st.lists(points, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_distances_are_those_of_shapely(shapes, places):
    edition = edition_of(*shapes)
    east, north = np.array(places, float).T
    lon, lat = PLANE.unproject(east + X0, north + Y0)
    near = near_segments(edition, lon, lat, 60.0)
    x, y = PLANE.project(lon, lat)
    projected = [
        shapely.transform(s.geometry, lambda xy: np.stack(PLANE.project(*xy.T), -1)) for s in edition.segments.items
    ]
    metres = shapely.distance(np.array(projected)[None, :], shapely.points(x, y)[:, None])
    assert near.distance_m == pytest.approx(metres[near.point, near.segment], abs=1e-6)
    clear = np.abs(metres - 60.0) > 1e-6
    expected = set(zip(*np.nonzero((metres < 60.0) & clear), strict=True))
    found = set(zip(near.point.tolist(), near.segment.tolist(), strict=True))
    assert expected <= found <= set(zip(*np.nonzero(metres < 60.0 + 1e-6), strict=True))


@given(st.lists(points, min_size=3, max_size=8, unique=True), points)
@settings(max_examples=80, deadline=None)
def test_inside_a_simple_ring_is_always_the_same_side(corners, place):
    ring = shapely.convex_hull(shapely.multipoints(corners))
    if ring.geom_type != "Polygon" or ring.boundary.distance(Point(place)) < 1e-3:
        return
    ring = shapely.geometry.polygon.orient(ring)
    assert side(LineString(ring.exterior.coords), *place) == (1 if ring.contains(Point(place)) else -1)


def test_lines_of_many_pieces_are_measured_alike_one_place_at_a_time_and_as_arrays(monkeypatch):
    wave = LineString([(i / 10, (i * 37) % 11) for i in range(400)])
    edition = edition_of(wave, LineString(wave.coords[::-1]), LineString([(0, 0), (40, 5)]))
    spot = Spot(edition, *(float(value[0]) for value in PLANE.unproject(np.array([X0 + 20]), np.array([Y0 + 7]))))
    as_arrays = segments_near(spot, 50.0)
    monkeypatch.setattr("gridsvc.index.territory.segments._PIECES_ONE_BY_ONE", 10_000)
    assert segments_near(spot, 50.0) == as_arrays
    assert [segment for segment, _, _ in as_arrays] == [0, 1, 2]


def test_work_cut_into_small_runs_gives_the_same_answer(monkeypatch):
    edition = edition_of(*(LineString([(k, 0), (k + 5, 40), (k, 80)]) for k in range(0, 100, 10)))
    whole = ask(edition, 20, 30, 60.0)
    monkeypatch.setattr("gridsvc.index.territory.segments._PIECES_AT_ONCE", 3)
    assert np.array_equal(ask(edition, 20, 30, 60.0).distance_m, whole.distance_m)


def passages(territory):
    segments = compile_territory(1, NOW, territory).segments
    codes = [item.code for item in segments.items]
    return dict(zip(codes, segments.subdistricts, strict=True)), dict(zip(codes, segments.communities, strict=True))


def test_a_segment_passes_through_the_areas_of_its_cells_and_its_attribute_wins():
    subdistricts, communities = passages(tiny_territory())
    assert subdistricts == {"H-C": {"990101002"}, "L-A": {"990101001"}, "S-BC": {"990101001"}}
    assert communities["L-A"] == {"990101001001", "990101001002"}
    assert communities["S-BC"] == {"990101001002", "990101002001"}


def test_touching_a_border_is_not_passing_through():
    """The hutong ends on the border of column C, whichever side it comes from."""
    _, communities = passages(tiny_territory())
    assert communities["H-C"] == {"990101002001"}


def test_where_there_is_no_cell_the_polygons_tell():
    territory = tiny_territory()
    without = tuple(cell for cell in territory.cells if cell.name not in ("A1", "C1"))
    subdistricts, communities = passages(replace(territory, cells=without))
    assert (subdistricts["L-A"], communities["L-A"]) == ({"990101001"}, {"990101001001", "990101001002"})
    assert communities["H-C"] == {"990101002001"}
    nameless = tuple(replace(cell, area=None) for cell in territory.cells)
    assert passages(replace(territory, cells=nameless))[1]["L-A"] == {"990101001001", "990101001002"}


def test_the_cell_says_which_area_it_is_even_where_polygons_disagree():
    territory = tiny_territory()
    moved = tuple(replace(a, geometry=box(0, 0, 1, 1)) for a in territory.areas)
    assert passages(replace(territory, areas=moved))[1]["L-A"] == {"990101001001", "990101001002"}


def test_beyond_all_areas_a_segment_passes_through_nothing():
    territory = tiny_territory()
    far = replace(territory.segments[0], geometry=LineString([(10, 10), (10.001, 10)]))
    subdistricts, communities = passages(replace(territory, segments=(far,)))
    assert (subdistricts, communities) == ({"H-C": set()}, {"H-C": set()})
