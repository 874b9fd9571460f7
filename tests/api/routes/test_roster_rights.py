"""Territory of clerks over HTTP, phone numbers, and clerks who write at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from gridsvc.accounts.rights import rights
from gridsvc.model.accounts import AccountRole, Action, Reach
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.served_city import City

WEST, EAST = "990101001", "990101002"
CLERK = AccountRole.ROSTER_CLERK


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    return serve()


def steward(target: str) -> dict[str, str]:
    return {"role": "STEWARD", "target_kind": "segment", "target_code": target}


def test_the_clerk_of_a_subdistrict_changes_its_rows_only(served: City) -> None:
    west = sign_in(served, CLERK, area=WEST)
    officer = {"name": "Hu", "phone": "000-5555", "belongs_to": "WEST"}
    assert west.post("/api/v1/people", json=officer).status_code == 201
    made = west.post("/api/v1/posts", json=steward("L-A"))
    assert made.status_code == 201, made.text
    beyond = west.post("/api/v1/posts", json=steward("H-C"))
    assert (beyond.status_code, beyond.json()["type"]) == (403, "/problems/not-allowed")
    moved = west.request(
        "PUT",
        "/api/v1/posts/STEWARD-L-A",
        json=made.json() | {"target_code": "H-C"},
        headers={"If-Match": made.headers["etag"]},
    )
    assert moved.status_code == 403
    theirs = west.get("/api/v1/posts/CHIEF-EAST")
    taken = west.request(
        "PUT",
        "/api/v1/posts/CHIEF-EAST",
        json=theirs.json() | {"target_code": WEST},
        headers={"If-Match": theirs.headers["etag"]},
    )
    assert taken.status_code == 403
    assert west.post("/api/v1/posts/CHIEF-EAST/holder", json={"person": "P01", "from": "2027-01-01"}).status_code == 403
    assert west.post("/api/v1/departments", json={"name": "New"}).status_code == 403
    assert served.services.store.state().roster_revision == 3


def test_a_token_that_is_shown_no_names_cannot_write_back_what_it_sees(served: City) -> None:
    clerk = sign_in(served, CLERK)
    wanted = {"name": "sync", "actions": ["READ_ROSTER", "WRITE_ROSTER"], "days": 1}
    bearer = {"Authorization": f"Bearer {clerk.post('/api/v1/tokens', json=wanted).json()['secret']}"}
    seen = served.client.get("/api/v1/people/P01", headers=bearer)
    assert seen.json()["name"] == "***"
    back = {**bearer, "If-Match": seen.headers["etag"]}
    answer = served.client.request("PUT", "/api/v1/people/P01", json=seen.json() | {"phone": None}, headers=back)
    assert (answer.status_code, "READ_STAFF" in answer.json()["detail"]) == (403, True)
    assert clerk.get("/api/v1/people/P01").json()["name"] != "***"


def test_who_may_write_farther_than_see_phones_cannot_blank_them(served: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are data: where a city lets clerks write everywhere, what they are not shown stays what it is."""
    whole = sign_in(served, CLERK)
    body = {"code": "E", "name": "E", "phone": "000-5555", "belongs_to": "EAST"}
    assert whole.post("/api/v1/people", json=body).status_code == 201
    table = dict(rights())
    write = table[Action.WRITE_ROSTER]
    table[Action.WRITE_ROSTER] = replace(write, reach=write.reach | {CLERK: Reach.ALL})
    monkeypatch.setattr("gridsvc.accounts.rights.rights", lambda: table)
    make_account(served.services.store, CLERK, "west", area=WEST)
    west = SignedInClient(served, "west")
    seen = west.get("/api/v1/people/E")
    assert seen.json()["phone"] is None
    back = {"If-Match": seen.headers["etag"]}
    answer = west.request("PUT", "/api/v1/people/E", json=seen.json() | {"name": "Eve"}, headers=back)
    assert (answer.status_code, whole.get("/api/v1/people/E").json()["phone"]) == (403, "000-5555")


def test_rows_that_are_new_together_are_held_against_each_other(served: City) -> None:
    west = sign_in(served, CLERK, area=WEST)
    post = {"table": "posts", "key": "NEW", "row": steward("L-A")}
    held = {"table": "assignments", "row": {"post": "NEW", "person": "P02", "valid_from": "2026-01-01"}}
    assert west.post("/api/v1/roster/changes", json={"changes": [post, held]}).status_code == 200
    post = {"table": "posts", "key": "NEW-2", "row": steward("H-C")}
    held["row"]["post"] = "NEW-2"  # type: ignore[index]
    assert west.post("/api/v1/roster/changes", json={"changes": [post, held]}).status_code == 403
    assert served.services.store.state().roster_revision == 2


def test_phones_are_for_who_may_see_them_in_their_territory(served: City) -> None:
    whole = sign_in(served, CLERK)
    for code, department in (("W", "WEST"), ("E", "EAST")):
        body = {"code": code, "name": code, "phone": "000-5555", "belongs_to": department}
        assert whole.post("/api/v1/people", json=body).status_code == 201
    make_account(served.services.store, CLERK, "west", area=WEST)
    west, planner = SignedInClient(served, "west"), sign_in(served, AccountRole.PLANNER)

    def phones(client: SignedInClient) -> dict[str, str | None]:
        return {code: client.get(f"/api/v1/people/{code}").json()["phone"] for code in ("W", "E")}

    assert phones(whole) == {"W": "000-5555", "E": "000-5555"}
    assert phones(west) == {"W": "000-5555", "E": None}
    assert phones(planner) == {"W": None, "E": None}
    assert "000-" not in planner.get("/api/v1/people", headers={"Accept": "text/csv"}).text
    assert "000-" not in planner.get("/api/v1/roster/history?table=people&key=W").text
    assert "000-" not in planner.get("/api/v1/shifts").text


def test_what_somebody_has_is_confirmed_only_while_it_is_what_they_are_shown(served: City) -> None:
    clerk, planner = sign_in(served, CLERK), sign_in(served, AccountRole.PLANNER)
    address = "/api/v1/people/P01"
    whole, part = clerk.get(address), planner.get(address)
    assert (whole.json()["phone"], part.json()["phone"]) == ("000-0001", None)
    tags = {"whole": whole.headers["etag"], "part": part.headers["etag"]}
    for client, name, status in (
        (clerk, "whole", 304),
        (clerk, "part", 200),
        (planner, "whole", 200),
        (planner, "part", 304),
    ):
        again = client.get(address, headers={"If-None-Match": tags[name]})
        assert (again.status_code, bool(again.content)) == (status, status == 200), name
    body = whole.json() | {"name": "An"}
    assert clerk.request("PUT", address, json=body, headers={"If-Match": tags["part"]}).status_code == 200
    assert clerk.get(address, headers={"If-None-Match": tags["whole"]}).json()["name"] == "An"
    assert clerk.request("PUT", address, json=body, headers={"If-Match": tags["part"]}).status_code == 412


def at_once(*calls: Callable[[], Any]) -> list[int]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return sorted(answer.status_code for answer in threads.map(lambda call: call(), calls))


def test_of_clerks_who_write_one_row_at_once_one_is_told(served: City) -> None:
    clerk = sign_in(served, CLERK)
    row = clerk.get("/api/v1/people/P01")

    def write(name: str) -> Callable[[], Any]:
        body, headers = row.json() | {"name": name}, {"If-Match": row.headers["etag"]}
        return lambda: clerk.request("PUT", "/api/v1/people/P01", json=body, headers=headers)

    assert at_once(write("An"), write("Bo"), write("Ce")) == [200, 412, 412]
    assert served.services.store.state().roster_revision == 2


def test_two_leads_given_at_once_never_stand_together(served: City) -> None:
    clerk = sign_in(served, CLERK)

    def write(department: str) -> Callable[[], Any]:
        body = {"category": "EVENT_CJT214:0102", "area": "990101", "department": department, "part": "LEAD"}
        return lambda: clerk.post("/api/v1/competences", json=body | {"code": f"K-{department}"})

    assert at_once(write("PARKS"), write("WATER")) == [201, 409]


def test_new_rows_at_once_get_keys_of_their_own(served: City) -> None:
    clerk = sign_in(served, CLERK)
    assert at_once(*[lambda: clerk.post("/api/v1/people", json={"name": "Hu"})] * 4) == [201] * 4
    codes = {item["code"] for item in clerk.get("/api/v1/people").json()["items"]}
    assert {"P-0001", "P-0002", "P-0003", "P-0004"} <= codes
