"""What lies within a radius: cells, area-only ground, nobody's ground."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from gridsvc.index.compile import compile_territory
from gridsvc.index.territory import surroundings
from gridsvc.index.territory.spot import Spot
from gridsvc.index.territory.surroundings import bodies_near, cells_near, split_by_area
from gridsvc.model.territory import Cell, Territory
from tests.fixtures.partitions import FAULTS, adversarial_points, as_territory, make_partition
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INSIDE_A0 = (116.4005, 39.9005)
faults = st.lists(st.sampled_from(sorted(FAULTS)), max_size=3, unique=True).map(tuple)


def names(edition, cells):
    return [edition.cells.names[cell] for cell, _ in cells]


@pytest.fixture(scope="module")
def tiny():
    return compile_territory(1, NOW, tiny_territory())


def tiny_with(areas=True, **changes):
    territory = tiny_territory()
    cells = tuple(replace(c, geometry=changes.get(c.name, c.geometry)) for c in territory.cells)
    cells = tuple(cell for cell in cells if cell.geometry is not None)
    return compile_territory(1, NOW, replace(territory, cells=cells, areas=territory.areas if areas else ()))


def codes(edition, around):
    return [edition.areas.items[area].code for area in around.areas]


def test_far_from_everything_there_is_only_nobodys_ground(tiny):
    around = bodies_near(Spot(tiny, 116.5, 39.95), 10.0)
    assert (around.cells, around.areas, around.uncovered) == ((), (), True)


def test_an_empty_territory_covers_nothing():
    around = bodies_near(Spot(compile_territory(1, NOW, Territory("EPSG:4548")), 116.4, 39.9), 10.0)
    assert (around.cells, around.areas, around.uncovered) == ((), (), True)


def test_deep_in_a_cell_there_is_nothing_but_the_cell(tiny):
    around = bodies_near(Spot(tiny, *INSIDE_A0), 40.0)
    assert (around.cells, around.areas, around.uncovered) == (((0, 0.0),), (), False)


def test_neighbours_come_nearest_first_with_their_distance(tiny):
    near = cells_near(Spot(tiny, 116.40095, 39.90095), 12.0)
    assert names(tiny, near) == ["A0", "B0", "A1", "B1"]
    assert [metres for _, metres in near] == pytest.approx([0.0, 4.276, 5.552, 7.008], abs=0.002)
    assert names(tiny, cells_near(Spot(tiny, 116.40095, 39.90095), 5.0)) == ["A0", "B0"]


def test_on_a_corner_all_four_are_at_no_distance(tiny):
    assert cells_near(Spot(tiny, 116.401, 39.901), 1.0) == [(0, 0.0), (1, 0.0), (3, 0.0), (4, 0.0)]


def test_beside_the_rim_there_is_nobodys_ground(tiny):
    assert bodies_near(Spot(tiny, 116.40005, 39.9005), 10.0).uncovered
    assert not bodies_near(Spot(tiny, 116.4002, 39.9005), 10.0).uncovered


def test_ground_of_areas_alone_is_told_by_area_and_is_not_nobodys():
    edition = tiny_with(B1=None)
    around = bodies_near(Spot(edition, 116.40095, 39.9015), 10.0)
    assert (names(edition, around.cells), codes(edition, around)) == (["A1"], ["990101001002"])
    assert not around.uncovered


def test_ground_that_is_all_told_is_held_against_no_larger_area(tiny, monkeypatch):
    held = []
    common = surroundings.common_ground
    monkeypatch.setattr(surroundings, "common_ground", lambda place, outline: held.append(1) or common(place, outline))
    ground = box(-5.0, -5.0, 5.0, 5.0)
    by_area, rest = split_by_area(tiny, Spot(tiny, *INSIDE_A0).frame, ground)
    assert [(tiny.areas.items[area].code, part.area) for area, part in by_area.items()] == [("990101001001", 100.0)]
    assert (rest.is_empty, len(held)) == (True, 1)


def test_a_gap_where_no_area_lies_is_nobodys_ground():
    assert bodies_near(Spot(tiny_with(areas=False, B1=None), 116.40095, 39.9015), 10.0).uncovered


@pytest.mark.parametrize(("width_m", "uncovered"), [(0.005, False), (0.05, True)])
def test_slivers_narrower_than_a_centimetre_are_nobodys_business(width_m, uncovered):
    short = box(116.401 + width_m / 85_500, 39.901, 116.402, 39.902)
    edition = tiny_with(areas=False, B1=short)
    assert bodies_near(Spot(edition, 116.4009, 39.9015), 20.0).uncovered is uncovered


def test_a_t_junction_leaves_no_ground_uncovered():
    bent = Polygon(
        [(116.401, 39.901), (116.4015, 39.901 + 2e-14), (116.402, 39.901), (116.402, 39.902), (116.401, 39.902)]
    )
    edition = tiny_with(areas=False, B1=bent)
    around = bodies_near(Spot(edition, 116.4015, 39.9011), 20.0)
    assert (names(edition, around.cells), around.uncovered) == (["B1", "B0"], False)


def test_an_island_in_a_hole_is_covered_and_an_empty_hole_is_not():
    inner = box(116.4014, 39.9014, 116.4016, 39.9016)
    holed = Polygon(box(116.401, 39.901, 116.402, 39.902).exterior, [inner.exterior.coords])
    territory = replace(tiny_territory(), areas=())
    cells = tuple(replace(c, geometry=holed) if c.name == "B1" else c for c in territory.cells)
    island = Cell(cells[0].scheme, "999999999999001", "island", inner)
    place = (116.40135, 39.9015)
    assert bodies_near(Spot(compile_territory(1, NOW, replace(territory, cells=cells)), *place), 10.0).uncovered
    filled = compile_territory(1, NOW, replace(territory, cells=(*cells, island)))
    around = bodies_near(Spot(filled, *place), 10.0)
    assert (names(filled, around.cells), around.uncovered) == (["B1", "island"], False)


def test_an_overlap_is_no_uncovered_ground():
    wide = box(116.4008, 39.901, 116.402, 39.902)
    around = bodies_near(Spot(tiny_with(areas=False, B1=wide), 116.4009, 39.9015), 5.0)
    assert ([metres for _, metres in around.cells], around.uncovered) == ([0.0, 0.0], False)


@given(st.integers(0, 2**31), faults, st.sampled_from([5.0, 30.0, 150.0]))
@settings(max_examples=15, deadline=None)
def test_cells_and_uncovered_ground_are_those_of_a_plain_union(seed, with_faults, radius):
    cells = make_partition(seed, with_faults)
    edition = compile_territory(1, NOW, as_territory(cells))
    lon, lat = adversarial_points(seed, cells, 1)
    for x, y in zip(lon.tolist(), lat.tolist(), strict=True):
        around = bodies_near(Spot(edition, x, y), radius)
        local = edition.plane.frame_at(np.array(x), np.array(y)).matrix
        moved = shapely.transform(cells, lambda xy, x=x, y=y, m=local: (xy - [x, y]) @ m.T)
        metres = shapely.distance(moved, Point(0, 0))
        found = dict(around.cells)
        assert set(np.flatnonzero(metres < radius - 1e-3)) <= set(found) <= set(np.flatnonzero(metres < radius + 1e-3))
        assert list(found.values()) == pytest.approx(metres[list(found)], rel=1e-4, abs=1e-6)
        rest = Point(0, 0).buffer(radius).difference(shapely.union_all(moved))
        if rest.buffer(-0.006).is_empty == rest.buffer(-0.004).is_empty:
            assert around.uncovered is not rest.buffer(-0.005).is_empty
