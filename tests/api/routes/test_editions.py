"""Editions and their layers over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City

EDITIONS = "/api/v1/editions"


@pytest.mark.parametrize("number", ["9", "last", "-1", "1e3"])
def test_an_edition_that_is_not_there(client: Client, number: str) -> None:
    answer = client.get(f"{EDITIONS}/{number}")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "116.5,39,116.4,40", "nan,0,1,1", "0,0,1,91"])
def test_a_box_that_is_none(client: Client, box: str) -> None:
    answer = client.get(f"{EDITIONS}/1/layers/cells", params={"bbox": box})
    assert answer.status_code == 422
    assert "bbox" in answer.json()["detail"]


def test_the_edition_in_force(client: Client) -> None:
    document = client.get(f"{EDITIONS}/current").json()
    assert document["number"] == 1
    assert document["in_force"] is True
    assert document["bbox"] == [116.4, 39.9, 116.403, 39.903]
    assert {name: document["counts"][name] for name in ("areas", "cells", "segments")} == {
        "areas": 6,
        "cells": 9,
        "segments": 3,
    }
    assert len(document["digest"]) == 64
    assert document["effective_from"] == document["published_at"] == "2026-01-01T00:00:00+08:00"
    assert client.get(f"{EDITIONS}/1").json() == document
    assert client.get(EDITIONS).json() == {"editions": [document]}


@pytest.mark.parametrize("number", ["1", "current"])
def test_an_edition_that_one_has_is_not_sent_again(client: Client, number: str) -> None:
    first = client.get(f"{EDITIONS}/{number}")
    known = {"If-None-Match": first.headers["etag"]}
    again = client.get(f"{EDITIONS}/{number}", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get(f"{EDITIONS}/{number}", headers={"If-None-Match": '"e1"'}).status_code == 200


@pytest.mark.parametrize(("layer", "count"), [("areas", 6), ("cells", 9), ("segments", 3), ("components", 1)])
def test_a_layer_is_geojson_with_public_fields(client: Client, layer: str, count: int) -> None:
    answer = client.get(f"{EDITIONS}/current/layers/{layer}")
    document = answer.json()
    assert answer.headers["content-type"] == "application/geo+json"
    assert len(document["features"]) == count
    assert document["truncated"] is False
    first = document["features"][0]
    assert first["id"] == f"{first['properties']['scheme']}:{first['properties']['code']}"
    assert first["geometry"]["coordinates"]


def test_a_box_and_a_limit_narrow_a_layer(client: Client) -> None:
    inside = {"bbox": "116.4001,39.9001,116.4009,39.9009"}
    names = [
        f["properties"]["name"] for f in client.get(f"{EDITIONS}/1/layers/cells", params=inside).json()["features"]
    ]
    assert names == ["A0"]
    document = client.get(f"{EDITIONS}/1/layers/cells", params={"limit": 4}).json()
    assert (len(document["features"]), document["truncated"]) == (4, True)


def test_a_layer_is_not_sent_twice(client: Client) -> None:
    first = client.get(f"{EDITIONS}/1/layers/cells")
    again = client.get(f"{EDITIONS}/1/layers/cells", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{EDITIONS}/1/layers/segments", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(("accepts", "packed"), [("gzip", "gzip"), ("identity", None)])
def test_a_layer_is_packed_for_who_takes_it(client: Client, accepts: str, packed: str | None) -> None:
    answer = client.get(f"{EDITIONS}/1/layers/cells", headers={"Accept-Encoding": accepts})
    assert answer.headers.get("content-encoding") == packed
    assert answer.headers["vary"] == "Accept-Encoding, Cookie, Authorization"
    assert len(answer.json()["features"]) == 9


def test_without_a_free_turn_a_large_page_is_told_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.layer_pages.LARGE", 4)
    wide, cells = {"bbox": "116.4,39.9,116.402,39.903"}, f"{EDITIONS}/1/layers/cells"
    known = client.get(cells, params=wide).headers["etag"]
    monkeypatch.setattr("api.http.turns.ADMITTED", 0)
    for few in ({}, {"limit": 1}):  # what its box holds is looked through for one feature too
        answer = client.get(cells, params={**wide, **few})
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
        assert answer.headers["retry-after"] == "5"
    assert client.get(cells, params=wide, headers={"If-None-Match": known}).status_code == 304
    corner = client.get(cells, params={"bbox": "116.401,39.901,116.401,39.901"})
    assert (corner.status_code, len(corner.json()["features"])) == (200, 4)


def test_components_are_never_public(serve: Callable[..., City]) -> None:
    client = serve(public_read=True).client
    statuses: dict[str, Any] = {
        layer: client.get(f"{EDITIONS}/1/layers/{layer}").status_code
        for layer in ("areas", "cells", "segments", "components", "groups")
    }
    assert statuses == {"areas": 200, "cells": 200, "segments": 200, "components": 401, "groups": 422}
