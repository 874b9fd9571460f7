"""Reading the roster over HTTP."""

import csv
import io
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from gridsvc.model.accounts import AccountRole
from gridsvc.model.people import Person
from gridsvc.model.roster import ROSTER_TABLES
from tests.fixtures.accounts import sign_in
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City, append_rows
from tests.fixtures.tiny_city import tiny_rows


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/people?limit=0", 422),
        ("/api/v1/people?limit=20001", 422),
        ("/api/v1/patches?limit=1001", 422),
        ("/api/v1/people?cursor=nonsense", 422),
        ("/api/v1/people?cursor=WzEsMl0", 422),
        ("/api/v1/people?cursor=NQ", 422),
        ("/api/v1/people?cursor=W3RydWUsImEiXQ", 422),
        ("/api/v1/people?at=someday", 422),
        ("/api/v1/people?revision=9", 404),
        ("/api/v1/people/P99", 404),
        ("/api/v1/persons", 404),
    ],
)
def test_a_bad_question_is_a_problem(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("table", ROSTER_TABLES)
def test_every_table_is_listed_and_each_row_is_found(client: Client, table: str) -> None:
    document = client.get(f"/api/v1/{table}").json()
    assert len(document["items"]) == len(tiny_rows().get(table, []))
    assert document["roster"] == 1
    for item in document["items"]:
        key = f"{item['scheme']}:{item['code']}" if table == "categories" else item["code"]
        assert client.get(f"/api/v1/{table}/{key}").json() == item


def test_pages_fit_together_over_one_revision(serve: Callable[..., City]) -> None:
    city = serve(demo=True)
    first = city.client.get("/api/v1/people?limit=3")
    append_rows(city.services.store, {"people": [Person(code="P00", name="New"), Person(code="P99", name="New")]})
    city.services.serving.refresh()
    seen = [first.json()]
    while seen[-1]["next_cursor"]:
        seen.append(city.client.get(f"/api/v1/people?limit=3&cursor={seen[-1]['next_cursor']}").json())
    assert [item["code"] for page in seen for item in page["items"]] == [f"P{n:02d}" for n in range(1, 8)]
    assert {page["roster"] for page in seen} == {1}
    assert 'rel="next"' in first.headers["link"]
    assert len(city.client.get("/api/v1/people").json()["items"]) == 9
    assert len(city.client.get("/api/v1/people?revision=1").json()["items"]) == 7


def test_an_older_revision_tells_what_was_known_then(serve: Callable[..., City]) -> None:
    city = serve(demo=True)
    holder = tiny_rows()["people"][0]
    append_rows(city.services.store, {"people": [replace(holder, name="An Yi-Er")]})  # type: ignore[type-var]
    city.services.serving.refresh()
    assert city.client.get("/api/v1/people/P01").json()["name"] == "An Yi-Er"
    assert city.client.get("/api/v1/people/P01?revision=1").json()["name"] == "An Yi"


@pytest.mark.parametrize(
    ("table", "at", "count"),
    [
        ("assignments", "2026-05-31", 6),
        ("assignments", "2026-06-01", 5),
        ("assignments", "2026-05-31T17:00:00Z", 5),
        ("absences", "2026-03-01", 1),
        ("absences", "2026-03-08", 0),
        ("shifts", "2026-01-01", 1),
        ("shifts", "2026-01-02", 0),
    ],
)
def test_only_what_holds_on_a_day(client: Client, table: str, at: str, count: int) -> None:
    assert len(client.get(f"/api/v1/{table}", params={"at": at}).json()["items"]) == count


def test_a_code_picks_one(client: Client) -> None:
    items = client.get("/api/v1/categories", params={"code": "EVENT_CJT214:0102"}).json()["items"]
    assert [item["name"] for item in items] == ["暴露垃圾"]


@pytest.mark.parametrize("table", ["people", "patches", "categories", "duty_items", "shifts"])
def test_a_table_comes_as_csv(client: Client, table: str) -> None:
    answer = client.get(f"/api/v1/{table}", headers={"Accept": "text/csv"})
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["gridsvc-roster"] == "1"
    assert list(rows[0]) == [field.name for field in fields(ROSTER_TABLES[table])]
    assert len(rows) == len(tiny_rows()[table])


def test_an_unknown_format_is_not_acceptable(client: Client) -> None:
    assert client.get("/api/v1/people", headers={"Accept": "text/html"}).status_code == 406


@pytest.mark.parametrize("public_read", [False, True])
@pytest.mark.parametrize("table", ["people", "shifts", "determinations", "patches"])
def test_the_roster_is_never_public(serve: Callable[..., City], table: str, public_read: bool) -> None:
    answer = serve(public_read=public_read).client.get(f"/api/v1/{table}")
    assert answer.status_code == 401
    assert b"An Yi" not in answer.content


def test_rows_of_a_week(serve: Callable[..., City]) -> None:
    """Half-open days of the city: a shift of the night before the week's first midnight is not of the week."""
    clerk = sign_in(serve(), AccountRole.ROSTER_CLERK)
    for code, start, end in (
        ("BEFORE", "2026-03-01T20:00+08:00", "2026-03-02T00:00+08:00"),
        ("ACROSS", "2026-03-01T20:00+08:00", "2026-03-02T00:01+08:00"),
        ("LAST", "2026-03-08T23:59+08:00", "2026-03-09T08:00+08:00"),
        ("AFTER", "2026-03-09T00:00+08:00", "2026-03-09T08:00+08:00"),
    ):
        row = {"code": code, "department": "PARKS", "starts_at": start, "ends_at": end}
        assert clerk.post("/api/v1/shifts", json=row).status_code == 201
    asked = "/api/v1/shifts?at=2026-03-02&until=2026-03-09"
    found = {item["code"] for item in clerk.get(asked).json()["items"]}
    assert found & {"BEFORE", "ACROSS", "LAST", "AFTER"} == {"ACROSS", "LAST"}
    for wrong in ("until=2026-03-09", "at=2026-03-09&until=2026-03-09", "at=2026-03-09&until=x"):
        assert clerk.get(f"/api/v1/shifts?{wrong}").status_code == 422
