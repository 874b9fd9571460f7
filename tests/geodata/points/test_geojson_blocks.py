"""A file in blocks: whatever the size of a block, the features are those that a parser of the whole file finds."""

import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.points import geojson_blocks
from geodata.points.geojson_blocks import read_collection, read_lines
from gridsvc.errors import InvalidInput

FEATURE = b'{"type":"Feature","geometry":null,"properties":{}}'


def _whole(text: bytes) -> tuple[list[Any], dict[str, Any]]:
    *blocks, around = read_collection(io.BytesIO(text), "x.geojson")
    return [feature for block in blocks for feature in block], dict(around)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "no .features. list"),
        (b"[]", "no .features. list"),
        (b"not json", "no .features. list"),
        (b'{"type":"FeatureCollection"}', "no .features. list"),
        (b'{"type":"FeatureCollection","features":7}', "no .features. list"),
        (b'{"type":"FeatureCollection","of":{"features":[]}}', "no .features. list"),
        (b'"features":[]', "no .features. list"),
        (FEATURE, "no .features. list"),
        ('{"type":"FeatureCollection","features":[]}'.encode("utf-16"), "UTF-16"),
        (b'{"features":[]}', "FeatureCollection"),
        (b'{"type":"Topology","features":[]}', "FeatureCollection"),
        (b'{"type":"FeatureCollection","features":[],"features":[1]}', "one list of features"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE, "cut off after feature 1"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE[:-2], "cut off after feature 0"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b"]", "around its features"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b"]} {}", "around its features"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b"}", "around its features"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b",]}", "at the end of its list"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b",7]}", "at the end of its list"),
        (b'{"type":"FeatureCollection","features":[,' + FEATURE + b"]}", "is no GeoJSON"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + FEATURE + b"]}", "is no GeoJSON"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b",," + FEATURE + b"]}", "feature 2"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b',{"a":NaN}]}', "feature 2"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b',{"a":1e999}]}', "feature 2: .*infinity"),
        (b'{"type":"FeatureCollection","features":[' + FEATURE + b',{"a":"\xff"}]}', "feature 2: .*UTF-8"),
        (b'{"type":"FeatureCollection","features":[' + b"[" * 2000 + b"]" * 2000 + b"]}", "feature 1: depth"),
    ],
)
@pytest.mark.parametrize("block", [7, geojson_blocks.BLOCK_BYTES])
def test_what_is_no_collection_is_refused_with_its_place(
    text: bytes, says: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geojson_blocks, "BLOCK_BYTES", block)
    with pytest.raises(InvalidInput, match=says) as refused:
        _whole(text)
    assert "\n" not in refused.value.message


def test_a_feature_too_large_for_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson_blocks, "BLOCK_BYTES", 100)
    monkeypatch.setattr(geojson_blocks, "MOST_BYTES", 1000)
    huge = b'{"type":"Feature","geometry":null,"properties":{"a":"%s"}}' % (b"x" * 5000)
    with pytest.raises(InvalidInput, match="feature 2 has more than"):
        _whole(b'{"type":"FeatureCollection","features":[' + FEATURE + b"," + huge + b"]}")
    with pytest.raises(InvalidInput, match="follow its features"):
        _whole(b'{"type":"FeatureCollection","features":[],"a":"%s"}' % (b"x" * 5000))
    with pytest.raises(InvalidInput, match=r"no .features. list"):
        _whole(b'{"a":"%s","type":"FeatureCollection","features":[]}' % (b"x" * 5000))
    with pytest.raises(InvalidInput, match="line 2 has more than"):
        list(read_lines(io.BytesIO(FEATURE + b"\n" + huge), "x.geojsonl"))


def test_a_line_that_is_no_json_is_named() -> None:
    with pytest.raises(InvalidInput, match="feature 2"):
        list(read_lines(io.BytesIO(FEATURE + b"\n{\n"), "x.geojsonl"))


words = st.text(alphabet='"\\{}[],: a\n街', max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
features = st.lists(st.dictionaries(words, values, max_size=4), max_size=8)


@given(features, st.integers(1, 60), st.booleans(), st.dictionaries(words, values, max_size=2))
def test_features_are_those_of_the_whole_file(
    given_features: list[dict[str, Any]], block: int, is_indented: bool, around: dict[str, Any]
) -> None:
    document = {**around, "type": "FeatureCollection", "features": given_features, "crs": around}
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 if is_indented else 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geojson_blocks, "BLOCK_BYTES", block)
        found, beside = _whole(text)
    assert found == given_features
    assert beside == document | {"features": []}


@given(features, st.integers(1, 60), st.sampled_from([b"\n", b"\r\n", b"\n\x1e", b"\n\n"]))
def test_features_in_lines_are_all_read(given_features: list[dict[str, Any]], block: int, between: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geojson_blocks, "BLOCK_BYTES", block)
        blocks = list(read_lines(io.BytesIO(between.join(map(orjson.dumps, given_features))), "x.geojsonl"))
    assert [feature for block in blocks for feature in block] == given_features


def test_a_byte_order_mark_is_passed_by() -> None:
    assert _whole(b'\xef\xbb\xbf{"type":"FeatureCollection","features":[{}]}')[0] == [{}]
    assert next(read_lines(io.BytesIO(b"\xef\xbb\xbf{}\n"), "x.geojsonl")) == [{}]


def test_a_file_is_read_as_far_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson_blocks, "BLOCK_BYTES", 1000)
    file = io.BytesIO(b'{"type":"FeatureCollection","features":[' + b",".join([FEATURE] * 10_000) + b"]}")
    blocks = read_collection(file, "x.geojson")
    for number in range(1, 20):
        assert len(next(blocks)) <= 1000 // len(FEATURE) + 2
        assert file.tell() <= number * 1000
