"""The ground: a perfect partition with lawful codes, the same for the same seed, and no plain grid."""

from collections import Counter
from itertools import pairwise

import pytest
import shapely
from pyproj import Geod
from shapely import Point

from geodata.sample_city.build import build_sample_city
from gridsvc.errors import InvalidInput
from gridsvc.model.territory import Level
from tests.geodata.sample_city.built import TODAY, city

GEOD = Geod(ellps="WGS84")
SIZES = [(60, 1), (150, 2), (1500, 2026), (1500, 7), (4000, 3)]


def _vertices(shape):
    return {tuple(xy) for xy in shapely.get_coordinates(shape).tolist()}


def _edges(polygons):
    """Every edge of every ring, without direction, with how often it occurs."""
    edges = Counter()
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.interiors):
            edges.update(tuple(sorted(pair)) for pair in pairwise(ring.coords))
    return edges


@pytest.mark.parametrize("cells", [0, 59, 1_000_001])
def test_refuses_sizes_that_no_city_has(cells):
    with pytest.raises(InvalidInput, match="60 to 1000000"):
        build_sample_city(today=TODAY, cells=cells)


@pytest.mark.parametrize(("cells", "seed"), SIZES)
def test_cells_are_a_partition_without_gap_overlap_or_t_junction(cells, seed):
    polygons = [cell.geometry for cell in city(cells, seed).territory.cells]
    assert len(polygons) == cells
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    whole = shapely.coverage_union_all(polygons)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert sum(p.area for p in polygons) == pytest.approx(whole.area, rel=1e-12)


@pytest.mark.parametrize(("cells", "seed"), SIZES[:3])
def test_every_edge_belongs_to_two_cells_or_to_the_rim(cells, seed):
    polygons = [cell.geometry for cell in city(cells, seed).territory.cells]
    edges = _edges(polygons)
    assert set(edges.values()) <= {1, 2}
    rim = {edge for edge, count in edges.items() if count == 1}
    assert rim == set(_edges([shapely.coverage_union_all(polygons)]))


@pytest.mark.parametrize("level", [Level.COMMUNITY, Level.SUBDISTRICT, Level.DISTRICT])
def test_areas_are_the_exact_unions_of_their_cells(level):
    territory = city().territory
    for area in (area for area in territory.areas if area.level is level):
        own = [cell.geometry for cell in territory.cells if cell.code.startswith(area.code)]
        assert area.geometry.equals(shapely.coverage_union_all(own))
        assert _vertices(area.geometry) <= set().union(*map(_vertices, own))
        assert {edge for edge, n in _edges(own).items() if n == 1} == set(_edges([area.geometry]))


def test_counts_are_those_of_a_small_city():
    levels = Counter(area.level for area in city().territory.areas)
    assert levels[Level.DISTRICT] == 2
    assert levels[Level.SUBDISTRICT] == 8
    assert 36 <= levels[Level.COMMUNITY] <= 44


@pytest.mark.parametrize(("cells", "seed"), SIZES)
def test_codes_follow_the_tree_and_number_cells_without_holes(cells, seed):
    territory = city(cells, seed).territory
    areas = {area.code: area for area in territory.areas}
    assert all(code.startswith("9901") for code in areas)
    assert all(area.parent is None or areas[area.parent].code == area.code[:-3] for area in territory.areas)
    codes = [cell.code for cell in territory.cells]
    assert codes == sorted(set(codes))
    assert all(len(cell.code) == 15 and cell.code[:12] == cell.area and cell.area in areas for cell in territory.cells)
    for community, size in Counter(code[:12] for code in codes).items():
        assert size <= 999
        assert f"{community}{size:03d}" in codes


def test_the_first_cell_of_a_community_lies_in_its_north_and_the_last_in_its_south():
    territory = city().territory
    for area in (area for area in territory.areas if area.level is Level.COMMUNITY):
        own = [cell.geometry.centroid.y for cell in territory.cells if cell.area == area.code]
        middle = area.geometry.centroid.y
        assert own[-1] < middle < own[0]


@pytest.mark.parametrize(("cells", "seed"), SIZES)
def test_the_middle_of_the_bounding_box_lies_inside_one_cell(cells, seed):
    polygons = [cell.geometry for cell in city(cells, seed).territory.cells]
    west, south, east, north = shapely.total_bounds(polygons)
    assert sum(p.contains_properly(Point((west + east) / 2, (south + north) / 2)) for p in polygons) == 1


def test_cells_are_about_a_hectare_and_unlike_each_other():
    hectares = [abs(GEOD.geometry_area_perimeter(cell.geometry)[0]) / 1e4 for cell in city().territory.cells]
    assert 0.25 < min(hectares) < 0.7
    assert 1.7 < max(hectares) < 3.2
    assert 0.8 < sum(hectares) / len(hectares) < 1.3


def test_no_plain_grid():
    polygons = [cell.geometry for cell in city().territory.cells]
    fill = sorted(p.area / p.minimum_rotated_rectangle.area for p in polygons)
    assert fill[len(fill) // 2] < 0.93
    assert len(Counter(len(p.exterior.coords) for p in polygons)) >= 6


def test_cells_of_park_and_river_are_told_by_their_land_use():
    uses = Counter(cell.land_use for cell in city().territory.cells)
    assert uses["G1"] >= 5
    assert uses["E1"] >= 15


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_city():
    again = build_sample_city(today=TODAY, seed=2026, cells=150)
    assert again == build_sample_city(today=TODAY, seed=2026, cells=150)
    other = build_sample_city(today=TODAY, seed=2027, cells=150)
    assert again.territory.cells != other.territory.cells
    assert [cell.geometry.wkb for cell in again.territory.cells] == [
        cell.geometry.wkb for cell in build_sample_city(today=TODAY, seed=2026, cells=150).territory.cells
    ]


def test_groups_hold_every_cell_once_for_each_kind():
    territory = city().territory
    for kind in ("DUTY", "MANAGEMENT"):
        members = Counter(key.code for group in territory.groups if group.kind == kind for key in group.cells)
        assert set(members) == {cell.code for cell in territory.cells}
        assert set(members.values()) == {1}


def test_the_cells_of_a_group_are_neighbours():
    shapes = {cell.code: cell.geometry for cell in city().territory.cells}
    for group in city().territory.groups:
        assert shapely.coverage_union_all([shapes[key.code] for key in group.cells]).geom_type == "Polygon"
