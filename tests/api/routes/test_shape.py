"""Lines and polygons over HTTP."""

from typing import Any

import orjson
import pytest

from tests.fixtures.in_process import Client

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


def test_a_shape_is_taken_in_its_datum(client: Client) -> None:
    shifted = {"type": "LineString", "coordinates": [[x + 0.00624, y + 0.0014] for x, y in LINE["coordinates"]]}
    cells = [cell["code"] for cell in post(client, LINE).json()["cells"]]
    assert [cell["code"] for cell in post(client, shifted, datum="GCJ02").json()["cells"]] == cells
