"""Cells of every size, everywhere that doubles reach: all that is said of a place is so in rational numbers."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from gridsvc.index import kernels, plain_kernels
from gridsvc.index.geometry.exact import locate_one, locate_pairs
from gridsvc.index.geometry.polygons import compile_polygons
from gridsvc.index.layout import DOUBT, NONE
from gridsvc.index.raster.build import compile_raster
from tests.fixtures.magnitudes import beside, coverages, moved, sliver, telling_places
from tests.fixtures.oracles import rational_edges, rational_place
from tests.fixtures.partitions import make_partition

seeds = st.integers(0, 2**31)
POINT = Polygon([(180.0, 90.0)] * 4)


def places_of(cells, lon, lat):
    """1, 0 or -1 for each cell (rows) and place (columns), in rational numbers."""
    edges = [rational_edges(cell) for cell in cells]
    return np.array(
        [[rational_place(one, x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)] for one in edges]
    )


def codes_of(table, lon, lat, squares=36):
    raster = compile_raster(table, squares)
    found = kernels.walk_raster(raster, lon, lat)
    assert (found == plain_kernels.walk_raster(raster, lon, lat)).all()
    return found


def is_right(codes, places):
    """DOUBT is never wrong; a cell covers the place alone, and NONE is none."""
    hits, first = (places >= 0).sum(axis=0), (places >= 0).argmax(axis=0)
    return (codes == DOUBT) | np.where(codes == NONE, hits == 0, (hits == 1) & (codes == first))


@given(coverages(), seeds, st.sampled_from([1, 4, 36]))
@settings(max_examples=60, deadline=None)
@example(moved(make_partition(1), 180.0, 90.0, 1.0), 0, 1)
@example(moved(make_partition(1, ("gap", "island")), 116.4, 39.9, 1e-9), 0, 36)
@example([POINT], 0, 1)
def test_rasters_boxes_and_exact_tests_agree_with_rational_numbers(cells, seed, squares):
    table = compile_polygons(cells)
    lon, lat = telling_places(seed, cells)
    expected = places_of(cells, lon, lat)
    cell, place = (index.ravel() for index in np.indices(expected.shape))
    assert (locate_pairs(table, cell, lon[place], lat[place]).reshape(expected.shape) == expected).all()
    assert [locate_one(table, cell, lon[-1], lat[-1]) for cell in range(len(cells))] == expected[:, -1].tolist()
    boxed = np.zeros(expected.shape, np.bool_)
    place, cell = table.at_points(lon, lat)
    boxed[cell, place] = True
    assert (boxed | (expected < 0)).all()
    assert is_right(codes_of(table, lon, lat, squares), expected).all()


@given(st.floats(-170.0, 170.0), st.floats(-80.0, 80.0), st.integers(1, 40), seeds)
@settings(max_examples=40, deadline=None)
def test_slivers_of_a_few_doubles_are_seen(lon, lat, steps, seed):
    cells = [box(lon - 0.001, lat - 0.001, lon, lat + 0.001), sliver(lon, lat, steps), box(lon, lat, lon + 1, lat + 1)]
    x, y = telling_places(seed, cells[1:2], 4)
    assert is_right(codes_of(compile_polygons(cells), x, y), places_of(cells, x, y)).all()


@pytest.mark.parametrize("size", [1e-13, 1e-9, 1e-7, 1e-6, 1e-4, 0.01, 10.0])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (5e-324, -1e-310), (-180.0, -90.0), (116.4, 39.9), (169.0, 79.0)])
def test_shapely_says_the_same_of_sound_cells_but_where_its_own_products_vanish(corner, size):
    """GEOS reckons with pairs of doubles: exact but for underflow beside 0, 0, where rational numbers are with us."""
    cells = [cell for cell in moved(make_partition(11), *corner, size) if cell.is_valid]
    lon, lat = telling_places(3, cells, 40) if cells else (np.zeros(0), np.zeros(0))
    theirs = np.array([shapely.covers(cell, shapely.points(lon, lat)) for cell in cells]).reshape(len(cells), len(lon))
    cell, place = (index.ravel() for index in np.indices(theirs.shape))
    ours = locate_pairs(compile_polygons(cells), cell, lon[place], lat[place]).reshape(theirs.shape) >= 0
    differing = np.argwhere(ours != theirs)
    assert not len(differing) or max(map(abs, corner)) < 1e-100
    for k, i in differing:
        assert ours[k, i] == (rational_place(rational_edges(cells[k]), lon[i], lat[i]) >= 0)


def test_cells_in_a_thin_line_over_half_the_globe_take_no_more_squares_than_others():
    cells = [box(20.0, lat, 20.0 + 4e-15, lat + 1e-3) for lat in np.linspace(-89.0, 89.0, 300)]
    raster = compile_raster(compile_polygons(cells))
    assert len(raster.codes) <= 2 * 36 * len(cells)


def test_squares_stay_wide_enough_for_doubles():
    """In cells of a nanodegree a place a thousandth of a square beside its own would be another cell's."""
    for size in (1e-10, 1e-9, 1e-8):
        cells = moved(make_partition(2), 116.4, 39.9, size)
        raster = compile_raster(compile_polygons(cells))
        assert (1.0 / raster.frame[2:] > 2.0**20 * np.spacing(116.4)).all()
        lon, lat = telling_places(5, cells, 50)
        assert is_right(codes_of(compile_polygons(cells), lon, lat), places_of(cells, lon, lat)).all()


def test_the_neighbours_of_a_place_are_one_double_away():
    lon, lat = beside(np.array([1.0]), np.array([0.0]))
    assert len(set(zip(lon.tolist(), lat.tolist(), strict=True))) == 9
    assert (np.abs(lon - 1.0) <= np.spacing(1.0)).all()
    assert (np.abs(lat) <= 5e-324).all()
