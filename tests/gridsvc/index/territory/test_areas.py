"""Areas by code tree and by polygon."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from gridsvc.index.compile import compile_territory
from gridsvc.index.territory.areas import areas_at, areas_of_cell, deepest_areas, lineage_of
from gridsvc.model.territory import Territory
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def codes(areas):
    return [area.code for area in areas]


@pytest.fixture(scope="module")
def tiny():
    return compile_territory(1, NOW, tiny_territory())


def test_outside_every_polygon_there_is_no_area(tiny):
    assert areas_at(tiny, 116.5, 39.9) == ()
    assert lineage_of(tiny, -1) == ()


def test_a_cell_that_names_no_area_leaves_it_to_the_polygons():
    territory = tiny_territory()
    cells = (replace(territory.cells[0], area=None), *territory.cells[1:])
    edition = compile_territory(1, NOW, replace(territory, cells=cells))
    assert areas_of_cell(edition, 0) == ()
    assert codes(areas_at(edition, 116.4005, 39.9005))[-1] == "990101001001"


def test_areas_of_a_cell_run_from_the_widest_to_the_deepest(tiny):
    assert codes(areas_of_cell(tiny, 8)) == ["990101", "990101002", "990101002001"]


def test_the_deepest_polygon_wins_and_a_shared_border_goes_to_the_lowest_code(tiny):
    assert codes(areas_at(tiny, 116.4025, 39.9025)) == ["990101", "990101002", "990101002001"]
    assert codes(areas_at(tiny, 116.402, 39.9)) == ["990101", "990101001", "990101001002"]


def test_parents_come_by_code_even_where_their_polygon_is_missing_or_elsewhere():
    territory = tiny_territory()
    areas = tuple(replace(area, geometry=None) if area.level.rank < 3 else area for area in territory.areas)
    edition = compile_territory(1, NOW, replace(territory, areas=areas))
    assert codes(areas_at(edition, 116.4025, 39.9025)) == ["990101", "990101002", "990101002001"]


def test_where_no_community_lies_the_subdistrict_answers():
    territory = tiny_territory()
    areas = tuple(replace(a, geometry=None) if a.code == "990101002001" else a for a in territory.areas)
    edition = compile_territory(1, NOW, replace(territory, areas=areas))
    assert codes(areas_at(edition, 116.4025, 39.9025)) == ["990101", "990101002"]


def test_many_points_are_answered_as_one_is(tiny, monkeypatch):
    lon, lat = (
        grid.ravel() for grid in np.meshgrid(np.linspace(116.399, 116.404, 21), np.linspace(39.899, 39.904, 21))
    )
    monkeypatch.setattr("gridsvc.index.territory.areas._POINTS_AT_ONCE", 50)
    found = deepest_areas(tiny, lon, lat)
    for index, x, y in zip(found.tolist(), lon.tolist(), lat.tolist(), strict=True):
        assert lineage_of(tiny, index) == areas_at(tiny, x, y)


def test_a_territory_without_areas_answers_nothing():
    edition = compile_territory(1, NOW, Territory("EPSG:4548"))
    assert areas_at(edition, 116.4, 39.9) == ()
