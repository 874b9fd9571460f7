"""Features in columns: each comes back equal to the one that went in."""

from datetime import date

import numpy as np
import pytest

from geodata.sample_city.build import build_sample_city
from gridsvc.index.columns.features import pack_areas, pack_components, pack_groups, pack_segments
from gridsvc.index.columns.shapes import ShapePacker
from tests.fixtures.tiny_city import tiny_territory


@pytest.fixture(scope="module")
def city():
    return build_sample_city(seed=11, cells=60, today=date(2026, 11, 1)).territory


def test_areas_segments_and_components_come_back(city):
    for pack, features in (
        (pack_areas, (*city.areas, *tiny_territory().areas)),
        (pack_segments, city.segments),
        (pack_components, city.components),
    ):
        assert list(pack(features)) == list(features)


def test_groups_come_back_without_their_cells(city):
    packed = pack_groups(city.groups)
    assert [(g.scheme, g.code, g.name, g.kind) for g in packed] == [
        (g.scheme, g.code, g.name, g.kind) for g in city.groups
    ]
    assert {group.cells for group in packed} == {()}


def test_some_components_are_taken_and_told_by_category(city):
    packed = pack_components(city.components)
    rows = np.array([5, 0, 3])
    assert list(packed.take(rows)) == [city.components[row] for row in rows]
    wanted = city.components[0].category
    assert packed.are_of(lambda key: key == wanted).tolist() == [c.category == wanted for c in city.components]
    assert pack_components([]).are_of(lambda _: True).tolist() == []


def test_a_shape_that_is_missing_stays_missing(city):
    packer = ShapePacker()
    for shape in (None, city.areas[0].geometry, None):
        packer.add(shape)
    shapes = packer.packed()
    assert [shapes[0], shapes[1], shapes[2]] == [None, city.areas[0].geometry, None]
    assert shapes.take(np.array([2, 1])).tolist() == [None, city.areas[0].geometry]
    with pytest.raises(IndexError):
        shapes[3]
