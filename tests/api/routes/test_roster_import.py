"""A file is written over what was compared, and over nothing else: two clerks at one table, on both kinds of store."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from gridsvc.store import SqlStore
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.disks import SMALL_DISK
from tests.fixtures.served_city import FIRST_EDITION, City, append_rows, publish_territory, start_city
from tests.fixtures.tiny_city import tiny_rows, tiny_territory

RENAMED = "code,name\nP02,Bo Er the Second\nNEW,Hu Yi\n"


@pytest.fixture
def served(store: SqlStore, database_url: str, tmp_path: Path) -> Iterator[City]:
    append_rows(store, tiny_rows())
    publish_territory(store, tiny_territory(), FIRST_EDITION)
    city = start_city(Settings(data_dir=tmp_path / "data", database_url=database_url))
    yield city
    city.client.__exit__(None, None, None)
    city.services.store.close()


@pytest.fixture
def clerk(served: City) -> SignedInClient:
    return sign_in(served, AccountRole.ROSTER_CLERK)


@pytest.fixture
def colleague(served: City) -> SignedInClient:
    make_account(served.services.store, AccountRole.ROSTER_CLERK, "colleague")
    return SignedInClient(served, "colleague")


def send(
    client: SignedInClient, action: str, seen: str | None = None, text: str = RENAMED, **query: str
) -> httpx.Response:
    headers = {"Content-Type": "text/csv"} | ({} if seen is None else {"If-Match": seen})
    return client.post(f"/api/v1/roster/{action}", params={"table": "people", **query}, content=text, headers=headers)


def ring_at(client: SignedInClient, person: str, phone: str) -> None:
    """Somebody else gives a person another number."""
    row = client.get(f"/api/v1/people/{person}")
    put = client.request(
        "PUT", f"/api/v1/people/{person}", json=row.json() | {"phone": phone}, headers={"If-Match": row.headers["etag"]}
    )
    assert put.status_code == 200, put.text


def test_who_did_not_compare_writes_nothing(served: City, clerk: SignedInClient) -> None:
    refused = send(clerk, "import")
    assert (refused.status_code, refused.json()["type"]) == (428, "/problems/precondition-required")
    assert refused.json()["detail_zh"] == "请先比较差异，再写入。"
    for wrong in ("*", "1", '"v1"', 'W/"r1"', '"r-1"'):
        assert send(clerk, "import", wrong).status_code == 422, wrong
    assert served.services.store.state().roster_revision == 1


def test_a_colleagues_change_of_a_row_of_the_file_is_not_undone(
    clerk: SignedInClient, colleague: SignedInClient
) -> None:
    seen = f'"r{send(clerk, "preview").json()["roster"]}"'
    ring_at(colleague, "P02", "000-9999")
    refused = send(clerk, "import", seen)
    assert (refused.status_code, refused.json()["type"]) == (412, "/problems/precondition-failed")
    assert "重新比较" in refused.json()["detail_zh"]
    assert clerk.get("/api/v1/people/P02").json()["phone"] == "000-9999"
    assert clerk.get("/api/v1/people/NEW").status_code == 404
    again = send(clerk, "preview").json()
    assert refused.json()["current_etag"] == f'"r{again["roster"]}"'
    written = send(clerk, "import", refused.json()["current_etag"])
    assert written.status_code == 200, written.text
    assert written.json()["changed"] == again["changed"]


def test_a_row_that_a_colleague_added_or_took_back_is_met_too(clerk: SignedInClient, colleague: SignedInClient) -> None:
    assert colleague.post("/api/v1/people", json={"code": "NEW", "name": "Hu Er"}).status_code == 201
    assert send(clerk, "import", '"r1"').status_code == 412
    gone = colleague.request("DELETE", "/api/v1/people/NEW", headers={"If-Match": '"r2"'})
    assert gone.status_code == 204
    assert send(clerk, "import", '"r2"').status_code == 412
    assert send(clerk, "import", '"r3"').status_code == 200


def test_changes_of_other_rows_are_no_hindrance(clerk: SignedInClient, colleague: SignedInClient) -> None:
    ring_at(colleague, "P07", "000-9999")
    away = {"person": "P02", "valid_from": "2026-07-01", "valid_to": "2026-07-03"}
    assert colleague.post("/api/v1/absences", json=away).status_code == 201
    written = send(clerk, "import", '"r1"')
    assert written.status_code == 200, written.text
    assert clerk.get("/api/v1/people/P07").json()["phone"] == "000-9999"


def test_a_file_that_removes_rows_is_about_the_whole_table(clerk: SignedInClient, colleague: SignedInClient) -> None:
    """Who replaces takes back what a colleague has added since."""
    listed = clerk.get("/api/v1/people", headers={"Accept": "text/csv"}).text
    assert colleague.post("/api/v1/people", json={"code": "NEWER", "name": "Hu Er"}).status_code == 201
    refused = send(clerk, "import", '"r1"', listed, mode="replace")
    assert refused.status_code == 412, refused.text
    assert clerk.get("/api/v1/people/NEWER").status_code == 200
    assert send(clerk, "import", '"r1"', listed).status_code == 200
    assert send(clerk, "import", '"r2"', listed, mode="replace").status_code == 200
    assert clerk.get("/api/v1/people/NEWER").status_code == 404


def test_disk_that_is_full_of_temporary_files_is_told_as_full(clerk: SignedInClient, small_disk: Path) -> None:
    refused = send(clerk, "preview", text=RENAMED + "\n" * SMALL_DISK)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/not-ready")
    assert "temporary files" in refused.json()["detail"]
    assert "临时文件" in refused.json()["detail_zh"]
    assert list(small_disk.iterdir()) == []
    (written,) = send(clerk, "preview").json()["changed"]
    assert written


def test_outline_nested_without_end_is_a_finding_and_takes_nobody_down(clerk: SignedInClient) -> None:
    """It took the serving process down, with all that it was answering."""
    outline = "GEOMETRYCOLLECTION(" * 200_000 + "POINT(1 2)" + ")" * 200_000
    text = f'code,name,department,geometry,valid_from\nP1,Park,D01,"{outline}",2026-01-01\n'
    answer = send(clerk, "preview", text=text, table="patches", datum="WGS84")
    assert answer.status_code == 200, answer.text
    assert [issue["code"] for issue in answer.json()["issues"] if issue["severity"] == "BLOCK"] == ["CELL_UNREADABLE"]
    assert len(answer.content) < 100_000
