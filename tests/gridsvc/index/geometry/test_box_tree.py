"""Boxes found by boxes: as looking at all of them finds them, by both kinds of kernels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridsvc.index import kernels, plain_kernels
from gridsvc.index.geometry.box_tree import pack_boxes

KERNELS = [kernels, plain_kernels]
coordinates = st.floats(-180, 180) | st.sampled_from([0.0, -0.0, 0.5, 1e-300, 180.0])
boxes = st.tuples(coordinates, coordinates, coordinates, coordinates).map(
    lambda four: (min(four[0], four[2]), min(four[1], four[3]), max(four[0], four[2]), max(four[1], four[3]))
)
many = st.lists(boxes, max_size=40).map(lambda rows: np.array(rows or np.zeros((0, 4)), np.float64).reshape(-1, 4))


def slow_pairs(tree_boxes, asked):
    """Every pair that meets."""
    return [
        (i, j)
        for i, (west, south, east, north) in enumerate(asked.tolist())
        for j, (w, s, e, n) in enumerate(tree_boxes.tolist())
        if w <= east and e >= west and s <= north and n >= south
    ]


@pytest.mark.parametrize("module", KERNELS, ids=lambda module: module.NAME)
@given(many, many)
@settings(max_examples=50, deadline=None)
def test_pairs_are_those_of_looking_at_all(module, tree_boxes, asked):
    found = module.box_pairs(pack_boxes(tree_boxes).arrays, asked)
    assert sorted(zip(*(column.tolist() for column in found), strict=True)) == slow_pairs(tree_boxes, asked)


@pytest.mark.parametrize("module", KERNELS, ids=lambda module: module.NAME)
@pytest.mark.parametrize("count", [1, 16, 17, 256, 257, 5_000])
def test_trees_of_every_height_find_all(module, count):
    random = np.random.default_rng(count)
    low = random.uniform(0, 1, (count, 2))
    tree_boxes = np.concatenate([low, low + random.uniform(0, 0.05, (count, 2))], axis=1)
    tree = pack_boxes(tree_boxes)
    assert sorted(module.rows_in_box(tree.arrays, (0.0, 0.0, 2.0, 2.0)).tolist()) == list(range(count))
    asked = tree_boxes[:50] + 0.01
    expected = slow_pairs(tree_boxes, asked)
    for i, box in enumerate(asked.tolist()):
        assert sorted(module.rows_in_box(tree.arrays, tuple(box)).tolist()) == [j for k, j in expected if k == i]


def test_nothing_is_found_among_nothing_and_by_no_place():
    assert len(pack_boxes(np.zeros((0, 4))).in_box(0.0, 0.0, 1.0, 1.0)) == 0
    tree = pack_boxes(np.array([[0.0, 0.0, 1.0, 1.0]]))
    assert len(tree.in_box(np.nan, np.nan, np.nan, np.nan)) == 0
    assert tree.in_box(-np.inf, -np.inf, np.inf, np.inf).tolist() == [0]
    assert len(tree.pairs(np.zeros((0, 4)))[0]) == 0


def test_rims_meet_and_rows_come_in_order():
    tree = pack_boxes(np.array([[1.0, 1.0, 2.0, 2.0], [0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 1.0, 0.0]]))
    assert tree.in_box(1.0, 1.0, 1.0, 1.0).tolist() == [0, 1]
    asked, row = tree.pairs(np.array([[1.0, 0.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5]]))
    assert list(zip(asked.tolist(), row.tolist(), strict=True)) == [(0, 0), (0, 1), (0, 2), (1, 1)]


@pytest.mark.parametrize("apart", [5e-324, 1e-310, 1e-300])
def test_boxes_that_hardly_differ_make_a_tree(apart):
    assert pack_boxes(np.array([[0.0] * 4, [apart] * 4])).in_box(0.0, 0.0, 0.0, 1.0).tolist() == [0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_boxes_of_no_place_hide_no_other(bad):
    boxes = np.array([[bad] * 4] + [[float(k), 0.0, k + 1.0, 1.0] for k in range(40)])
    assert pack_boxes(boxes).in_box(0.0, 0.0, 100.0, 1.0).tolist() == list(range(1, 41))


def test_the_same_boxes_make_the_same_tree():
    tree_boxes = np.random.default_rng(1).uniform(0, 1, (300, 4))
    one, other = pack_boxes(tree_boxes).arrays, pack_boxes(tree_boxes.copy()).arrays
    assert [column.tobytes() for column in one] == [column.tobytes() for column in other]
