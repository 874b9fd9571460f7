"""Fixes of field staff over HTTP: refusals, repeated batches, warnings, who sees a track, and how long it is kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.http.cursors import write_cursor
from gridsvc.datum.convert import from_wgs84
from gridsvc.model.accounts import AccountRole
from gridsvc.model.incidents import FixFilter, Sight
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.incidents import PLACES
from tests.fixtures.reports import serve_apart
from tests.fixtures.served_city import City

URL = "/api/v1/fixes"
Serve = Callable[..., City]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[City]:
    """A served city."""
    yield from serve_apart(tmp_path_factory, tiny_database)


@pytest.fixture(scope="module")
def officer(city: City) -> SignedInClient:
    """The grid officer of the duty group in West (P06)."""
    return sign_in(city, AccountRole.GRID_OFFICER, person="P06")


@pytest.fixture(scope="module")
def collector(city: City) -> SignedInClient:
    """Somebody of East without a post."""
    return sign_in(city, AccountRole.COLLECTOR, area="990101002")


def _fix(city: City, place: str = "A1", ago: float = 60, **changes: Any) -> dict[str, Any]:
    lon, lat = PLACES[place]
    at = (city.services.settings.now() - timedelta(seconds=ago)).isoformat()
    return {"lon": lon, "lat": lat, "datum": "WGS84", "at": at} | changes


def _send(client: SignedInClient, *fixes: dict[str, Any]) -> Any:
    answer = client.post(URL, json={"fixes": list(fixes)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_who_may_not_send_or_read_is_refused(city: City) -> None:
    assert city.client.post(URL, json={"fixes": [_fix(city)]}).status_code == 401
    assert city.client.get(URL).status_code == 401
    dispatcher = sign_in(city, AccountRole.DISPATCHER)
    assert dispatcher.post(URL, json={"fixes": [_fix(city)]}).status_code == 403
    assert dispatcher.get(URL).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"fixes": []}, 422),
        ({}, 422),
        ({"fixes": [{"lon": 1.0, "lat": 1.0, "at": "2026-11-22T08:00:00Z"}]}, 422),
        ({"fixes": [{"lon": "1", "lat": 1.0, "at": "2026-11-22T08:00:00Z"}], "datum": "WGS84"}, 422),
        ({"fixes": [{"lon": 1.0, "lat": 1.0}], "datum": "WGS84"}, 422),
        ({"fixes": [{"lon": 1.0, "lat": 1.0, "at": "x", "speed": 3}], "datum": "WGS84"}, 422),
        ({"fixes": [{"lon": 1.0, "lat": 1.0, "at": "x"}] * 1001, "datum": "WGS84"}, 422),
        ({"fixes": [{"lon": 1.0, "lat": 1.0, "at": "x" * 40}] * 10_000, "datum": "WGS84"}, 413),
    ],
)
def test_what_is_no_batch_is_refused(officer: SignedInClient, body: dict[str, Any], status: int) -> None:
    assert officer.post(URL, json=body).status_code == status


def test_a_fix_with_a_fault_does_not_spoil_the_others(city: City, officer: SignedInClient) -> None:
    answer = _send(
        officer,
        _fix(city, ago=1),
        _fix(city, lat=140.0),
        _fix(city, datum="MARS"),
        _fix(city, at="2026-11-22T08:00:00"),
        _fix(city, ago=-600),
        _fix(city, ago=31 * 86_400),
        _fix(city, at="0001-01-01T00:00:00+14:00"),
        _fix(city, ago=2, lon=116.5),
    )
    assert [result["status"] for result in answer["results"]] == ["OK", *["INVALID"] * 6, "OUTSIDE"]
    assert all(result["error"] for result in answer["results"][1:7])
    assert (answer["accepted"], answer["repeated"]) == (2, 0)
    assert (answer["results"][0]["cell"], answer["results"][0]["subdistrict"]) == ("990101001001002", "990101001")


def test_a_batch_that_is_sent_again_adds_nothing(city: City, officer: SignedInClient) -> None:
    batch = [_fix(city, ago=100 + seconds) for seconds in (0, 10, 20)]
    batch.append(batch[0])
    assert (_send(officer, *batch)["accepted"], _send(officer, *batch)["accepted"]) == (3, 0)
    more = _send(officer, *batch, _fix(city, ago=150))
    assert (more["accepted"], more["repeated"], len(more["results"])) == (1, 4, 5)


def test_outside_ones_own_territory_is_warned_of(
    city: City, officer: SignedInClient, collector: SignedInClient
) -> None:
    fixes = [_fix(city, place, 300 + n) for n, place in enumerate(("A1", "B2", "C1"))]
    assert [result["warnings"] for result in _send(officer, *fixes)["results"]] == [[], [], ["OUTSIDE_TERRITORY"]]
    assert [bool(result["warnings"]) for result in _send(collector, *fixes)["results"]] == [True, True, False]


def test_a_datum_that_looks_wrong_is_warned_of(city: City, officer: SignedInClient) -> None:
    lon, lat = PLACES["A1"]
    shifted = {}
    for datum in ("GCJ02", "BD09"):
        x, y = from_wgs84(np.array([lon]), np.array([lat]), datum)
        shifted[datum] = {"lon": float(x[0]), "lat": float(y[0])}
    batch = [
        _fix(city, ago=400, **shifted["GCJ02"]),
        _fix(city, ago=401, **shifted["BD09"]),
        _fix(city, ago=402, **shifted["GCJ02"], datum="GCJ02"),
        _fix(city, ago=403, lon=116.45),
    ]
    warnings = [result["warnings"] for result in _send(officer, *batch)["results"]]
    both = ["OUTSIDE_TERRITORY", "SUSPECT_DATUM"]
    assert warnings == [both, both, [], ["OUTSIDE_TERRITORY"]]


def test_a_lane_chief_is_at_home_beside_the_lane(city: City) -> None:
    chief = sign_in(city, AccountRole.LANE_CHIEF, person="P01")
    near = _fix(city, ago=500, lon=116.4015, lat=39.9017)
    far = _fix(city, ago=501, lon=116.4015, lat=39.9027)
    assert [bool(result["warnings"]) for result in _send(chief, near, far)["results"]] == [False, True]


def test_tracks_are_seen_by_scope_and_reading_others_is_logged(
    city: City, officer: SignedInClient, collector: SignedInClient
) -> None:
    _send(officer, _fix(city, "A1", 600))
    _send(collector, _fix(city, "C1", 601))

    def logins(client: SignedInClient, **query: str) -> set[str]:
        answer = client.get(URL, params=query)
        assert answer.status_code == 200, answer.text
        return {item["login"] for item in answer.json()["items"]}

    def readings() -> list[Any]:
        entries = city.services.store.list_audit(before=None, limit=100)
        return [entry.details["logins"] for _, entry in entries if entry.action == "READ_TRACKS"]

    assert logins(officer) == {"grid_officer"}
    assert logins(officer, login="collector") == set()
    assert readings() == []
    assert {"grid_officer", "collector"} <= logins(sign_in(city, AccountRole.INSPECTOR))
    assert logins(sign_in(city, AccountRole.DUTY_CHIEF, area="990101002"), login="grid_officer") == {"grid_officer"}
    assert readings()[0] == ["grid_officer"]
    own = officer.get(URL, params={"limit": "1"}).json()
    following = officer.get(URL, params={"limit": "1000", "cursor": own["next_cursor"]}).json()
    times = [item["at"] for item in own["items"] + following["items"]]
    assert times == sorted(set(times))
    strange = write_cursor(city.services.settings.now(), "a\x00b")
    for query in (
        {"cursor": "x"},
        {"cursor": strange},
        {"login": "a\x00b"},
        {"from": "2026"},
        {"limit": "0"},
        {"color": "red"},
    ):
        assert officer.get(URL, params=query).status_code == 422


def test_tracks_go_after_the_days_that_are_set(serve: Serve) -> None:
    city = serve(track_days=2)
    officer = sign_in(city, AccountRole.GRID_OFFICER)
    _send(officer, _fix(city, ago=60))
    store, now = city.services.store, city.services.settings.now()
    whole = FixFilter(since=now - timedelta(days=9), until=now)
    [kept] = store.list_fixes(whole, Sight(everything=True), 9)
    with store.begin() as work:
        old = type(kept)(
            login="old", at=now - timedelta(days=3), device_at=now - timedelta(days=3), location=kept.location, areas=()
        )
        work.add_fixes([old])
    assert len(store.list_fixes(whole, Sight(everything=True), 9)) == 2
    assert city.client.app.state.forgetting.forget()
    assert {fix.login for fix in store.list_fixes(whole, Sight(everything=True), 9)} == {"grid_officer"}
