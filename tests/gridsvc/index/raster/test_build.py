"""The raster of polygons: what it says without doubt is so in rational numbers, and both kernels say the same."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from gridsvc.index import kernels, plain_kernels
from gridsvc.index.geometry.exact import locate_pairs
from gridsvc.index.geometry.polygons import compile_polygons
from gridsvc.index.layout import DOUBT, FIRST_NODE, NONE
from gridsvc.index.raster import build
from gridsvc.index.raster.build import compile_raster
from tests.fixtures.oracles import rational_edges, rational_place
from tests.fixtures.partitions import FAULTS, adversarial_points, make_partition

faults = st.lists(st.sampled_from(sorted(FAULTS)), max_size=4, unique=True).map(tuple)
seeds = st.integers(0, 2**31)


def codes_of(raster, lon, lat):
    """By both kernels, which agree."""
    found = kernels.walk_raster(raster, lon, lat)
    assert (found == plain_kernels.walk_raster(raster, lon, lat)).all()
    assert ((found >= DOUBT) & (found > FIRST_NODE)).all()
    return found


def covering_exactly(polygons, lon, lat):
    """For each place the polygons that cover it, in rational numbers."""
    edges = [rational_edges(polygon) for polygon in polygons]
    return [
        [k for k, rings in enumerate(edges) if rational_place(rings, x, y) >= 0]
        for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]


def is_right(codes, covering):
    """DOUBT is never wrong; a polygon covers the place alone, and NONE is none."""
    return [
        code == DOUBT or hits == ([] if code == NONE else [code]) for code, hits in zip(codes, covering, strict=True)
    ]


@given(faults, seeds, st.sampled_from([1, 4, 36]))
@settings(max_examples=25, deadline=None)
def test_what_is_said_without_doubt_is_right(found_faults, seed, squares):
    polygons = make_partition(seed, found_faults)
    raster = compile_raster(compile_polygons(polygons), squares)
    lon, lat = adversarial_points(seed, polygons)
    codes = codes_of(raster, lon, lat)
    assert all(is_right(codes.tolist(), covering_exactly(polygons, lon, lat)))


@given(faults, seeds)
@settings(max_examples=25, deadline=None)
def test_random_places_are_hardly_ever_in_doubt(found_faults, seed):
    polygons = make_partition(seed, found_faults)
    table = compile_polygons(polygons)
    raster = compile_raster(table)
    west, south, east, north = shapely.total_bounds(polygons)
    lon, lat = np.random.default_rng(seed).uniform((west, south), (east, north), (20_000, 2)).T.copy()
    codes = codes_of(raster, lon, lat)
    point, polygon = table.at_points(lon, lat)
    covers = locate_pairs(table, polygon, lon[point], lat[point]) >= 0
    hits = np.bincount(point[covers], minlength=len(lon))
    first = np.full(len(lon), NONE)
    first[point[covers][::-1]] = polygon[covers][::-1]
    is_plain = hits < 2
    assert (codes[is_plain & (codes != DOUBT)] == first[is_plain & (codes != DOUBT)]).all()
    assert (codes[~is_plain] == DOUBT).all()
    assert (codes[is_plain] == DOUBT).sum() <= 20


def test_no_polygons_cover_nothing():
    raster = compile_raster(compile_polygons([]))
    assert codes_of(raster, np.array([0.0, 116.4]), np.array([0.0, 39.9])).tolist() == [NONE, NONE]


@pytest.mark.parametrize("place", [np.nan, np.inf, -np.inf, 1e300, -1e300])
def test_what_is_no_place_is_covered_by_nothing(place):
    raster = compile_raster(compile_polygons([box(0, 0, 1, 1)]))
    assert codes_of(raster, np.array([place, 0.5]), np.array([0.5, place])).tolist() == [NONE, NONE]


def test_one_polygon_is_the_whole_raster_and_its_rim_is_in_doubt():
    raster = compile_raster(compile_polygons([box(0, 0, 1, 1)]))
    assert codes_of(raster, np.array([0.5, 0.0, 1.0, 1.5]), np.array([0.5, 0.5, 1.0, 0.5])).tolist() == [
        0,
        DOUBT,
        DOUBT,
        NONE,
    ]


def test_overlaps_and_rims_are_in_doubt_and_holes_are_nobodys():
    frame = Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 3, 3).exterior.coords])
    raster = compile_raster(
        compile_polygons([frame, box(3.5, 3.5, 5, 5), MultiPolygon([box(6, 0, 7, 1), box(8, 0, 9, 1)])])
    )
    lon, lat = np.array([0.5, 2.0, 3.75, 1.0, 4.5, 6.5, 8.5, 7.5]), np.array([0.5, 2.0, 3.75, 2.0, 4.5, 0.5, 0.5, 0.5])
    assert codes_of(raster, lon, lat).tolist() == [0, NONE, DOUBT, DOUBT, 1, 2, 2, NONE]


def test_two_that_touch_far_apart_and_tiny():
    """Over half the world with hairs of polygons: only doubt may grow."""
    tiny = Point(20.0, 10.0).buffer(1e-9)
    polygons = [box(-170, -80, -169, -79), tiny, box(169, 79, 170, 80), box(20, 10, 20 + 4e-15, 30)]
    raster = compile_raster(compile_polygons(polygons))
    lon, lat = np.array([-169.5, 20.0, 169.5, 0.0, 20.0]), np.array([-79.5, 10.0, 79.5, 0.0, 20.0])
    assert all(is_right(codes_of(raster, lon, lat).tolist(), covering_exactly(polygons, lon, lat)))


def test_a_crooked_outline_counts_even_odd():
    bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    raster = compile_raster(compile_polygons([bow_tie]))
    assert codes_of(raster, np.array([0.5, 1.0, 1.0]), np.array([1.0, 1.5, 0.25])).tolist() == [0, NONE, NONE]


def test_the_same_polygons_give_the_same_arrays():
    polygons = make_partition(7, ("gap", "overlap"))
    one, other = compile_raster(compile_polygons(polygons)), compile_raster(compile_polygons(polygons))
    assert [np.asarray(column).tobytes() for column in one] == [np.asarray(column).tobytes() for column in other]


def test_bands_make_the_same_raster_as_all_squares_at_once(monkeypatch):
    polygons = make_partition(11, tuple(sorted(FAULTS)))
    whole = compile_raster(compile_polygons(polygons))
    told = []
    monkeypatch.setattr(build, "_SQUARES_AT_ONCE", 3 * whole.columns)
    banded = compile_raster(compile_polygons(polygons), progress=lambda done, total: told.append((done, total)))
    assert len(told) > 3
    assert told[-1] == (whole.rows, whole.rows)
    for one, other in zip(whole, banded, strict=True):
        assert np.array_equal(one, other)
