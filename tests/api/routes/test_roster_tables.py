"""Whole tables of the roster as files: every row, as the asker may see it, and taken back by the import unchanged."""

import csv
import io
from collections.abc import Callable
from dataclasses import fields

import httpx
import openpyxl
import pytest

from api.roster.table_files import LIMITS
from api.schemas.openapi import CSV, XLSX
from geodata.safety import FileLimits
from gridsvc.model.accounts import AccountRole
from gridsvc.model.departments import Patch
from gridsvc.model.people import Person
from gridsvc.model.roster import ROSTER_TABLES
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City, append_rows
from tests.fixtures.tiny_city import tiny_rows

MANY = 1_500
Reader = SignedInClient | Client


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    """A city of more people than a page of its roster holds."""
    city = serve()
    people = [Person(code=f"Q{number:05}", name=f"Hu {number}") for number in range(MANY)]
    append_rows(city.services.store, {"people": list(people)})
    city.services.serving.refresh()
    return city


@pytest.fixture
def clerk(served: City) -> SignedInClient:
    return sign_in(served, AccountRole.ROSTER_CLERK)


def ask(client: Reader, table: str, kind: str, query: str = "whole=true", **headers: str) -> httpx.Response:
    return client.get(f"/api/v1/{table}?{query}", headers={"Accept": kind, **headers})


def lines_of(answer: httpx.Response) -> list[list[str]]:
    """The cells of a file, the heads first; of a workbook those that are text."""
    assert answer.status_code == 200, answer.text
    if answer.headers["content-type"].startswith(CSV):
        return list(csv.reader(io.StringIO(answer.text)))
    rows = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows()
    cells = [list(row) for row in rows]
    assert {cell.data_type for row in cells for cell in row if cell.value is not None} == {"s"}
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("query", "kind", "status"),
    [
        ("whole=true", "application/json", 406),
        ("whole=true", "image/png", 406),
        ("whole=perhaps", CSV, 422),
        ("whole=true&cursor=nonsense", CSV, 422),
        ("whole=true&at=someday", XLSX, 422),
        ("whole=true&revision=99", XLSX, 404),
    ],
)
def test_what_cannot_be_a_file(clerk: SignedInClient, query: str, kind: str, status: int) -> None:
    answer = ask(clerk, "people", kind, query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_who_may_not_read_the_roster_saves_none(served: City) -> None:
    assert ask(served.client, "people", XLSX).status_code == 401
    assert ask(sign_in(served, AccountRole.COLLECTOR), "people", CSV).status_code == 403


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_all_rows_come_at_once(clerk: SignedInClient, kind: str) -> None:
    answer = ask(clerk, "people", kind)
    heads, *rows = lines_of(answer)
    assert heads == [field.name for field in fields(Person)]
    assert [row[heads.index("code")] for row in rows] == sorted(
        [f"P{number:02}" for number in range(1, 8)] + [f"Q{number:05}" for number in range(MANY)]
    )
    ending = "csv" if kind == CSV else "xlsx"
    assert answer.headers["content-disposition"] == f'attachment; filename="people-r2.{ending}"'
    assert answer.headers["gridsvc-roster"] == "2"
    assert "link" not in answer.headers


def test_filters_hold_for_files_and_pages_may_be_workbooks(clerk: SignedInClient) -> None:
    assert len(lines_of(ask(clerk, "people", XLSX, "whole=true&revision=1"))) == 1 + 7
    assert len(lines_of(ask(clerk, "assignments", CSV, "whole=true&at=2026-06-01"))) == 1 + 5
    page = ask(clerk, "people", XLSX, "limit=3")
    assert len(lines_of(page)) == 1 + 3
    assert 'rel="next"' in page.headers["link"]
    assert lines_of(ask(clerk, "people", "*/*"))[1:] == lines_of(ask(clerk, "people", XLSX))[1:]


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_what_was_saved_is_taken_back_unchanged(clerk: SignedInClient, kind: str) -> None:
    for table in ROSTER_TABLES:
        file = ask(clerk, table, kind)
        sent = {"content": file.content, "headers": {"Content-Type": kind}}
        told = clerk.post(f"/api/v1/roster/preview?table={table}&mode=replace&datum=WGS84", **sent).json()
        assert (told["added"], told["changed"], told["removed"]) == ([], [], []), table
        assert told["unchanged"] == len(tiny_rows().get(table, ())) + (MANY if table == "people" else 0), table


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_nothing_in_a_file_is_a_formula(clerk: SignedInClient, kind: str) -> None:
    wicked = {"code": "W1", "name": "=cmd|' /C calc'!A0", "phone": "+86 10"}
    assert clerk.post("/api/v1/people", json=wicked).status_code == 201
    [heads, row] = lines_of(ask(clerk, "people", kind, "whole=true&code=W1"))
    mark = "'" if kind == CSV else ""
    assert [row[heads.index(name)] for name in ("name", "phone")] == [mark + wicked["name"], mark + wicked["phone"]]


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_a_file_shows_what_its_asker_may_see(served: City, kind: str) -> None:
    west = sign_in(served, AccountRole.ROSTER_CLERK, area="990101001")
    items = {item["code"]: item for item in west.get("/api/v1/people?limit=20").json()["items"]}
    heads, *rows = lines_of(ask(west, "people", kind))
    told = {row[heads.index("code")]: row[heads.index("phone")] for row in rows}
    assert {code: told[code] or None for code in items} == {code: item["phone"] for code, item in items.items()}
    assert {bool(told[f"P{number:02}"]) for number in range(1, 8)} == {True, False}
    asked = {"name": "x", "actions": ["READ_ROSTER"], "days": 1}
    token = {"Authorization": f"Bearer {west.post('/api/v1/tokens', json=asked).json()['secret']}"}
    _, *nameless = lines_of(ask(served.client, "people", kind, **token))
    assert {row[heads.index("name")] for row in nameless} == {"***"}
    assert {row[heads.index("phone")] for row in nameless} == {""}


def test_what_is_too_large_for_a_request_is_for_the_terminal(
    clerk: SignedInClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, ".xlsx", FileLimits(cells=MANY))
    refused = ask(clerk, "people", XLSX)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")
    assert "gridsvc export people people.xlsx" in refused.json()["detail"]
    assert "CSV" in refused.json()["detail_zh"]
    assert ask(clerk, "people", CSV).status_code == 200
    monkeypatch.setitem(LIMITS, ".csv", FileLimits(rows=MANY))
    assert ask(clerk, "people", CSV).status_code == 413


def test_an_outline_that_no_cell_holds_is_refused_and_not_cut_off(served: City, clerk: SignedInClient) -> None:
    [patch, *_] = [row for row in tiny_rows()["patches"] if isinstance(row, Patch)]
    wide = patch.geometry.buffer(0.001, quad_segs=400)
    row = {**clerk.get(f"/api/v1/patches/{patch.code}").json(), "code": "WIDE"}
    row["geometry"] = wide.__geo_interface__
    assert clerk.post("/api/v1/patches", json=row).status_code == 201
    refused = ask(clerk, "patches", XLSX)
    assert (refused.status_code, "CSV" in refused.json()["detail_zh"]) == (422, True)
    assert len(lines_of(ask(clerk, "patches", CSV))) == 2 + len(tiny_rows()["patches"])


def test_files_take_turns_with_other_heavy_requests_and_give_their_place_back(
    served: City, clerk: SignedInClient
) -> None:
    turns = served.client.app.state.batches
    for _ in range(10):
        assert ask(clerk, "people", CSV).status_code == 200
    assert not turns._admitted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.http.turns.ADMITTED", 0)
        busy = ask(clerk, "people", CSV)
        assert (busy.status_code, "retry-after" in busy.headers) == (503, True)
        assert clerk.get("/api/v1/people").status_code == 200


def test_a_large_page_takes_its_turn_and_is_the_same_rows(
    served: City, clerk: SignedInClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = clerk.get("/api/v1/people?limit=1000").json()
    pages, taken = served.client.app.state.tables, []
    make = pages.make
    monkeypatch.setattr(pages, "make", lambda asker, work: taken.append(asker.name) or make(asker, work))
    assert clerk.get("/api/v1/people?limit=1000").json() == small
    assert clerk.get("/api/v1/roster/targets?limit=1000").status_code == 200
    assert taken == []
    large = clerk.get("/api/v1/people?limit=20000").json()
    assert (large["items"][:1000], taken) == (small["items"], ["account roster_clerk"])
    assert clerk.get("/api/v1/roster/targets?limit=20000").status_code == 200
    assert len(taken) == 2
