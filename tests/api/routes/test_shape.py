"""Lines and polygons over HTTP."""

from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import pytest

from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City

AT = "2026-02-01T10:00:00+08:00"
LINE = {"type": "LineString", "coordinates": [[116.4002, 39.9015], [116.4015, 39.9015]]}


def post(client: Client, body: object, **given: Any) -> Any:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    parameters = {name: value for name, value in ({"datum": "WGS84", "at": AT} | given).items() if value is not None}
    return client.post("/api/v1/resolve/shape", content=content, params=parameters)


REFUSED = {
    "no JSON": (b"{", {}, 400, "malformed-body"),
    "no datum": (LINE, {"datum": None}, 422, "unknown-datum"),
    "unknown datum": (LINE, {"datum": "X"}, 422, "unknown-datum"),
    "a point has no shares": ({"type": "Point", "coordinates": [1, 2]}, {}, 422, "invalid-input"),
    "no GeoJSON": ([1, 2], {}, 422, "invalid-input"),
    "a feature of nothing": ({"type": "Feature", "geometry": None}, {}, 422, "invalid-input"),
    "coordinates of words": ({"type": "LineString", "coordinates": [["a", "b"], ["c", "d"]]}, {}, 422, "invalid-input"),
    "no coordinates": ({"type": "LineString"}, {}, 422, "invalid-input"),
    "a line of one point": ({"type": "LineString", "coordinates": [[1, 2]]}, {}, 422, "invalid-input"),
    "a bow tie": (
        *({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, {}, 422, "invalid-input"),
    ),
    "swapped axes": (
        *({"type": "LineString", "coordinates": [[39.9, 116.4], [39.9, 116.5]]}, {}, 422, "invalid-location"),
    ),
    "before the first edition": (LINE, {"at": "2020-01-01T00:00:00Z"}, 404, "no-edition"),
}


@pytest.mark.parametrize(("body", "given", "status", "kind"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_shape_is_refused(client: Client, body: object, given: Any, status: int, kind: str) -> None:
    answer = post(client, body, **given)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


def test_a_line_is_shared_among_cells(client: Client) -> None:
    answer = post(client, {"type": "Feature", "geometry": LINE, "properties": {}})
    assert answer.status_code == 200
    document = answer.json()
    assert document["measure"] == "LENGTH_M"
    assert sum(cell["share"] for cell in document["cells"]) == pytest.approx(1)
    assert {segment["code"] for segment in document["segments"]} >= {"L-A"}


def test_a_shape_can_be_asked_of_a_named_edition_and_roster(client: Client) -> None:
    answer = post(client, LINE, edition=1, roster=1)
    assert answer.json() == post(client, LINE).json()
    assert (answer.json()["edition"], answer.json()["roster"]) == (1, 1)
    assert post(client, LINE, edition=9).status_code == 404


def test_everybody_is_told_with_what_they_answer_for_and_chiefs_with_their_number(client: Client) -> None:
    document = post(client, LINE).json()
    [chief] = [chief for chief in document["chiefs"] if chief["target"] == "segment L-A"]
    assert (chief["name"], chief["target_name"]) == ("An Yi", "Apricot Lane")
    assert chief["phone"]
    assert all(person["target_name"] for person in document["people"])


def test_a_visitor_of_no_demo_is_told_chiefs_without_numbers(serve: Callable[..., City]) -> None:
    chiefs = post(serve(public_read=True).client, LINE).json()["chiefs"]
    assert {(chief["name"], chief["phone"]) for chief in chiefs} == {("An Yi", None)}


def test_a_shape_is_taken_in_its_datum(client: Client) -> None:
    shifted = {"type": "LineString", "coordinates": [[x + 0.00624, y + 0.0014] for x, y in LINE["coordinates"]]}
    cells = [cell["code"] for cell in post(client, LINE).json()["cells"]]
    assert [cell["code"] for cell in post(client, shifted, datum="GCJ02").json()["cells"]] == cells


def test_a_line_that_crosses_itself_without_end_is_refused_before_it_is_cut(client: Client) -> None:
    places = np.random.default_rng(1).uniform([116.4, 39.9], [116.403, 39.903], (400, 2)).tolist()
    answer = post(client, {"type": "LineString", "coordinates": places})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert answer.json()["limit"] == 10_000
    assert "over itself about" in answer.json()["detail"]


def test_a_shape_that_runs_through_the_city_over_and_over_is_refused(client: Client) -> None:
    teeth = [[116.4001 + i * 5e-7, 39.9001 + 0.0028 * (i % 2)] for i in range(4990)]
    comb = [[116.40005, 39.9], *teeth, [116.4029, 39.9], [116.40005, 39.9]]
    answer = post(client, {"type": "Polygon", "coordinates": [comb]})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    few = [comb[0], *teeth[:400], *comb[-2:]]
    assert post(client, {"type": "Polygon", "coordinates": [few]}).status_code == 200


def test_a_shape_around_more_cells_than_are_answered_at_once_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batch.shape.MAX_MET", 8)
    west, south, east, north = 116.3, 39.8, 116.5, 40.0
    around = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    answer = post(client, {"type": "Polygon", "coordinates": [around]})
    assert (answer.status_code, answer.json()["type"], answer.json()["limit"]) == (413, "/problems/too-large", 8)
    assert "cells and segments: 8 at most" in answer.json()["detail"]
    beside = [[lon + 1, lat] for lon, lat in around]
    assert post(client, {"type": "Polygon", "coordinates": [beside]}).status_code == 200


def test_a_long_patrol_is_answered(client: Client) -> None:
    steps = np.random.default_rng(2).normal(0, 5e-5, (1000, 2)).cumsum(axis=0)
    places = ([116.4015, 39.9015] + steps % 0.001).tolist()
    assert post(client, {"type": "LineString", "coordinates": places}).status_code == 200
