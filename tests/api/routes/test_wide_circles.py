"""Wide circles take turns of their own, wherever they are asked about; ordinary ones need none."""

from collections.abc import Callable
from typing import Any

import pytest

from gridsvc.index.territory import reach
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import sign_in
from tests.fixtures.reports import report
from tests.fixtures.served_city import City

HERE = {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84"}
Serve = Callable[..., City]


def _get(city: City, accuracy_m: float) -> Any:
    return city.client.get("/api/v1/resolve", params={**HERE, "accuracy_m": accuracy_m})


def test_without_a_free_turn_a_wide_circle_is_told_to_come_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _get(city, 501.0).status_code == 200
    monkeypatch.setattr("api.http.turns.ADMITTED", 0)
    answer = _get(city, 501.0)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
    assert answer.headers["retry-after"] == "5"
    assert _get(city, 500.0).status_code == 200


def test_so_are_incidents_their_questions_again_and_disputes(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    city = serve()
    chief = sign_in(city, AccountRole.DUTY_CHIEF)
    wide = report(location={**HERE, "accuracy_m": 501.0})
    dispute = {"location": wide["location"], "reason": "not ours"}
    number = chief.post("/api/v1/incidents", json=wide).json()["number"]
    monkeypatch.setattr("api.http.turns.ADMITTED", 0)
    statuses = [
        chief.post("/api/v1/incidents", json=wide).status_code,
        chief.get(f"/api/v1/incidents/{number}/again").status_code,
        chief.post("/api/v1/disputes", json=dispute).status_code,
        chief.post("/api/v1/incidents", json=report(location=HERE)).status_code,
        chief.post("/api/v1/disputes", json={**dispute, "location": HERE}).status_code,
    ]
    assert statuses == [503, 503, 503, 201, 201]


def test_a_circle_over_too_many_cells_is_refused_in_both_languages(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "MOST_CELLS", 3)
    answer = _get(city, 100_000.0)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input")
    assert "reaches over 9 cells: 3 at most" in answer.json()["detail"]
    assert "9 个单元网格" in answer.json()["detail_zh"]
