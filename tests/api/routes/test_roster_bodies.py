"""Bodies that are no rows of the roster."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from gridsvc.model.roster import ROSTER_TABLES
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import start_city


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[SignedInClient]:
    """One for all tests: nothing is written."""
    folder = shutil.copytree(tiny_database, tmp_path_factory.mktemp("bodies") / "city")
    served = start_city(Settings(data_dir=folder))
    yield sign_in(served, AccountRole.ROSTER_CLERK)
    assert served.services.store.state().roster_revision == 1
    served.client.__exit__(None, None, None)
    served.services.store.close()


@pytest.mark.parametrize(
    ("table", "body", "parameter"),
    [
        ("people", {}, "name"),
        ("people", {"name": ""}, "name"),
        ("people", {"name": "X", "rank": 1}, "rank"),
        ("people", {"name": "X" * 501}, "name"),
        ("people", {"name": "X", "phone": "<b>"}, "phone"),
        ("people", {"name": "X", "code": "a/b"}, "code"),
        ("people", {"name": "X", "valid_from": 0}, "valid_from"),
        ("people", {"name": "X", "valid_from": "0001-01-01"}, "valid_from"),
        ("people", {"name": "X", "valid_from": "2026-02-01", "valid_to": "2026-02-01"}, None),
        ("posts", {"role": "KING", "target_kind": "segment", "target_code": "L-A"}, "role"),
        (
            "shifts",
            {"starts_at": "2026-01-01T00:00:00", "ends_at": "2026-01-02T00:00:00Z", "post": "OFFICER-1"},
            "starts_at",
        ),
        ("shifts", {"starts_at": "2026-01-02T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z", "post": "OFFICER-1"}, None),
        ("shifts", {"starts_at": "2026-01-01T00:00:00Z", "ends_at": "2026-01-02T00:00:00Z"}, None),
        ("competences", {"category": "0102", "area": "990101", "department": "WEST", "part": "LEAD"}, "category"),
        ("patches", {"name": "X", "department": "PARKS", "geometry": {"type": "Point", "coordinates": [1, 2]}}, None),
        ("determinations", {"department": "PARKS"}, None),
    ],
)
def test_a_body_that_is_no_row_is_422(clerk: SignedInClient, table: str, body: dict[str, Any], parameter: str) -> None:
    answer = clerk.post(f"/api/v1/{table}", json=body)
    assert answer.status_code == 422, answer.text
    if parameter is not None:
        assert any(parameter in error["parameter"] for error in answer.json()["errors"])


@pytest.mark.parametrize("table", ROSTER_TABLES)
def test_what_get_gives_can_be_put_again_and_is_no_change(clerk: SignedInClient, table: str) -> None:
    for item in clerk.get(f"/api/v1/{table}?limit=1").json()["items"]:
        key = f"{item['scheme']}:{item['code']}" if table == "categories" else item["code"]
        seen = clerk.get(f"/api/v1/{table}/{key}")
        headers = {"If-Match": seen.headers["etag"]}
        again = clerk.request("PUT", f"/api/v1/{table}/{key}", json=seen.json(), headers=headers)
        assert (again.status_code, again.json()) == (200, seen.json()), again.text
        assert again.headers["etag"] == seen.headers["etag"] == '"r1"'


def test_a_body_has_a_limit_and_a_type(clerk: SignedInClient) -> None:
    assert clerk.post("/api/v1/people", json={"name": "x" * 600_000}).status_code == 413
    plain = {"Content-Type": "text/plain"}
    assert clerk.post("/api/v1/people", content=b'{"name": "x"}', headers=plain).status_code == 415
    broken = {"Content-Type": "application/json"}
    assert clerk.post("/api/v1/people", content=b'{"name": ', headers=broken).status_code == 400
