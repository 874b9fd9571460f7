"""The measurement of places, small: everybody is asked, and nobody is believed who says something else."""

import numpy as np
import pytest
import shapely

from benchmarks.points import HEADER, Plan, measure
from benchmarks.points.chart import draw_growth
from benchmarks.points.ground import make_cells, make_places
from benchmarks.points.timing import Contestant, Run, compete


def test_a_wrong_answer_is_never_timed():
    who = Contestant("wrong", 10, lambda lon, lat: lambda: np.zeros(len(lon), np.int64))
    run = Run.of(who, 1, np.zeros(3), np.zeros(3))
    with pytest.raises(AssertionError, match="wrong differs on 2 of 3"):
        compete([run], np.array([0, 1, 2]), 1)


@pytest.mark.parametrize("count", [1, 7, 400])
def test_cells_are_a_partition_with_21_vertices_each(count):
    cells = make_cells(count)
    assert len(cells) >= count
    assert set(shapely.get_num_coordinates(cells).tolist()) == {21}
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    assert shapely.union_all(cells).geom_type == "Polygon"


def test_local_order_is_the_same_kind_of_places_from_row_to_row():
    bounds = shapely.total_bounds(make_cells(100))
    _, lat = make_places(bounds, 5_000, "local")
    assert np.abs(np.diff(lat)).mean() < np.abs(np.diff(make_places(bounds, 5_000, "random")[1])).mean() / 10


def test_everybody_says_the_same_and_has_a_line(tmp_path, monkeypatch):
    plan = Plan(sizes=(50, 100), batched=100, segments=60, whole=100, most=5_000, rounds=1)
    rows, panels = measure(plan)
    assert {len(row) for row in rows} == {len(HEADER)}
    assert {row[0] for row in rows} == {"cell", "nearest segment", "whole answer"}
    everybody = {row[5] for row in rows if row[0] == "cell"}
    assert everybody >= {"gridsvc", "gridsvc, numpy kernels", "shapely STRtree", "geopandas sjoin", "rtree + shapely"}
    assert {row[4] for row in rows} == {1, 2}
    monkeypatch.setattr("benchmarks.points.chart.RESULTS", tmp_path)
    draw_growth("points", panels)
    assert (tmp_path / "points.png").stat().st_size > 10_000
