"""Flat arrays of polygons."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from gridsvc.errors import InvalidInput
from gridsvc.index.geometry.polygons import compile_polygons

RING = Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 2, 2).exterior.coords])


def test_an_empty_polygon_is_refused():
    with pytest.raises(InvalidInput, match="without any vertex"):
        compile_polygons([Polygon()])


def test_no_polygons_make_an_empty_table():
    table = compile_polygons([])
    assert (len(table), len(table.x), table.all_edges().tolist(), table.in_box(-180, -90, 180, 90).tolist()) == (
        0,
        0,
        [],
        [],
    )


def test_parts_holes_and_vertices_are_kept_in_order_and_to_the_bit():
    shapes = [box(0.1, 0.2, 0.3, 0.4), MultiPolygon([RING, box(9, 9, 10, 10)]), RING]
    table = compile_polygons(shapes)
    assert table.polygon_offsets.tolist() == [0, 1, 4, 6]
    assert table.ring_offsets.tolist() == [0, 5, 10, 15, 20, 25, 30]
    assert np.array_equal(np.stack([table.x, table.y], axis=-1), shapely.get_coordinates(shapes))
    assert table.edge_offsets.tolist() == [0, 4, 16, 24]
    assert not np.isin([4, 9, 14, 19, 24, 29], table.all_edges()).any()
    assert table.edges_of(np.array([2, 0])).tolist() == [20, 21, 22, 23, 25, 26, 27, 28, 0, 1, 2, 3]
    assert table.count_edges(np.array([2, 0, 1])).tolist() == [8, 4, 12]


def test_turns_say_on_which_side_the_polygon_lies():
    clockwise = Polygon(RING.exterior.coords[::-1], [RING.interiors[0].coords[::-1]])
    shell_left = compile_polygons([RING]).turns
    assert shell_left.tolist() == [-int(turn) for turn in compile_polygons([clockwise]).turns]
    for shape in (RING, clockwise, MultiPolygon([RING, box(9, 9, 10, 10)])):
        table = compile_polygons([shape])
        a = table.all_edges()
        ring = np.searchsorted(table.ring_offsets, a, side="right") - 1
        twice = (table.x[a] * table.y[a + 1] - table.x[a + 1] * table.y[a]) * table.turns[ring]
        assert twice.sum() / 2 == pytest.approx(shape.area)


def test_boxes_find_polygons_by_number():
    table = compile_polygons([box(0, 0, 1, 1), box(1, 0, 2, 1), box(5, 5, 6, 6)])
    assert table.in_box(0.5, 0.5, 1.0, 0.6).tolist() == [0, 1]
    point, polygon = table.at_points(np.array([5.5, 1.0, 9.0]), np.array([5.5, 0.5, 9.0]))
    assert list(zip(point.tolist(), polygon.tolist(), strict=True)) == [(0, 2), (1, 0), (1, 1)]
