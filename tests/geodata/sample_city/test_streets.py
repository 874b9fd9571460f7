"""Streets, lanes, hutongs and the components beside them."""

import re
from collections import Counter
from itertools import pairwise

import shapely
from pyproj import Geod

from geodata.sample_city.build import SampleCity
from gridsvc.model.territory import Level, SegmentKind
from tests.geodata.sample_city.built import city

GEOD = Geod(ellps="WGS84")
PATTERN = {
    SegmentKind.STREET: r"^\w{2,5}(大街|街|路)([东西南北中一二三四五六七八九十]段)?$",
    SegmentKind.LANE: r"^\w{2,5}(巷|里)(\w段)?$",
    SegmentKind.HUTONG: r"^\w{2,5}(胡同|夹道)(\w段)?$",
}


def _all_cells(sample: SampleCity):
    return shapely.coverage_union_all([cell.geometry for cell in sample.territory.cells])


def _steps(line):
    return {tuple(sorted(pair)) for pair in pairwise(line.coords)}


def test_sections_are_two_hundred_to_fourteen_hundred_metres_long():
    for size in (1500, 4000):
        lengths = [GEOD.geometry_length(segment.geometry) for segment in city(size).territory.segments]
        assert min(lengths) > 198
        assert max(lengths) < 1_410


def test_all_three_kinds_with_names_of_their_kind():
    segments = city().territory.segments
    kinds = Counter(segment.kind for segment in segments)
    assert all(kinds[kind] >= 60 for kind in SegmentKind)
    assert all(re.match(PATTERN[segment.kind], segment.name) for segment in segments)


def test_codes_are_unique_and_sorted():
    for size in (60, 1500):
        codes = [segment.code for segment in city(size).territory.segments]
        assert codes == sorted(set(codes))


def test_most_streets_follow_cell_borders_and_some_lanes_run_through_cells():
    borders = {edge for cell in city().territory.cells for edge in _steps(cell.geometry.exterior)}
    along = [_steps(segment.geometry) <= borders for segment in city().territory.segments]
    assert 0.6 < sum(along) / len(along) < 0.98


def test_every_section_lies_in_the_city():
    ground = _all_cells(city()).buffer(1e-9)
    assert all(ground.covers(segment.geometry) for segment in city().territory.segments)


def test_a_section_between_subdistricts_belongs_to_one_of_them_or_to_none():
    subdistricts = {a.code: a.geometry for a in city().territory.areas if a.level is Level.SUBDISTRICT}
    free = [segment for segment in city().territory.segments if segment.subdistrict is None]
    assert 5 <= len(free) <= 80
    for segment in city().territory.segments:
        if segment.subdistrict is None:
            touched = [code for code, shape in subdistricts.items() if shape.buffer(1e-9).intersects(segment.geometry)]
            assert len(touched) >= 2
        else:
            assert subdistricts[segment.subdistrict].buffer(1e-9).intersection(segment.geometry).length > 0


def test_components_lie_in_their_district_and_carry_its_code():
    districts = {a.code: a.geometry for a in city().territory.areas if a.level is Level.DISTRICT}
    components = city().territory.components
    assert 2_000 < len(components) <= 3_000
    for component in components:
        assert districts[component.code[:6]].covers(component.geometry)
        assert component.code[6:10] == component.category.code
        assert re.fullmatch(r"\d{16}", component.code)


def test_components_name_departments_of_the_roster_and_some_are_ownerless():
    known = {row.code for row in city().rows["departments"]}
    named = [(c.competent, c.owner, c.maintainer) for c in city().territory.components]
    assert {code for triple in named for code in triple} - {None} <= known
    assert (None, None, None) in named
    assert any(owner != competent for competent, owner, _ in named)
