"""Exact signs and exact point in polygon, against rational arithmetic and shapely."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridsvc.index import kernels
from gridsvc.index.geometry import exact
from gridsvc.index.geometry.exact import locate_one, locate_pairs, orientation
from gridsvc.index.geometry.polygons import compile_polygons
from gridsvc.index.geometry.ranges import chunks, expand_ranges
from gridsvc.index.layout import UNSURE, RingArrays
from tests.fixtures.oracles import rational_edges, rational_place, rational_turn, shapely_places
from tests.fixtures.partitions import FAULTS, adversarial_points, make_partition

any_double = st.floats(allow_nan=False, allow_infinity=False)
degree = st.floats(-180.0, 180.0)
near_one = st.builds(lambda steps: 12.0 + steps * 2.0**-49, st.integers(-40, 40))
faults = st.lists(st.sampled_from(sorted(FAULTS)), max_size=4, unique=True).map(tuple)
seeds = st.integers(0, 2**31)


def _turn(*six):
    return int(orientation(*(np.array([value]) for value in six))[0])


@given(st.one_of(*(st.tuples(*[values] * 6) for values in (any_double, degree, near_one))))
@settings(max_examples=400, deadline=None)
def test_the_sign_of_a_turn_is_exact_for_all_doubles(six):
    assert _turn(*six) == rational_turn(*six)


@given(degree, degree, degree, degree, st.floats(0, 1), st.integers(-2, 2))
@settings(max_examples=300, deadline=None)
def test_the_sign_is_exact_one_step_beside_a_line(ax, ay, bx, by, share, steps):
    cx, cy = ax + share * (bx - ax), ay + share * (by - ay)
    cx += steps * np.spacing(cx)
    assert _turn(ax, ay, bx, by, cx, cy) == rational_turn(ax, ay, bx, by, cx, cy)


@pytest.mark.parametrize("tiny", [5e-324, 1e-308, 1e-200, 1e-160])
def test_products_that_vanish_still_have_a_sign(tiny):
    assert _turn(0.0, 0.0, tiny, 0.0, 0.0, tiny) == 1
    assert _turn(0.0, 0.0, 0.0, tiny, tiny, 0.0) == -1
    assert _turn(0.0, 0.0, tiny, tiny, 2 * tiny, 2 * tiny) == 0


def test_products_that_overflow_still_have_a_sign():
    assert _turn(0.0, 0.0, 1e300, 0.0, 0.0, 1e300) == 1
    assert _turn(0.0, 0.0, 1e300, 1e300, 1.7e308, 1.7e308) == 0


@given(seeds, faults)
@settings(max_examples=40, deadline=None)
def test_places_are_those_of_rational_arithmetic_and_of_shapely(seed, with_faults):
    cells = make_partition(seed, with_faults)
    lon, lat = adversarial_points(seed, cells, 12)
    table = compile_polygons(cells)
    polygon, point = (index.ravel() for index in np.indices((len(cells), len(lon))))
    found = locate_pairs(table, polygon, lon[point], lat[point])
    assert np.array_equal(found, exact._locate_slowly(table, polygon, lon[point], lat[point]))
    found = found.reshape(len(cells), len(lon))
    edges = [rational_edges(cell) for cell in cells]
    expected = [[rational_place(of_cell, x, y) for x, y in zip(lon, lat, strict=True)] for of_cell in edges]
    assert np.array_equal(found, expected)
    assert np.array_equal(found, shapely_places(cells, lon, lat))


@given(seeds, faults)
@settings(max_examples=20, deadline=None)
def test_one_place_is_answered_as_many_are(seed, with_faults):
    cells = make_partition(seed, with_faults)
    lon, lat = adversarial_points(seed, cells, 5)
    table = compile_polygons(cells)
    for polygon in range(len(cells)):
        together = locate_pairs(table, np.full(len(lon), polygon), lon, lat)
        assert [locate_one(table, polygon, x, y) for x, y in zip(lon, lat, strict=True)] == together.tolist()


def test_work_cut_into_small_runs_gives_the_same_answer(monkeypatch):
    cells = make_partition(7, ("island", "hole", "many_parts"))
    lon, lat = adversarial_points(7, cells, 60)
    table = compile_polygons(cells)
    polygon, point = (index.ravel() for index in np.indices((len(cells), len(lon))))
    whole = locate_pairs(table, polygon, lon[point], lat[point])
    monkeypatch.setattr(exact, "_EDGES_AT_ONCE", 10)
    monkeypatch.setattr(exact, "_MEETINGS_AT_ONCE", 7)
    assert np.array_equal(exact._locate_slowly(table, polygon, lon[point], lat[point]), whole)


def test_hardly_any_place_needs_rational_numbers():
    table = compile_polygons(make_partition(3))
    rng, (west, south), (east, north) = np.random.default_rng(3), table.boxes[:, :2].min(0), table.boxes[:, 2:].max(0)
    lon, lat = rng.uniform(west, east, 5000), rng.uniform(south, north, 5000)
    point, polygon = table.at_points(lon, lat)
    assert len(point) > 5000
    rings = RingArrays(table.x, table.y, table.ring_offsets, table.polygon_offsets)
    assert (kernels.locate(rings, polygon, lon[point], lat[point]) == UNSURE).sum() == 0


def test_no_pairs_give_no_places():
    table = compile_polygons(make_partition(1))
    assert len(locate_pairs(table, np.zeros(0, np.int64), np.zeros(0), np.zeros(0))) == 0


def test_ranges_are_laid_out_one_after_the_other():
    assert expand_ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    cut = chunks(np.array([3, 9, 1, 1, 1]), 4)
    assert [(piece.start, piece.stop) for piece in cut] == [(0, 1), (1, 2), (2, 5)]
