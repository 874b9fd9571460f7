"""Shapes gathered in chunks are those flattened at once."""

from dataclasses import fields

import numpy as np
import pytest
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from gridsvc.index.geometry import flat as module
from gridsvc.index.geometry.flat import Gathering, flatten, without_missing

HOLED = Polygon(box(0, 0, 9, 9).exterior, [box(1, 1, 2, 2).exterior, box(3, 3, 4, 4).exterior])
BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
LAYERS = {
    "nothing": [],
    "polygons": [box(0, 0, 1, 1), MultiPolygon([HOLED, box(20, 0, 21, 1)]), BOW_TIE, HOLED],
    "polygons, some missing": [None, box(0, 0, 1, 1), None, MultiPolygon([HOLED, box(20, 0, 21, 1)]), None],
    "lines": [LineString([(0, 0), (1, 1), (2, 0)]), MultiLineString([[(0, 0), (1, 0)], [(5, 5), (6, 6), (7, 5)]])] * 2,
    "points": [Point(k, -k) for k in range(5)],
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_chunks_make_the_same_arrays(layer, at_once, monkeypatch):
    monkeypatch.setattr(module, "_SHAPES_AT_ONCE", at_once)
    gathering = Gathering()
    for shape in LAYERS[layer]:
        gathering.add(shape)
    chunked, at_once_made = gathering.whole(), flatten(LAYERS[layer])
    for field in fields(chunked):
        one, other = getattr(chunked, field.name), getattr(at_once_made, field.name)
        assert np.array_equal(one, other, equal_nan=np.asarray(one).dtype == np.float64), field.name


def test_rings_know_their_part_shape_and_turn():
    flat = flatten(LAYERS["polygons"])
    assert flat.line_part.tolist() == [0, 1, 1, 1, 2, 3, 4, 4, 4]
    assert flat.line_owner.tolist() == [0, 1, 1, 1, 1, 2, 3, 3, 3]
    assert flat.is_valid.tolist() == [True, True, False, True]
    assert flat.boxes[3].tolist() == [0, 0, 9, 9]


def test_what_is_missing_can_be_left_out():
    kept = without_missing(flatten(LAYERS["polygons, some missing"]))
    assert (len(kept), kept.line_owner.tolist()) == (2, [0, 1, 1, 1, 1])
    assert np.isfinite(kept.boxes).all()
