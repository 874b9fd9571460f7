"""Drafts over HTTP: refusals first, then a file's way through import, check and publish, done by a real worker."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from api.jobs import uploads
from gridsvc.geojson import write_collection
from gridsvc.model.accounts import AccountRole
from gridsvc.model.territory import Layer
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import City
from tests.fixtures.tiny_city import tiny_territory

Serve = Callable[..., City]
DRAFTS = "/api/v1/drafts"
FIRST = {"If-Match": '"v0"'}


@pytest.fixture
def planner(serve: Serve) -> SignedInClient:
    return sign_in(serve(), AccountRole.PLANNER)


def _draft(client: SignedInClient, **body: Any) -> dict[str, Any]:
    answer = client.post(DRAFTS, json=body)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{DRAFTS}/{document['number']}"
    return document


def _cells() -> bytes:
    return write_collection(Layer.CELLS, tiny_territory().cells, edition=1, truncated=False)


def _put(
    client: SignedInClient, number: int, body: bytes, headers: dict[str, str] = FIRST, **query: Any
) -> httpx.Response:
    params = {"name": "cells.geojson", "scheme": "GRID_DB11_2157", "datum": "WGS84", **query}
    return client.request("PUT", f"{DRAFTS}/{number}/layers/cells", content=body, params=params, headers=headers)


def _ended(client: SignedInClient, answer: httpx.Response, seconds: float = 90) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job: dict[str, Any] = client.get(answer.headers["location"]).json()
        if job["state"] not in {"WAITING", "RUNNING"}:
            return job
        time.sleep(0.2)
    raise AssertionError(f"the job did not end: {job}")


def test_roles_without_the_right_are_refused(serve: Serve) -> None:
    city = serve()
    planner, inspector = sign_in(city, AccountRole.PLANNER), sign_in(city, AccountRole.INSPECTOR)
    number = _draft(planner)["number"]
    assert city.client.get(DRAFTS, headers={"Cookie": "no=session"}).status_code == 401
    assert inspector.get(f"{DRAFTS}/{number}").status_code == 200
    assert inspector.post(DRAFTS, json={}).status_code == 403
    assert _put(inspector, number, _cells()).status_code == 403
    for action in ("check", "publish"):
        assert inspector.post(f"{DRAFTS}/{number}/{action}", json={}, headers=FIRST).status_code == 403
    assert inspector.request("DELETE", f"{DRAFTS}/{number}", headers=FIRST).status_code == 403
    assert inspector.post("/api/v1/editions/1/restore", json={}).status_code == 403
    assert inspector.get("/api/v1/jobs").json()["items"] == []  # only one's own


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"name": "../cells.geojson"}, 422),
        ({"name": "cells.gpkg:other"}, 422),
        ({"name": "cells.exe"}, 422),
        ({"datum": "@/etc/passwd"}, 422),
        ({"datum": "MARS"}, 422),
        ({"scheme": "ADMIN_GB2260"}, 422),
        ({"scheme": "NONE"}, 422),
        ({"map": "nothing=BGID"}, 422),
        ({"map": "code"}, 422),
        ({"mode": "append"}, 422),
        ({"encoding": "MARTIAN"}, 422),
        ({"accept": "[1]"}, 422),
        ({"accept": '{"OVERLAP:cells:1": " "}'}, 422),
        ({"unknown": "1"}, 422),
    ],
)
def test_import_that_no_file_could_mend_is_refused_at_once(
    planner: SignedInClient, query: dict[str, str], status: int
) -> None:
    answer = _put(planner, _draft(planner)["number"], _cells(), **query)
    assert answer.status_code == status, answer.text
    assert planner.get("/api/v1/jobs").json()["items"] == []


def test_import_needs_the_version_that_was_seen(planner: SignedInClient) -> None:
    number = _draft(planner)["number"]
    assert _put(planner, number, _cells(), headers={}).status_code == 428
    assert _put(planner, number, _cells(), headers={"If-Match": '"v7"'}).status_code == 412
    assert _put(planner, 99, _cells()).status_code == 404


def test_too_large_and_empty_files_leave_nothing(
    planner: SignedInClient, serve: Serve, monkeypatch: pytest.MonkeyPatch, city_folder: Any
) -> None:
    number = _draft(planner)["number"]
    assert _put(planner, number, b"").status_code == 422
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    assert _put(planner, number, b"x" * 101).status_code == 413
    assert list((city_folder / "uploads").glob("*")) == []


def test_discarded_draft_takes_nothing(planner: SignedInClient) -> None:
    number = _draft(planner, comment="a trial")["number"]
    assert planner.request("DELETE", f"{DRAFTS}/{number}").status_code == 428
    assert planner.request("DELETE", f"{DRAFTS}/{number}", headers=FIRST).status_code == 204
    assert planner.get(f"{DRAFTS}/{number}").json()["state"] == "DISCARDED"
    assert _put(planner, number, _cells()).status_code == 409
    assert planner.post(f"{DRAFTS}/{number}/check").status_code == 409
    assert planner.post(f"{DRAFTS}/{number}/publish", json={}, headers=FIRST).status_code == 409


def test_drafts_are_listed_newest_first_page_by_page(planner: SignedInClient) -> None:
    numbers = [_draft(planner, comment=str(count))["number"] for count in range(3)]
    first = planner.get(f"{DRAFTS}?limit=2").json()
    assert [item["number"] for item in first["items"]] == numbers[:0:-1]
    rest = planner.get(f"{DRAFTS}?limit=2&cursor={first['next_cursor']}").json()
    assert [item["number"] for item in rest["items"]][:1] == numbers[:1]


@pytest.mark.parametrize("body", [{"unknown": 1}, {"comment": "x" * 501}, {"crs": "EPSG:4326"}])
def test_draft_with_wrong_beginning_is_refused(planner: SignedInClient, body: dict[str, Any]) -> None:
    assert planner.post(DRAFTS, json=body).status_code == 422


def test_publish_with_wrong_words_is_refused(planner: SignedInClient) -> None:
    number = _draft(planner)["number"]
    for body in ({"effective_from": "tomorrow"}, {"effective_from": "2030-01-01T00:00:00"}, {"accept": {"x": ""}}):
        assert planner.post(f"{DRAFTS}/{number}/publish", json=body, headers=FIRST).status_code == 422
    assert planner.post("/api/v1/editions/99/restore", json={}).status_code == 404


def test_a_file_goes_through_import_check_and_publish(serve: Serve, city_folder: Any) -> None:
    city = serve()
    planner = sign_in(city, AccountRole.PLANNER)
    number = _draft(planner)["number"]
    assert planner.get(f"{DRAFTS}/{number}/issues").status_code == 404
    document = orjson.loads(_cells())
    document["features"][0]["properties"]["name"] = "Renamed"
    imported = _ended(planner, _put(planner, number, orjson.dumps(document)))
    assert imported["state"] == "DONE", imported
    assert (imported["result"]["changed"], imported["result"]["unchanged"]) == (1, 8)
    assert list((city_folder / "uploads").glob("*")) == []

    changes = planner.get(f"{DRAFTS}/{number}/changes").json()
    assert changes["counts"] == {"cells": {"added": 0, "changed": 1, "removed": 0}}
    assert [item["change"] for item in changes["items"]] == ["CHANGED"]

    checked = _ended(planner, planner.post(f"{DRAFTS}/{number}/check"))
    assert checked["state"] == "DONE", checked
    issues = planner.get(f"{DRAFTS}/{number}/issues").json()
    assert (issues["checked_revision"], issues["is_current"]) == (1, True)
    assert issues["counts"] == checked["result"]["counts"]
    for wrong in (f"{10**20}-0", f"{checked['number']}-{10**25}", "x-0", "1", f"{checked['number']}-"):
        assert planner.get(f"{DRAFTS}/{number}/issues?cursor={wrong}").status_code == 422
    as_features = planner.get(f"{DRAFTS}/{number}/issues", headers={"Accept": "application/geo+json"}).json()
    assert as_features["type"] == "FeatureCollection"
    assert len(as_features["features"]) == len(issues["items"])

    accept = {item["id"]: "as it should be" for item in issues["items"] if item["severity"] == "BLOCK"}
    body = {"comment": "one name", "accept": accept}
    published = _ended(planner, planner.post(f"{DRAFTS}/{number}/publish", json=body, headers={"If-Match": '"v1"'}))
    assert published["state"] == "DONE", published
    assert published["result"]["edition"] == 2
    ended = planner.get(f"{DRAFTS}/{number}").json()
    assert (ended["state"], ended["edition"], ended["replay_of"]) == ("PUBLISHED", 2, None)
    city.services.serving.refresh()
    assert planner.get("/api/v1/editions/current").json()["comment"] == "one name"

    restored = _ended(planner, planner.post("/api/v1/editions/1/restore", json={}))
    assert (restored["state"], restored["result"]) == ("DONE", {"edition": 3})
    logged = [entry.action for _, entry in city.services.store.list_audit(before=None, limit=20)]
    assert {"CREATE_DRAFT", "IMPORT_LAYER", "CHECK_DRAFT", "PUBLISH", "RESTORE"} <= set(logged)


def test_of_two_drafts_that_are_published_at_once_each_says_what_it_became(serve: Serve) -> None:
    city = serve()
    planner = sign_in(city, AccountRole.PLANNER)
    numbers, documents = [_draft(planner)["number"] for _ in range(2)], []
    for index, number in enumerate(numbers):
        document = orjson.loads(_cells())
        document["features"][index]["properties"]["name"] = f"Renamed {index}"
        assert _ended(planner, _put(planner, number, orjson.dumps(document)))["state"] == "DONE"
        _ended(planner, planner.post(f"{DRAFTS}/{number}/check"))
        issues = planner.get(f"{DRAFTS}/{number}/issues").json()["items"]
        accept = {item["id"]: "as it should be" for item in issues if item["severity"] == "BLOCK"}
        body, seen = {"accept": accept}, {"If-Match": '"v1"'}
        documents.append((f"{DRAFTS}/{number}/publish", {"json": body, "headers": seen}))
    started = [planner.post(url, **given) for url, given in documents]
    for edition, (number, job) in enumerate(zip(numbers, started, strict=True), start=2):
        ended, draft = _ended(planner, job), planner.get(f"{DRAFTS}/{number}").json()
        assert ended["state"] == "DONE", ended
        assert (ended["result"]["draft"], ended["result"]["edition"]) == (number, edition)
        assert (draft["state"], draft["edition"], draft["revision"]) == ("PUBLISHED", edition, 1)
        again = planner.post(f"{DRAFTS}/{number}/publish", json={}, headers={"If-Match": '"v1"'})
        assert (again.status_code, f"published as edition {edition}" in again.json()["detail"]) == (409, True)
    replays = [item for item in planner.get(DRAFTS).json()["items"] if item["replay_of"] is not None]
    assert [(item["replay_of"], item["edition"]) for item in replays] == [(numbers[1], 3)]
    audit = [entry for _, entry in city.services.store.list_audit(before=None, limit=20) if entry.action == "PUBLISH"]
    assert {entry.target for entry in audit} == {f"draft {number}" for number in numbers}


def test_blocking_findings_refuse_and_are_told(serve: Serve) -> None:
    city = serve()
    planner = sign_in(city, AccountRole.PLANNER)
    number = _draft(planner)["number"]
    broken = _ended(planner, _put(planner, number, b'{"type": "FeatureCollection", "features": [1'))
    assert broken["state"] == "REFUSED"
    assert broken["findings"]
    late = planner.post(f"{DRAFTS}/{number}/publish", json={"effective_from": "2001-01-01T00:00:00Z"}, headers=FIRST)
    assert _ended(planner, late)["state"] == "REFUSED"
    other = sign_in(city, AccountRole.ROSTER_CLERK)
    assert other.get(f"/api/v1/jobs/{broken['number']}").status_code == 404
    assert other.get("/api/v1/jobs").json()["items"] == []
    assert [job["number"] for job in planner.get("/api/v1/jobs?limit=1").json()["items"]] == [broken["number"] + 1]
