"""JSON batches that would take a gigabyte to parse: refused by counting, and the others parsed in their turn."""

from typing import Any

import orjson
import pytest

from api.batch import read_json
from api.http.turns import Turns
from tests.fixtures.in_process import Client

JSON, CSV = "application/json", "text/csv"


def post(client: Client, body: bytes, kind: str = JSON) -> Any:
    return client.post("/api/v1/resolve?datum=WGS84", content=body, headers={"Content-Type": kind})


FAR_TOO_MUCH = {
    "objects": b'{"points":[' + b",".join([b"{}"] * 300_001) + b"]}",
    "numbers": b'{"x":[' + b",".join([b"1"] * 1_000_002) + b"]}",
    "brackets": b'{"points":' + b"[" * 300_001,
}


@pytest.mark.parametrize("body", FAR_TOO_MUCH.values(), ids=FAR_TOO_MUCH.keys())
def test_what_is_far_too_much_is_refused_before_it_is_parsed(
    client: Client, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    parsed: list[bytes] = []
    monkeypatch.setattr(read_json, "parse_json", parsed.append)
    answer = post(client, body)
    assert (answer.status_code, answer.json()["limit"], parsed) == (413, read_json.MAX_JSON_POINTS, [])


def test_a_full_batch_passes_the_count() -> None:
    """The most points with all members, and ids in braces."""
    point = {"id": "{7}", "lon": 116.4, "lat": 39.9, "datum": "WGS84", "accuracy_m": 5.0, "category": "A:1"}
    body = orjson.dumps({"datum": "WGS84", "points": [point] * read_json.MAX_JSON_POINTS})
    assert len(read_json.read_json(body, None).points) == read_json.MAX_JSON_POINTS


def test_batches_are_read_in_their_turn(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    given = Turns.compute

    async def compute(self: Turns, work: Any, *rest: Any) -> Any:
        worked.append(work.__name__)
        return await given(self, work, *rest)

    monkeypatch.setattr(Turns, "compute", compute)
    assert post(client, b'{"points":[]}').status_code == 200
    assert post(client, b"lon,lat\n", CSV).status_code == 200
    assert [name for name in worked if name != "next"] == ["read_json", "read_csv"]
