"""Many places over HTTP: what is refused whole, what is refused by row, and the three formats both ways."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
from pyarrow import ipc

from api.batch import read_json, read_tables
from api.batch.columns import ANSWERED
from api.http import spool
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City
from tests.fixtures.tiny_city import cell_code

JSON, CSV, ARROW = "application/json", "text/csv", "application/vnd.apache.arrow.stream"
AT = "2026-02-01T10:00:00+08:00"


def post(client: Client, body: bytes, kind: str, **given: Any) -> Any:
    headers = {"Content-Type": kind} | given.pop("headers", {})
    return client.post("/api/v1/resolve", content=body, headers=headers, params={"at": AT} | given)


def post_json(client: Client, document: object, **given: Any) -> Any:
    return post(client, orjson.dumps(document), JSON, **given)


def arrow(**columns: Any) -> bytes:
    batch = pa.record_batch({name: pa.array(values) for name, values in columns.items()})
    stream = io.BytesIO()
    with ipc.new_stream(stream, batch.schema) as writer:
        writer.write_batch(batch)
    return stream.getvalue()


POINT = {"lon": 116.4005, "lat": 39.9013}
GOOD_ARROW = arrow(lon=[116.4005], lat=[39.9013])
REFUSED = {
    "malformed JSON": (b'{"points": [', JSON, {}, 400, "malformed-body", "JSON"),
    "NaN is no JSON": (b'{"datum":"WGS84","points":[{"lon":NaN,"lat":1}]}', JSON, {}, 400, "malformed-body", "JSON"),
    "a bare list": (b"[]", JSON, {}, 422, "invalid-input", "points"),
    "no points": (b'{"datum":"WGS84"}', JSON, {}, 422, "invalid-input", "points"),
    "misspelt member": (b'{"data":"WGS84","points":[]}', JSON, {}, 422, "invalid-input", "data"),
    "misspelt member of a point": (
        *(b'{"datum":"WGS84","points":[{"lon":1,"lat":2,"cat":"x"}]}', JSON, {}, 422, "invalid-input", "cat"),
    ),
    "a point that is none": (b'{"datum":"WGS84","points":[7]}', JSON, {}, 422, "invalid-input", "object"),
    "no datum in JSON": (b'{"points":[{"lon":1,"lat":2}]}', JSON, {}, 422, "unknown-datum", "Row 1"),
    "unknown datum": (b'{"datum":"X","points":[{"lon":1,"lat":2}]}', JSON, {}, 422, "unknown-datum", "'X'"),
    "a datum that is a number": (b'{"datum":7,"points":[]}', JSON, {}, 422, "invalid-input", "datum"),
    "time without offset": (
        *(b'{"datum":"WGS84","at":"2026-01-01T00:00","points":[]}', JSON, {}, 422, "invalid-input", "offset"),
    ),
    "no datum in CSV": (b"lon,lat\n1,2\n", CSV, {}, 422, "unknown-datum", "Row 1"),
    "no datum in one row": (b"lon,lat,datum\n1,2,WGS84\n1,2,\n", CSV, {}, 422, "unknown-datum", "Row 2"),
    "CSV with a wrong header": (b"x,y\n1,2\n", CSV, {"datum": "WGS84"}, 422, "invalid-input", "accuracy_m"),
    "CSV with semicolons": (b"lon;lat\n1;2\n", CSV, {"datum": "WGS84"}, 422, "invalid-input", "commas"),
    "CSV in GBK": ("id,lon,lat\n街,1,2\n".encode("gbk"), CSV, {"datum": "WGS84"}, 422, "invalid-input", "UTF"),
    "CSV header in GBK": ("名,lon,lat\n".encode("gbk"), CSV, {"datum": "WGS84"}, 422, "invalid-input", "UTF-8"),
    "CSV of old Macs": (b"lon,lat\r1,2\r", CSV, {"datum": "WGS84"}, 422, "invalid-input", "line feed"),
    "GBK after the header": (
        *("id,lon,lat\n街,1,2\n".encode("gbk"), CSV, {"datum": "WGS84"}, 422, "invalid-input", "save it as UTF-8"),
    ),
    "a quote that is not closed": (
        *(b'id,lon,lat\n1,2,"3\n2,4,5\n3,6,7\n', CSV, {"datum": "WGS84"}, 422, "invalid-input", "close its quotes"),
    ),
    "a quote that is not closed, far from the end": (
        *(b'id,lon,lat\n1,2,"3\n' + b"2,4,5\n" * 900_000, CSV, {"datum": "WGS84"}, 422, "invalid-input", "quotes"),
    ),
    "ragged CSV": (b"lon,lat\n1,2\n3\n", CSV, {"datum": "WGS84"}, 422, "invalid-input", "Row #3"),
    "empty CSV": (b"", CSV, {"datum": "WGS84"}, 422, "invalid-input", "header"),
    "no Arrow at all": (b"not arrow at all", ARROW, {"datum": "WGS84"}, 422, "invalid-input", "Arrow"),
    "cut off Arrow": (GOOD_ARROW[:-60], ARROW, {"datum": "WGS84"}, 422, "invalid-input", "Arrow"),
    "no datum in Arrow": (GOOD_ARROW, ARROW, {}, 422, "unknown-datum", "Row 1"),
    "Arrow with text for numbers": (
        *(arrow(lon=["1"], lat=[2.0]), ARROW, {"datum": "WGS84"}, 422, "invalid-input", "numbers"),
    ),
    "before the first edition": (
        *(b'{"datum":"WGS84","at":"2020-01-01T00:00:00Z","points":[]}', JSON, {}, 404, "no-edition", "first"),
    ),
    "unknown content type": (b"x", "text/plain", {}, 415, "unsupported-media-type", "text/csv"),
}


@pytest.mark.parametrize(("body", "kind", "given", "status", "problem", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_batch_is_refused_whole(
    client: Client, body: bytes, kind: str, given: Any, status: int, problem: str, says: str
) -> None:
    answer = post(client, body, kind, **given)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert says in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_format_that_is_not_ours_is_not_acceptable(client: Client) -> None:
    answer = post_json(client, {"points": []}, headers={"Accept": "application/xml"})
    assert answer.status_code == 406


def test_a_packed_body_is_refused(client: Client) -> None:
    assert post_json(client, {"points": []}, headers={"Content-Encoding": "gzip"}).status_code == 415


def test_too_many_points_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_json, "MAX_JSON_POINTS", 2)
    monkeypatch.setattr(read_tables, "MAX_ROWS", 2)
    answers = [
        post_json(client, {"datum": "WGS84", "points": [POINT] * 3}),
        post(client, b"lon,lat\n" + b"1,2\n" * 3, CSV, datum="WGS84"),
        post(client, arrow(lon=[1.0] * 3, lat=[2.0] * 3), ARROW, datum="WGS84"),
    ]
    assert [answer.status_code for answer in answers] == [413] * 3
    assert all(answer.json()["type"] == "/problems/too-large" for answer in answers)


@pytest.mark.parametrize("kind", [JSON, CSV])
def test_a_body_that_is_too_long_is_refused_while_it_comes(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("api.routes.batch.MAX_JSON_BYTES", 1000)
    monkeypatch.setattr("api.routes.batch.MAX_TABLE_BYTES", 1000)

    async def parts() -> Any:
        for _ in range(20):
            yield b"x" * 100

    assert post(client, parts(), kind, datum="WGS84").status_code == 413  # type: ignore[arg-type]
    assert post(client, b"x" * 2000, kind, datum="WGS84").status_code == 413


def test_large_bodies_wait_in_a_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 1000)
    answer = post(client, b"lon,lat\n" + b"116.4005,39.9013\n" * 5000, CSV, datum="WGS84")
    assert answer.text.count("\n") == 5001


def test_rows_are_refused_one_by_one(client: Client) -> None:
    points = [
        {"id": 7, **POINT},
        {"lat": 39.9},
        {"lon": "east", "lat": 39.9},
        {"lon": 39.9013, "lat": 116.4005},
        {**POINT, "datum": "X"},
        {**POINT, "category": "EVENT_CJT214:9999"},
        {**POINT, "category": "0102"},
        {**POINT, "accuracy_m": -1},
        {"lon": 116.5, "lat": 39.9},
        {"lon": 2.35, "lat": 48.85, "datum": "GCJ02"},
        {**POINT, "id": "last", "datum": "CGCS2000", "category": "EVENT_CJT214:0505"},
    ]
    answer = post_json(client, {"datum": "WGS84", "points": points})
    assert answer.status_code == 200
    rows = answer.json()["results"]
    assert [row["status"] for row in rows] == ["OK", *["INVALID"] * 7, "OUTSIDE", "INVALID", "OK"]
    assert [row["id"] for row in rows] == ["7", *[None] * 9, "last"]
    assert rows[-1]["lead"] == "TRAFFIC"
    assert all((row["error"] is not None) == (row["status"] == "INVALID") for row in rows)
    says = ["lon missing", "number", "swap", "'X'", "9999", "SCHEME:CODE", "accuracy_m"]
    assert all(word in row["error"] for word, row in zip(says, rows[1:8], strict=True))


def test_an_empty_batch_has_no_results(client: Client) -> None:
    answer = post_json(client, {"points": []})
    assert answer.json() == {"edition": 1, "roster": 1, "results": []}
    assert post(client, b"lon,lat\n", CSV).text == ",".join(ANSWERED) + "\n"


def test_the_answers_are_those_of_single_questions(client: Client) -> None:
    rng = np.random.default_rng(7)
    points = [
        {"lon": float(x), "lat": float(y)} for x, y in rng.uniform([116.3999, 39.8999], [116.4031, 39.9031], (40, 2))
    ]
    rows = post_json(client, {"datum": "WGS84", "points": points}).json()["results"]
    for point, row in zip(points, rows, strict=True):
        single = client.get("/api/v1/resolve", params={**point, "datum": "WGS84", "at": AT})
        if row["status"] == "OUTSIDE":
            assert single.status_code == 404
            continue
        whole = single.json()
        assert row["cell"] == (whole["cell"] or {}).get("code")
        assert row["match"] == whole["match"]
        assert row["segment"] == (whole["segment"] or {}).get("code")
        assert row["chief"] == (whole["chief"] or {}).get("person")
        assert [row["lead"]] == [part["code"] for part in whole["departments"] if part["part"] == "LEAD"]


@pytest.mark.parametrize("wanted", [JSON, CSV, ARROW])
@pytest.mark.parametrize("sent", [JSON, CSV, ARROW])
def test_every_format_goes_into_every_other(client: Client, sent: str, wanted: str) -> None:
    bodies = {
        JSON: orjson.dumps({"points": [{"id": "a", **POINT}, {"id": 'b,"', "lon": None, "lat": 1}]}),
        CSV: b'id,lon,lat\na,116.4005,39.9013\n"b,""",,1\n',
        ARROW: arrow(id=["a", 'b,"'], lon=[116.4005, None], lat=[39.9013, 1]),
    }
    answer = post(client, bodies[sent], sent, datum="WGS84", headers={"Accept": wanted})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(wanted)
    assert (answer.headers["gridsvc-edition"], answer.headers["gridsvc-roster"]) == ("1", "1")
    table = read(answer.content, wanted)
    assert [row["id"] for row in table] == ["a", 'b,"']
    assert [row["status"] for row in table] == ["OK", "INVALID"]
    assert table[0]["cell"] == cell_code("A1")
    assert list(table[0]) == list(ANSWERED)


def read(body: bytes, kind: str) -> list[dict[str, Any]]:
    if kind == JSON:
        return list(orjson.loads(body)["results"])
    if kind == ARROW:
        with ipc.open_stream(body) as stream:
            assert stream.schema.metadata[b"edition"] == b"1"
            assert stream.schema.field("cell").type == pa.dictionary(pa.int32(), pa.string())
            return stream.read_all().to_pylist()
    import csv

    return list(csv.DictReader(io.StringIO(body.decode())))


def test_the_answer_comes_as_the_question_came(client: Client) -> None:
    answer = post(client, b"lon,lat\n116.4005,39.9013\n", CSV, datum="WGS84")
    assert answer.headers["content-type"].startswith(CSV)


def test_chunks_keep_the_order(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_tables, "CHUNK_ROWS", 7)
    monkeypatch.setattr(read_json, "CHUNK_ROWS", 7)
    ids = [str(number) for number in range(100)]
    columns = {"id": ids, "lon": [116.4005] * 100, "lat": [39.9013] * 100}
    for kind, body in {
        ARROW: arrow(**columns),
        CSV: b"id,lon,lat\n" + b"".join(b"%d,116.4005,39.9013\n" % number for number in range(100)),
        JSON: orjson.dumps({"points": [{"id": each, **POINT} for each in ids]}),
    }.items():
        answer = post(client, body, kind, datum="WGS84")
        assert [row["id"] for row in read(answer.content, kind)] == ids


def test_one_batch_too_many_is_told_to_come_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.turns.ADMITTED", 0)
    answer = post_json(city.client, {"points": []})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


def test_a_refused_batch_gives_its_place_back(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.turns.ADMITTED", 1)
    for body in (b"{", b'{"points":[]}'):
        for _ in range(2):
            answer = post(city.client, body, JSON)
            assert answer.status_code != 503


def test_batches_are_not_for_everybody(serve: Callable[..., City]) -> None:
    assert post_json(serve().client, {"points": []}).status_code == 401
