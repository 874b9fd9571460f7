"""Shares of a round Gaussian, against a sum over a fine polar grid of points located one by one."""

import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from gridsvc.index.compile import compile_territory
from gridsvc.index.geometry.gaussian import edge_masses
from gridsvc.index.territory.areas import deepest_areas
from gridsvc.index.territory.cells import match_cells
from gridsvc.index.territory.probability import cell_probabilities
from gridsvc.index.territory.reach import ACCURACY_IN_SIGMAS
from gridsvc.index.territory.spot import Spot
from gridsvc.model.territory import Territory
from tests.fixtures.partitions import FAULTS, adversarial_points, as_territory, make_partition
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
faults = st.lists(st.sampled_from(sorted(FAULTS)), max_size=3, unique=True).map(tuple)


def by_quadrature(edition, lon, lat, accuracy_m, rings=200, rays=360):
    """(mass by cell, mass of nobody's ground): equal masses by radius, each ring turned a little further.

    Without the turn, an edge that runs through the place would fall between the same two rays of all rings.
    """
    sigma = accuracy_m / ACCURACY_IN_SIGMAS
    ring = np.arange(rings)[:, None]
    radius = sigma * np.sqrt(-2 * np.log1p(-(ring + 0.5) / rings))
    angle = (np.arange(rays) + ring * 0.6180339887 % 1) * 2 * np.pi / rays
    metres = np.stack([(radius * np.cos(angle)).ravel(), (radius * np.sin(angle)).ravel()])
    dlon, dlat = np.linalg.inv(edition.plane.frame_at(np.array(lon), np.array(lat)).matrix) @ metres
    cell = match_cells(edition, lon + dlon, lat + dlat, 0.0).cell
    nobody = (cell < 0) & (deepest_areas(edition, lon + dlon, lat + dlat) < 0)
    share = np.bincount(cell[cell >= 0], minlength=len(edition.cells)) / len(cell)
    return share, np.count_nonzero(nobody) / len(cell)


def check(edition, lon, lat, accuracy_m, tolerance=1e-3):
    cells, outside, other = cell_probabilities(Spot(edition, lon, lat), accuracy_m)
    share, nobody = by_quadrature(edition, lon, lat, accuracy_m)
    assert sum(p for _, p, _ in cells) + outside + other == pytest.approx(1.0, abs=1e-12)
    assert outside == pytest.approx(nobody, abs=tolerance)
    for cell, probability, _ in cells:
        assert probability == pytest.approx(share[cell], abs=tolerance)
    assert {int(cell) for cell in np.flatnonzero(share > 0.001 + tolerance)} <= {cell for cell, _, _ in cells}
    assert [p for _, p, _ in cells] == sorted((p for _, p, _ in cells), reverse=True)
    assert min((p for _, p, _ in cells), default=1.0) >= 0.001
    return cells, outside, other


@pytest.fixture(scope="module")
def tiny():
    return compile_territory(1, NOW, tiny_territory())


def test_where_nothing_is_everything_is_outside():
    empty = compile_territory(1, NOW, Territory("EPSG:4548"))
    assert cell_probabilities(Spot(empty, 116.4, 39.9), 50.0) == ([], pytest.approx(1.0), pytest.approx(0.0))


def test_in_the_middle_of_a_cell_a_good_fix_is_certain(tiny):
    cells, outside, other = cell_probabilities(Spot(tiny, 116.4015, 39.9015), 5.0)
    assert cells == [(4, pytest.approx(1.0), 0.0)]
    assert (outside, other) == (0.0, pytest.approx(0.0, abs=1e-9))


def test_on_a_corner_four_cells_share_alike(tiny):
    cells, outside, _ = cell_probabilities(Spot(tiny, 116.401, 39.901), 10.0)
    assert [(cell, metres) for cell, _, metres in sorted(cells)] == [(0, 0.0), (1, 0.0), (3, 0.0), (4, 0.0)]
    assert [probability for _, probability, _ in cells] == pytest.approx([0.25] * 4, abs=1e-6)
    assert outside == 0.0


def test_a_square_has_the_product_of_two_normal_masses(tiny):
    cells, _, _ = cell_probabilities(Spot(tiny, 116.4015, 39.9015), 40.0)
    frame = tiny.plane.frame_at(np.array(116.4015), np.array(39.9015)).matrix * 0.0005 * ACCURACY_IN_SIGMAS / 40.0
    across, up = np.hypot(*frame[:, 0]), np.hypot(*frame[:, 1])
    expected = math.erf(across / math.sqrt(2)) * math.erf(up / math.sqrt(2))
    assert cells[0][1] == pytest.approx(expected, abs=1e-4)


def test_the_68_percent_circle_holds_68_percent():
    angle = np.linspace(0, 2 * np.pi, 20_001)
    x, y = ACCURACY_IN_SIGMAS * np.cos(angle), ACCURACY_IN_SIGMAS * np.sin(angle)
    assert edge_masses(x[:-1], y[:-1], x[1:], y[1:]).sum() == pytest.approx(0.68, abs=1e-5)


@pytest.mark.parametrize("scale", [1e-3, 0.1, 0.7, 3.0, 20.0, 1e4])
@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0 - 1e-9, 5.0])
def test_rectangles_of_all_sizes_have_their_mass(scale, shift):
    west, east, half = scale * (shift - 1), scale * (shift + 1), 2 * scale
    x, y = np.array([west, east, east, west, west]), np.array([-half, -half, half, half, -half])
    expected = (math.erf(east / math.sqrt(2)) - math.erf(west / math.sqrt(2))) / 2 * math.erf(half / math.sqrt(2))
    assert edge_masses(x[:-1], y[:-1], x[1:], y[1:]).sum() == pytest.approx(expected, abs=2e-9)


@pytest.mark.parametrize("accuracy_m", [8.0, 40.0, 200.0])
@pytest.mark.parametrize("place", [(116.40005, 39.90005), (116.4031, 39.9015)])
def test_shares_and_nobodys_ground_near_the_rim(tiny, place, accuracy_m):
    check(tiny, *place, accuracy_m)


def test_ground_of_areas_alone_counts_as_other():
    territory = tiny_territory()
    edition = compile_territory(1, NOW, replace(territory, cells=tuple(c for c in territory.cells if c.name != "B1")))
    cells, outside, other = check(edition, 116.4015, 39.9015, 30.0)
    assert outside == pytest.approx(0.0, abs=1e-4)
    assert other > 0.9
    assert len(cells) == 4


def test_a_large_doubt_names_no_cell_and_sums_to_one(tiny):
    cells, outside, other = cell_probabilities(Spot(tiny, 116.4015, 39.9015), 100_000.0)
    assert cells == []
    assert outside + other == pytest.approx(1.0)
    assert 0 < other < 1e-4


def test_in_an_overlap_the_lowest_code_has_the_place():
    territory = replace(tiny_territory(), areas=())
    wide = box(116.4005, 39.901, 116.402, 39.902)
    cells = tuple(replace(c, geometry=wide) if c.name == "B1" else c for c in territory.cells)
    edition = compile_territory(1, NOW, replace(territory, cells=cells))
    found, outside, _ = check(edition, 116.4008, 39.9015, 20.0)
    assert found[0][0] == 1
    assert outside < 1e-4


def test_an_overlap_across_the_border_of_two_cells_is_taken_from_each():
    """The border between the two is no loose edge, so that the overlap is one face over three cells."""
    territory = replace(tiny_territory(), areas=())
    across = box(116.4005, 39.9004, 116.4015, 39.9008)
    cells = tuple(replace(c, geometry=across) if c.name == "C2" else c for c in territory.cells)
    first = tuple(replace(c, code="000000000000001") if c.name == "C2" else c for c in cells)
    for layer, winner in ((cells, "A0"), (first, "C2")):
        edition = compile_territory(1, NOW, replace(territory, cells=layer))
        found, *_ = check(edition, 116.4009, 39.9006, 30.0)
        assert edition.cells.names[found[0][0]] == winner


@given(st.integers(0, 2**31), faults, st.sampled_from([10.0, 60.0, 300.0]))
@settings(max_examples=6, deadline=None)
def test_shares_near_faults_of_all_kinds(seed, with_faults, accuracy_m):
    cells = make_partition(seed, with_faults)
    edition = compile_territory(1, NOW, as_territory(cells))
    lon, lat = adversarial_points(seed, cells, 1)
    check(edition, float(lon[-1]), float(lat[-1]), accuracy_m)
    check(edition, float(lon[0]), float(lat[0]), accuracy_m)
