"""What one batch worked out serves the next, and never one of another roster or day."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
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
