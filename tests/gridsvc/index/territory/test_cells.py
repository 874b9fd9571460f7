"""The cell of a place: match rules, ties, gaps and the nearest cell."""

from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from gridsvc.datum.plane import geodesic_m
from gridsvc.index.compile import compile_territory
from gridsvc.index.geometry.distances import boundary_distance_m
from gridsvc.index.territory.cells import (
    BOUNDARY,
    GAP,
    INSIDE,
    NO_MATCH,
    OVERLAP,
    boundary_metres,
    covering,
    here_at,
    match_cells,
    nearest_cell,
)
from gridsvc.model.territory import Territory
from tests.fixtures.oracles import rational_edges, rational_place
from tests.fixtures.partitions import FAULTS, STEP, adversarial_points, as_territory, make_partition
from tests.fixtures.tiny_city import cell_code, tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
faults = st.lists(st.sampled_from(sorted(FAULTS)), max_size=4, unique=True).map(tuple)
seeds = st.integers(0, 2**31)


def compiled(cells):
    return compile_territory(1, NOW, as_territory(cells))


def ask(edition, lon, lat, tolerance_m=10.0):
    matches = match_cells(edition, np.array([lon]), np.array([lat]), tolerance_m)
    return int(matches.cell[0]), int(matches.match[0]), float(matches.distance_m[0])


@pytest.fixture(scope="module")
def tiny():
    return compile_territory(1, NOW, tiny_territory())


def code_of(edition, index):
    return edition.cells.keys[index].code


def test_far_outside_there_is_no_cell(tiny):
    cell, match, distance = ask(tiny, 116.2, 39.9)
    assert (cell, match, np.isnan(distance)) == (-1, NO_MATCH, True)


def test_an_empty_territory_has_no_cell():
    edition = compile_territory(1, NOW, Territory("EPSG:4548"))
    assert ask(edition, 116.4, 39.9)[:2] == (-1, NO_MATCH)
    assert covering(edition, 116.4, 39.9) == []
    assert nearest_cell(edition, 116.4, 39.9) is None


def test_no_points_give_no_matches(tiny):
    assert len(match_cells(tiny, np.zeros(0), np.zeros(0), 10.0).cell) == 0


@pytest.mark.parametrize(
    ("lon", "lat", "name", "match"),
    [(116.4005, 39.9005, "A0", INSIDE), (116.401, 39.9005, "A0", BOUNDARY), (116.401, 39.901, "A0", BOUNDARY),
     (116.402, 39.9025, "B2", BOUNDARY), (116.403, 39.903, "C2", INSIDE), (116.4, 39.9005, "A0", INSIDE)],
)  # fmt: skip
def test_places_of_the_tiny_city(tiny, lon, lat, name, match):
    cell, found, distance = ask(tiny, lon, lat)
    assert (code_of(tiny, cell), found, distance) == (cell_code(name), match, 0.0)


def test_a_point_in_the_interior_of_one_and_on_the_boundary_of_another_is_an_overlap():
    edition = compiled([box(1, 1, 2, 2), box(1.5, 1, 3, 2)])
    assert ask(edition, 1.5, 1.5)[:2] == (0, OVERLAP)
    assert ask(edition, 1.75, 1.5)[:2] == (0, OVERLAP)
    assert ask(edition, 2.5, 1.5)[:2] == (1, INSIDE)


def test_a_hole_is_outside_and_its_rim_belongs_to_the_cell():
    edition = compiled([Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 3, 3).exterior.coords])])
    assert ask(edition, 2, 2)[:2] == (-1, NO_MATCH)
    assert ask(edition, 1, 2)[:2] == (0, INSIDE)


def test_a_gap_goes_to_the_nearest_cell_within_the_tolerance_only():
    edition = compiled([box(116.4, 39.9, 116.401, 39.901), box(116.4012, 39.9, 116.402, 39.901)])
    cell, match, distance = ask(edition, 116.40103, 39.9005)
    assert (cell, match) == (0, GAP)
    assert distance == pytest.approx(2.565, abs=0.01)
    assert ask(edition, 116.40118, 39.9005)[:2] == (1, GAP)
    assert ask(edition, 116.40103, 39.9005, tolerance_m=2.0)[:2] == (-1, NO_MATCH)
    assert ask(edition, 116.40103, 39.9005, tolerance_m=0.0)[:2] == (-1, NO_MATCH)


@pytest.mark.parametrize("turned", [False, True])
def test_equal_distances_go_to_the_lowest_code_whatever_the_order_of_vertices(turned):
    west, east = box(116.4, 39.9, 116.401, 39.901), box(116.4012, 39.9, 116.402, 39.901)
    middle = (116.401 + 116.4012) / 2
    for first, second in ((west, east), (east, west)):
        shapes = [Polygon(np.roll(first.exterior.coords[:-1], turned, axis=0)), shapely.reverse(second)]
        assert ask(compiled(shapes), middle, 39.9005)[:2] == (0, GAP)


@given(seeds, faults)
@settings(max_examples=40, deadline=None)
def test_matches_are_those_of_rational_arithmetic(seed, with_faults):
    cells = make_partition(seed, with_faults)
    lon, lat = adversarial_points(seed, cells, 10)
    edition = compiled(cells)
    found = match_cells(edition, lon, lat, 10.0)
    edges = [rational_edges(cell) for cell in cells]
    for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        places = [rational_place(of_cell, x, y) for of_cell in edges]
        hits = [(cell, place == 0) for cell, place in enumerate(places) if place >= 0]
        assert covering(edition, x, y) == hits
        if hits:
            several = BOUNDARY if all(edge for _, edge in hits) else OVERLAP
            assert (found.cell[i], found.match[i]) == (hits[0][0], INSIDE if len(hits) == 1 else several)


@given(seeds, faults)
@settings(max_examples=25, deadline=None)
def test_gaps_are_bridged_as_shapely_measures(seed, with_faults):
    cells = make_partition(seed, (*with_faults, "gap"))
    lon, lat = adversarial_points(seed, cells, 20)
    edition = compiled(cells)
    found = match_cells(edition, lon, lat, 20.0)
    for i in np.flatnonzero((found.match == GAP) | (found.match == NO_MATCH)):
        local = edition.plane.frame_at(lon[i], lat[i]).matrix
        moved = shapely.transform(cells, lambda xy, i=i, m=local: (xy - [lon[i], lat[i]]) @ m.T)
        metres = shapely.distance(moved, Point(0, 0))
        if found.match[i] == GAP:
            assert found.distance_m[i] == pytest.approx(metres[found.cell[i]], rel=1e-5, abs=1e-6)
            assert metres[found.cell[i]] <= metres.min() * (1 + 1e-6) + 2e-6
        else:
            assert metres.min() > 20.0 - 1e-4


@given(seeds, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_an_import_does_not_change_the_answer(seed, random):
    cells = make_partition(seed, ("overlap", "gap"))
    territory = as_territory(cells)
    shuffled = list(territory.cells)
    random.shuffle(shuffled)
    lon, lat = adversarial_points(seed, cells, 20)
    one, other = (
        compile_territory(1, NOW, Territory(territory.crs, cells=c)) for c in (territory.cells, tuple(shuffled))
    )
    found, again = match_cells(one, lon, lat, 50.0), match_cells(other, lon, lat, 50.0)
    assert np.array_equal(found.cell, again.cell)
    assert np.array_equal(found.match, again.match)
    assert np.array_equal(found.distance_m, again.distance_m, equal_nan=True)


def test_batches_are_cut_without_changing_answers(tiny, monkeypatch):
    lon, lat = np.linspace(116.399, 116.404, 500), np.linspace(39.899, 39.904, 500)
    whole = match_cells(tiny, lon, lat, 10.0)
    monkeypatch.setattr("gridsvc.index.territory.cells._POINTS_AT_ONCE", 7)
    assert np.array_equal(match_cells(tiny, lon, lat, 10.0).cell, whole.cell)


def test_the_nearest_cell_is_found_at_any_distance(tiny):
    for lon, lat, name in ((116.35, 39.9025, "A2"), (116.5, 39.0, "C0"), (2.35, 48.85, "A2"), (116.4025, 60.0, "C2")):
        cell, distance = nearest_cell(tiny, lon, lat)
        vertices = shapely.get_coordinates([c.geometry for c in tiny_territory().cells])
        there = geodesic_m(np.full(len(vertices), lon), np.full(len(vertices), lat), *vertices.T)
        assert code_of(tiny, cell) == cell_code(name)
        assert there.min() - 200.0 < distance <= there.min() + 1e-6


def test_the_nearest_cell_of_a_covered_place_is_its_own(tiny):
    assert nearest_cell(tiny, 116.4015, 39.9015) == (4, 0.0)


@given(seeds, st.floats(-40, 40), st.floats(-40, 40))
@settings(max_examples=30, deadline=None)
def test_the_nearest_cell_is_no_farther_than_any_other(seed, east, north):
    cells = make_partition(seed, ("gap", "touching"))
    edition = compiled(cells)
    west, south, *_ = shapely.total_bounds(cells)
    lon, lat = west + east * STEP, south + north * STEP
    cell, distance = nearest_cell(edition, lon, lat)
    local = edition.plane.frame_at(lon, lat).matrix
    metres = shapely.distance(shapely.transform(cells, lambda xy: (xy - [lon, lat]) @ local.T), Point(0, 0))
    assert metres[cell] <= metres.min() * 1.002 + 1e-6
    assert distance == pytest.approx(metres[cell], rel=0.005, abs=1e-5)


@given(seeds, st.floats(-3, 3), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_the_nearest_cell_close_by_is_that_of_a_look_at_all(seed, east, north):
    cells = make_partition(seed, ("gap", "touching", "overlap"))
    edition = compiled(cells)
    west, south, *_ = shapely.total_bounds(cells)
    lon, lat = west + east * STEP, south + north * STEP
    found = nearest_cell(edition, lon, lat)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gridsvc.index.territory.cells._FEW_CELLS", 0)
        assert nearest_cell(edition, lon, lat) == found
    table, metres = edition.cells.polygons, np.zeros(len(cells), np.int64)
    frame = edition.plane.frame_at(np.array([lon]), np.array([lat]))
    bare = boundary_distance_m(edition.plane, table, frame, metres, np.arange(len(cells)))
    assert boundary_metres(edition, here_at(edition, lon, lat), np.arange(len(cells))) == bare.tolist()
