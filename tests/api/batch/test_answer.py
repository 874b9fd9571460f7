"""What one batch worked out serves the next, never one of another roster or day; probabilities where asked for."""

import io
from collections.abc import Callable
from typing import Any

import orjson
import pyarrow as pa
import pytest
from pyarrow import ipc
from shapely import box

from api.batch import answer as module
from gridsvc.index.batch import BatchResolver
from gridsvc.model.departments import Determination
from tests.fixtures.served_city import City, append_rows

BODY = orjson.dumps({"datum": "WGS84", "points": [{"lon": 116.4003, "lat": 39.9003}] * 3})


def leads(city: City, at: str) -> set[str]:
    headers = {"Content-Type": "application/json"}
    answer = city.client.post("/api/v1/resolve", content=BODY, headers=headers, params={"at": at})
    return {row["lead"] for row in answer.json()["results"]}


def test_batches_share_what_was_worked_out_until_the_roster_or_the_day_changes(
    serve: Callable[..., City], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    class Counted(BatchResolver):
        def __init__(self, *given: Any) -> None:
            made.append(given)
            super().__init__(*given)

    monkeypatch.setattr(module, "BatchResolver", Counted)
    city = serve(demo=True, public_read=True)
    assert leads(city, "2026-02-01T10:00:00+08:00") == {"WEST"}
    assert leads(city, "2026-02-01T23:59:59+08:00") == {"WEST"}
    assert len(made) == 1
    row = Determination(code="NEW", department="WATER", geometry=box(116.4, 39.9, 116.4005, 39.9005))
    append_rows(city.services.store, {"determinations": [row]})
    city.services.serving.refresh()
    assert leads(city, "2026-02-01T10:00:00+08:00") == {"WATER"}
    assert leads(city, "2026-02-02T00:00:00+08:00") == {"WATER"}
    assert leads(city, "2026-02-01T10:00:00+08:00") == {"WATER"}
    assert len(made) == 3


def post(city: City, body: bytes, kind: str, **given: str) -> Any:
    headers = {"Content-Type": kind}
    params = {"datum": "WGS84", "at": "2026-02-01T10:00:00+08:00", "candidates": "true"} | given
    return city.client.post("/api/v1/resolve", content=body, headers=headers, params=params)


def test_candidates_are_weighed_when_asked_for_as_in_single_answers(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.batch.CIRCLES_AT_ONCE", 2)
    points: list[dict[str, Any]] = [
        {"lon": 116.4005, "lat": 39.9013, "accuracy_m": 5.0},
        {"lon": 116.40095, "lat": 39.9013, "accuracy_m": 60.0},
        {"lon": 116.4005, "lat": 39.9013},
        {"lon": 116.5, "lat": 39.9, "accuracy_m": 5.0},
        {"lon": 116.4005, "lat": 39.9013, "accuracy_m": 501.0},
        {"lon": 116.4005, "lat": None, "accuracy_m": 5.0},
        {"lon": 116.40005, "lat": 39.9013, "accuracy_m": 300.0},
    ]
    rows = post(city, orjson.dumps({"points": points}), "application/json").json()["results"]
    assert [row["status"] for row in rows] == ["OK", "OK", "OK", "OUTSIDE", "INVALID", "INVALID", "OK"]
    assert "at most 500" in rows[4]["error"]
    for point, row in zip(points, rows, strict=True):
        if row["status"] != "OK":
            assert (row["probability"], row["outside_probability"]) == (None, None)
            continue
        single = city.client.get("/api/v1/resolve", params={**point, "datum": "WGS84"}).json()
        shares = {candidate["code"]: candidate["probability"] for candidate in single["candidates"]}
        assert row["probability"] == pytest.approx(shares.get(row["cell"], 0.0), abs=1e-12)
        assert row["outside_probability"] == pytest.approx(single["outside_probability"], abs=1e-12)


def test_weighed_columns_come_last_in_every_format_and_only_when_asked_for(city: City) -> None:
    body = b"lon,lat,accuracy_m\n116.4005,39.9013,5\n"
    head, row = post(city, body, "text/csv").text.splitlines()
    assert head.endswith("chief,lead,probability,outside_probability")
    assert float(row.split(",")[-1]) == 0.0
    assert post(city, body, "text/csv", candidates="false").text.splitlines()[0].endswith("chief,lead")
    out = io.BytesIO()
    table = pa.table({"lon": [116.4005], "lat": [39.9013]})
    with ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    told = ipc.open_stream(post(city, out.getvalue(), "application/vnd.apache.arrow.stream").content).read_all()
    assert told.column_names[-2:] == ["probability", "outside_probability"]
    assert told.to_pylist()[0]["probability"] == 1.0


def test_more_circles_than_can_be_weighed_are_refused(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.batch.MAX_CIRCLES", 2)
    body = b"lon,lat,accuracy_m\n" + b"116.4005,39.9013,5\n" * 3
    assert (post(city, body, "text/csv").status_code, post(city, body, "text/csv").json()["limit"]) == (413, 2)
    assert post(city, body, "text/csv", candidates="false").status_code == 200
