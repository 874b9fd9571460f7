"""Roster tables as files over HTTP: the difference, the findings, and the import."""

import io
from collections.abc import Callable

import httpx
import openpyxl
import pytest

from api.roster.table_files import LIMITS
from api.schemas.openapi import XLSX
from geodata.safety import FileLimits
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import City

PEOPLE = "code,name,phone\nP01,An Yi,000-0001\nP02,Bo Er,000-7777\nNEW,胡某,\n"


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    return serve()


@pytest.fixture
def clerk(served: City) -> SignedInClient:
    return sign_in(served, AccountRole.ROSTER_CLERK)


def send(
    client: SignedInClient, action: str, text: str | bytes, table: str = "people", kind: str = "text/csv", **query: str
) -> httpx.Response:
    body = text.encode() if isinstance(text, str) else text
    roster = client.get("/api/v1/roster/coverage").json()["roster"]
    headers = {"Content-Type": kind} | ({"If-Match": f'"r{roster}"'} if action == "import" else {})
    return client.post(f"/api/v1/roster/{action}", params={"table": table, **query}, content=body, headers=headers)


def test_what_is_no_file_is_refused(clerk: SignedInClient) -> None:
    assert send(clerk, "preview", "x", kind="application/json").status_code == 415
    assert send(clerk, "preview", PEOPLE, table="kings").status_code == 422
    assert send(clerk, "import", b"not a zip", kind=XLSX).status_code == 422
    assert send(clerk, "preview", PEOPLE, mode="sometimes").status_code == 422


def test_the_difference_is_shown_field_by_field_and_nothing_is_written(served: City, clerk: SignedInClient) -> None:
    told = send(clerk, "preview", PEOPLE)
    assert told.status_code == 200, told.text
    document = told.json()
    assert [(item["key"], item["row"]["name"]) for item in document["added"]] == [("NEW", "胡某")]
    [item] = document["changed"]
    assert (item["key"], item["fields"], item["before"]["phone"], item["after"]["phone"]) == (
        "P02",
        ["phone"],
        "000-0002",
        "000-7777",
    )
    assert (document["removed"], document["unchanged"], document["written"], document["roster"]) == ([], 1, False, 1)
    assert served.services.store.state().roster_revision == 1


@pytest.mark.parametrize("action", ["preview", "import"])
def test_more_than_a_request_should_read_is_for_the_terminal(
    clerk: SignedInClient, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    long = "code,name\n" + "P01,An Yi\n" * 100_001
    wide = ",".join(f"c{number}" for number in range(150)) + "\n" + "1\n" * 20_001
    monkeypatch.setitem(LIMITS, ".xlsx", FileLimits(cells=5))
    book = openpyxl.Workbook()
    for line in (("code", "name"), ("P01", "An Yi"), ("P02", "Bo Er"), ("P03", "Cai San")):
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    for body, kind, said in (
        (long, "text/csv", "100001 rows"),
        (wide, "text/csv", "3000150 cells"),
        (file.getvalue(), XLSX, "6 cells"),
    ):
        told = send(clerk, action, body, kind=kind)
        assert (told.status_code, told.json()["type"]) == (413, "/problems/too-large")
        assert said in told.json()["detail"]
        assert "gridsvc import people FILE" in told.json()["detail"]


def test_a_workbook_is_imported_as_one_revision(served: City, clerk: SignedInClient) -> None:
    book = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    kept = io.BytesIO()
    book.save(kept)
    done = send(clerk, "import", kept.getvalue(), kind=XLSX)
    assert done.status_code == 200, done.text
    assert (done.json()["written"], done.json()["roster"]) == (True, 2)
    assert clerk.get("/api/v1/people/NEW").json()["name"] == "胡某"
    again = send(clerk, "import", PEOPLE).json()
    assert (again["added"], again["changed"], again["unchanged"], again["roster"]) == ([], [], 3, 2)


def test_cells_that_cannot_be_read_are_findings_of_the_preview_and_refuse_the_import(clerk: SignedInClient) -> None:
    text = "code,name,valid_from\nNEW,Hu,someday\n"
    looked = send(clerk, "preview", text).json()
    assert ([issue["code"] for issue in looked["issues"]], looked["blocking"]) == (["CELL_UNREADABLE"], 1)
    assert [(issue["row"], issue["column"]) for issue in looked["issues"]] == [(2, "valid_from")]
    refused = send(clerk, "import", text)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/layer-refused")
    assert "someday" in refused.json()["issues"][0]["zh"]["message"]


def test_a_file_that_takes_people_away_from_their_posts_is_refused(served: City, clerk: SignedInClient) -> None:
    looked = send(clerk, "preview", PEOPLE, mode="replace").json()
    assert len(looked["removed"]) == 5
    assert {"ROW_PERSON_UNKNOWN"} <= {issue["code"] for issue in looked["issues"]}
    assert looked["blocking"]
    refused = send(clerk, "import", PEOPLE, mode="replace")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/publish-refused")
    assert served.services.store.state().roster_revision == 1


def test_a_file_with_one_row_of_another_territory_is_refused_whole(served: City) -> None:
    west = sign_in(served, AccountRole.ROSTER_CLERK, area="990101001")
    posts = "code,role,target_kind,target_code\nW,STEWARD,segment,L-A\nE,STEWARD,segment,H-C\n"
    assert send(west, "import", posts, table="posts").status_code == 403
    assert send(west, "import", "\n".join(posts.splitlines()[:2]), table="posts").status_code == 200


def test_a_file_does_not_tell_whether_a_number_was_guessed_right(served: City, clerk: SignedInClient) -> None:
    far = send(clerk, "import", "code,name,phone\nFAR,Hu Er,000-4444\n")
    assert far.status_code == 200, far.text
    west = sign_in(served, AccountRole.ROSTER_CLERK, area="990101001")
    for phone in ("000-4444", "000-1234"):
        assert send(west, "preview", f"code,name,phone\nFAR,Hu Er,{phone}\n").status_code == 403
    known = send(west, "preview", "code,name\nFAR,Hu Er\n")
    assert (known.status_code, known.json()["unchanged"]) == (200, 1)
