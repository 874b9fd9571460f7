"""JSON bodies: names that are said twice are refused by name, at any depth, and nothing else is."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.bodies import parse_json
from api.http.errors import RequestProblem


def refused(body: str) -> list[str]:
    with pytest.raises(RequestProblem) as told:
        parse_json(body.encode())
    assert told.value.kind.status == 422
    return [item["parameter"] for item in told.value.extra["errors"]]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('{"source": "CHIEF", "source": "VIDEO"}', ["source"]),
        ('{"source": "CHIEF", "source": "CHIEF"}', ["source"]),
        ('{"a": {"b": [{"c": 1, "c": 2}]}}', ["c"]),
        ('{"a": 1, "\\u0061": 2}', ["a"]),
        ('{"a":1,"b":"\\u003a","a":2}', ["a"]),
        ('{"a":"\\u003A\\u003a","a":":"}', ["a"]),
        ('{"a":{"x":1,"y":":"},"a":"\\u003a\\u003a\\u003a\\u003a"}', ["a"]),
        ('{"":1,"":2,"b":1,"b":3}', ["", "b"]),
        ('{"' + "x" * 50 + '":1,"' + "x" * 50 + '":2}', ["x" * 40]),
        ('{"n":' + "9" * 300 + ',"n":1}', ["n"]),
    ],
)
def test_a_name_that_is_said_twice_is_refused(body: str, names: list[str]) -> None:
    assert refused(body) == names


@pytest.mark.parametrize(
    "body",
    ['{"a":":","b":"::"}', '{"a":"\\u003a"}', '{"a:b":{"a:b":1}}', '[{"a":1},{"a":1}]', '"\\\\u003a"', "[]"],
)
def test_colons_in_texts_and_names_in_several_objects_are_none(body: str) -> None:
    assert parse_json(body.encode()) == orjson.loads(body)


def test_a_body_that_nests_too_deep_is_refused() -> None:
    with pytest.raises(RequestProblem) as told:
        parse_json(b"[" * 300 + b"]" * 300)
    assert told.value.kind.status == 400


texts = st.text(st.sampled_from('ab:"\\é'), max_size=3)


@given(st.lists(st.tuples(texts, texts), max_size=6), st.booleans(), st.booleans())
def test_exactly_what_is_said_twice_is_refused(pairs: list[tuple[str, str]], escaped: bool, spaced: bool) -> None:
    def write(text: str) -> str:
        return "".join(f"\\u{ord(letter):04x}" for letter in text) if escaped else json.dumps(text)[1:-1]

    colon = " : " if spaced else ":"
    body = "{" + ",".join(f'"{write(name)}"{colon}"{write(value)}"' for name, value in pairs) + "}"
    names = [name for name, _ in pairs]
    twice = list(dict.fromkeys(name for name in names if names.count(name) > 1))
    if twice:
        assert refused(body) == twice[:5]
    else:
        assert parse_json(body.encode()) == dict(pairs)
