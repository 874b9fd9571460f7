"""Shares of many circles: those of single ones, and those that a sum over places located by shapely finds."""

from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridsvc.index.compile import compile_territory
from gridsvc.index.territory import probabilities
from gridsvc.index.territory.probabilities import cell_probabilities_many
from gridsvc.index.territory.probability import cell_probabilities
from gridsvc.index.territory.reach import ACCURACY_IN_SIGMAS
from gridsvc.index.territory.spot import Spot
from gridsvc.model.territory import Territory
from tests.fixtures.partitions import FAULTS, adversarial_points, as_territory, make_partition
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RINGS, RAYS = 120, 240
faults = st.lists(st.sampled_from(sorted(FAULTS)), max_size=4, unique=True).map(tuple)


def by_quadrature(edition, cells, lon, lat, accuracy_m):
    """(mass by cell, mass of nobody's ground): places of equal mass on turned rings, each located by shapely."""
    ring = np.arange(RINGS)[:, None]
    radius = accuracy_m / ACCURACY_IN_SIGMAS * np.sqrt(-2 * np.log1p(-(ring + 0.5) / RINGS))
    angle = (np.arange(RAYS) + ring * 0.6180339887 % 1) * 2 * np.pi / RAYS
    metres = np.stack([(radius * np.cos(angle)).ravel(), (radius * np.sin(angle)).ravel()])
    dlon, dlat = np.linalg.inv(edition.plane.frame_at(np.array(lon), np.array(lat)).matrix) @ metres
    places = shapely.points(lon + dlon, lat + dlat)
    outlines = np.array([cell.geometry for cell in cells], object)
    winner = np.full(len(places), len(cells))
    np.minimum.at(winner, *shapely.STRtree(outlines).query(places, predicate="intersects"))
    share = np.bincount(winner, minlength=len(cells) + 1) / len(places)
    return share[:-1], share[-1]


def circle_of(found, k):
    own = slice(found.offsets[k], found.offsets[k + 1])
    rows = zip(found.cell[own].tolist(), found.probability[own].tolist(), found.distance_m[own].tolist(), strict=True)
    return list(rows), found.outside[k], found.other[k]


def assert_same(edition, lon, lat, accuracy):
    found = cell_probabilities_many(edition, lon, lat, accuracy)
    assert len(found.offsets) == len(lon) + 1
    for k, (x, y, radius) in enumerate(zip(lon.tolist(), lat.tolist(), accuracy.tolist(), strict=True)):
        cells, outside, other = circle_of(found, k)
        alone = cell_probabilities(Spot(edition, x, y), radius)
        assert [cell for cell, _, _ in sorted(cells)] == [cell for cell, _, _ in sorted(alone.cells)]
        for mine, single in zip(sorted(cells), sorted(alone.cells), strict=True):
            assert mine[1:] == pytest.approx(single[1:], abs=1e-12)
        assert [p for _, p, _ in cells] == sorted((p for _, p, _ in cells), reverse=True)
        assert (outside, other) == pytest.approx((alone.outside, alone.other), abs=1e-12)


def test_no_circles_have_no_shares():
    edition = compile_territory(1, NOW, tiny_territory())
    found = cell_probabilities_many(edition, np.zeros(0), np.zeros(0), np.zeros(0))
    assert (found.offsets.tolist(), len(found.cell), len(found.outside)) == ([0], 0, 0)


def test_where_nothing_is_everything_is_outside():
    edition = compile_territory(1, NOW, Territory("EPSG:4548"))
    found = cell_probabilities_many(edition, np.full(2, 116.4), np.full(2, 39.9), np.array([5.0, 50.0]))
    assert found.offsets.tolist() == [0, 0, 0]
    assert found.outside == pytest.approx([1.0, 1.0])
    assert found.other == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("at_once", [1, 7, 256])
def test_circles_of_all_sizes_share_as_each_alone_does(monkeypatch, at_once):
    """Good fixes, doubtful ones, and some that reach over everything, which stand alone."""
    monkeypatch.setattr(probabilities, "_CIRCLES_AT_ONCE", at_once)
    monkeypatch.setattr(probabilities, "_EDGES_AT_ONCE", 50)
    edition = compile_territory(1, NOW, tiny_territory())
    random = np.random.default_rng(5)
    lon, lat = random.uniform(116.3995, 116.4035, 30), random.uniform(39.8995, 39.9035, 30)
    lon[:4], lat[:4] = [116.401, 116.4, 116.4015, 116.402], [39.901, 39.9015, 39.9, 39.9015]
    accuracy = np.exp(random.uniform(np.log(2.0), np.log(200.0), 30))
    accuracy[[9, 10, 20]] = 900.0, 100_000.0, 501.0
    assert_same(edition, lon, lat, accuracy)


@given(st.integers(0, 2**31), faults, st.sampled_from([4.0, 30.0, 120.0]))
@settings(max_examples=8, deadline=None)
def test_circles_near_faults_of_all_kinds_share_as_each_alone_does(seed, with_faults, accuracy_m):
    cells = make_partition(seed, with_faults)
    edition = compile_territory(1, NOW, as_territory(cells))
    lon, lat = (column[:: max(1, len(column) // 6)] for column in adversarial_points(seed, cells, 6))
    assert_same(edition, lon, lat, np.full(len(lon), accuracy_m))


@pytest.mark.parametrize("fault", ["none", *sorted(FAULTS)])
def test_shares_are_those_of_places_located_by_shapely(fault):
    cells = make_partition(11, () if fault == "none" else (fault,))
    territory = as_territory(cells)
    edition = compile_territory(1, NOW, territory)
    by_key = sorted(territory.cells, key=lambda cell: (cell.scheme, cell.code))
    lon, lat = (column[:: max(1, len(column) // 4)][:4] for column in adversarial_points(11, cells, 4))
    accuracy = np.array([8.0, 25.0, 80.0, 250.0])[: len(lon)]
    found = cell_probabilities_many(edition, lon, lat, accuracy)
    for k in range(len(lon)):
        told, outside, other = circle_of(found, k)
        share, nobody = by_quadrature(edition, by_key, float(lon[k]), float(lat[k]), float(accuracy[k]))
        assert sum(p for _, p, _ in told) + outside + other == pytest.approx(1.0, abs=1e-12)
        assert outside == pytest.approx(nobody, abs=0.005)
        for cell, probability, _ in told:
            assert probability == pytest.approx(share[cell], abs=0.005)
        assert set(np.flatnonzero(share > 0.006).tolist()) <= {cell for cell, _, _ in told}
