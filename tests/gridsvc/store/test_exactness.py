"""Every double, of every geometry and every table, comes back bit for bit."""

import math
import struct

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gridsvc.errors import InvalidInput
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Component, Layer, Level, Segment, SegmentKind
from gridsvc.store import SqlStore
from tests.gridsvc.store.scenario import NOW, put, silent

DOUBLES = st.floats(-180, 180, allow_subnormal=True) | st.sampled_from(
    [0.0, -0.0, 5e-324, math.nextafter(116.4, 117), math.nextafter(116.4, 116), 1 / 3, 179.99999999999997]
)
PAIRS = st.tuples(DOUBLES, DOUBLES)
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


def _bits(geometry: shapely.Geometry) -> bytes:
    return b"".join(struct.pack("<dd", *pair) for pair in shapely.get_coordinates(geometry))


def test_heights_are_refused(store: SqlStore) -> None:
    draft = store.create_draft(NOW)
    with pytest.raises(InvalidInput, match="third coordinate"):
        store.put_features(
            draft.number,
            Layer.COMPONENTS,
            [Component("S", "1", "", Key("S", "1"), Point(1, 2, 3))],
            [],
            silent,
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.lists(PAIRS, min_size=2, max_size=6), min_size=1, max_size=8), name=NAMES)
def test_any_double_and_any_text_comes_back(store: SqlStore, lines: list[list[tuple[float, float]]], name: str) -> None:
    segments = [
        Segment("S", f"{number:03d}", name, SegmentKind.LANE, LineString(line), name or None)
        for number, line in enumerate(lines)
    ]
    draft = store.create_draft(NOW, crs="EPSG:4548")
    store.put_features(draft.number, Layer.SEGMENTS, segments, [], silent)
    loaded = store.load_draft(draft.number).segments
    assert list(loaded) == segments
    assert [_bits(segment.geometry) for segment in loaded] == [_bits(segment.geometry) for segment in segments]


def test_holes_parts_and_missing_polygons_come_back(store: SqlStore) -> None:
    ring = Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    areas = [
        Area("S", "1", "ring", Level.DISTRICT, None, ring),
        Area("S", "2", "no polygon", Level.COMMUNITY, "1"),
        Area("S", "3", "parts", Level.VILLAGE, None, MultiPolygon([ring, box(5, 5, 6, 6)])),
        Area("S", "4", "empty", Level.VILLAGE, None, Polygon()),
    ]
    draft = store.create_draft(NOW, crs="EPSG:4548")
    store.put_features(draft.number, Layer.AREAS, areas, [], silent)
    loaded = store.load_draft(draft.number).areas
    assert list(loaded) == areas
    wkb = [None if area.geometry is None else area.geometry.wkb for area in loaded]
    assert wkb == [None if area.geometry is None else area.geometry.wkb for area in areas]


def test_one_bit_makes_another_version(store: SqlStore) -> None:
    west = 116.4
    cell = Cell("S", "1", "", box(west, 39, 117, 40))
    moved = Cell("S", "1", "", box(math.nextafter(west, 117), 39, 117, 40))
    draft = put(store, store.create_draft(NOW), cell)
    put(store, draft, moved)
    assert store.load_draft(draft.number).cells[0].geometry.wkb == moved.geometry.wkb != cell.geometry.wkb
