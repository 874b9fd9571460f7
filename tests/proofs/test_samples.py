"""A sample of every long proof: no answer may differ."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.proofs.beijing import prove_beijing
from tests.proofs.france import prove_france
from tests.proofs.large_batches import prove_large_batches
from tests.proofs.polygons import prove_polygons
from tests.proofs.row import Row
from tests.proofs.sample_city import prove_sample_city
from tests.proofs.streets import prove_streets
from tests.proofs.whole_answers import prove_whole_answers

RealData = Callable[[str], Path]


def test_cells_of_the_sample_city_are_exact() -> None:
    _nothing_differs(prove_sample_city(sample=True))


def test_whole_answers_are_those_of_the_slow_rules() -> None:
    _nothing_differs(prove_whole_answers(cities=3))


@pytest.mark.skipif(sys.platform != "linux", reason="memory of another process is read from /proc")
def test_batches_at_and_over_the_limit_of_rows_take_bounded_memory(tmp_path: Path) -> None:
    _nothing_differs(prove_large_batches(tmp_path, sample=True))


@pytest.mark.real_data
def test_every_known_place_of_beijing_falls_in_its_district(real_data: RealData, tmp_path: Path) -> None:
    rows = prove_beijing(real_data, tmp_path, sample=True)
    _nothing_differs(rows)
    assert rows[0].cases == 2_601


@pytest.mark.real_data
def test_polygons_of_every_real_layer_are_exact(real_data: RealData) -> None:
    _nothing_differs(prove_polygons(real_data("beijing_adcode").parent, sample=True))


@pytest.mark.real_data
def test_nearest_segments_are_those_of_shapely(real_data: RealData) -> None:
    _nothing_differs(prove_streets(real_data, sample=True))


@pytest.mark.real_data
def test_communes_are_told_accepted_published_and_exact(real_data: RealData, tmp_path: Path) -> None:
    _nothing_differs(prove_france(real_data, tmp_path, sample=True))


def _nothing_differs(rows: list[Row]) -> None:
    assert rows
    assert not [row for row in rows if row.differences]
    assert all(row.cases for row in rows)
