"""GeoJSON in and out: which fields leave, and which documents are shapes."""

from dataclasses import fields
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from gridsvc.errors import InvalidInput
from gridsvc.geojson import MAX_VERTICES, PUBLIC_FIELDS, box_from_text, geometry_from_geojson, write_collection
from gridsvc.model.territory import FEATURE_TYPES, Area, Layer, Level
from tests.fixtures.tiny_city import tiny_territory


@pytest.mark.parametrize("layer", Layer)
def test_somebody_decided_about_every_field(layer: Layer) -> None:
    assert {field.name for field in fields(FEATURE_TYPES[layer])} - {"geometry"} == set(PUBLIC_FIELDS[layer])


@pytest.mark.parametrize("layer", Layer)
def test_a_layer_is_a_collection_of_its_features(layer: Layer) -> None:
    features = tiny_territory().layer(layer)
    document = orjson.loads(write_collection(layer, features, edition=1))
    assert document["type"] == "FeatureCollection"
    assert document["edition"] == 1
    assert [each["properties"]["code"] for each in document["features"]] == [feature.code for feature in features]
    assert all(set(each["properties"]) == set(PUBLIC_FIELDS[layer]) for each in document["features"])


def test_an_area_without_a_polygon_has_no_geometry() -> None:
    area = Area("S", "1", "Somewhere", Level.DISTRICT)
    assert orjson.loads(write_collection(Layer.AREAS, [area]))["features"][0]["geometry"] is None
    assert orjson.loads(write_collection(Layer.AREAS, []))["features"] == []


@given(st.floats(-179, 179), st.floats(-89, 89))
def test_coordinates_keep_every_digit(x: float, y: float) -> None:
    outline = box(x, y, x + 0.25, y + 0.25)
    written = orjson.loads(write_collection(Layer.AREAS, [Area("S", "1", "n", Level.DISTRICT, None, outline)]))
    assert geometry_from_geojson(written["features"][0]).equals_exact(outline, 0)


MANY = [[index / MAX_VERTICES[1], 0] for index in range(MAX_VERTICES[1] + 1)]
DEEP = orjson.loads("[" * 900 + "]" * 900)
NO_SHAPES: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "no type": {},
    "a point": {"type": "Point", "coordinates": [1, 2]},
    "a collection": {"type": "FeatureCollection", "features": []},
    "an empty feature": {"type": "Feature"},
    "a line of nothing": {"type": "LineString", "coordinates": []},
    "coordinates that are a number": {"type": "LineString", "coordinates": 7},
    "coordinates that are null": {"type": "Polygon", "coordinates": None},
    "a ring that is open": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
    "a ring that crosses itself": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
    "a mixed line": {"type": "LineString", "coordinates": [[0, 0], [1]]},
    "objects for positions": {"type": "LineString", "coordinates": [{"x": 1}, {"x": 2}]},
    "lists without end": {"type": "LineString", "coordinates": DEEP},
    "text for numbers": {"type": "LineString", "coordinates": [["1", "2"], ["3", "4"]]},
    "truth for numbers": {"type": "LineString", "coordinates": [[True, 2], [3, 4]]},
    "too many vertices": {"type": "LineString", "coordinates": MANY},
}


@pytest.mark.parametrize("document", NO_SHAPES.values(), ids=NO_SHAPES.keys())
def test_what_is_no_line_or_polygon_is_refused(document: Any) -> None:
    with pytest.raises(InvalidInput):
        geometry_from_geojson(document)


def test_heights_are_left_out() -> None:
    assert not geometry_from_geojson({"type": "LineString", "coordinates": [[0, 0, 5], [1, 1, 6]]}).has_z


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,x", "2,0,1,1", "0,2,1,1", "nan,0,1,1", "-181,0,1,1", "0,0,1,91"])
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="bbox"):
        box_from_text(text)


def test_a_box_is_west_south_east_north() -> None:
    assert box_from_text("116.4, 39.9,116.5,40").as_list() == [116.4, 39.9, 116.5, 40.0]
