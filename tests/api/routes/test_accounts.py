"""Managing accounts over HTTP: who may not, what is refused, and what a change ends."""

from collections.abc import Callable
from typing import Any

import pytest

from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import PASSWORD, SignedInClient, make_account, sign_in
from tests.fixtures.served_city import City

Serve = Callable[..., City]
URL = "/api/v1/accounts"
NEW = {"login": "wang", "name": "王 <img src=x onerror=alert(1)>", "role": "DISPATCHER", "area": "990101001"}


def _body(document: dict[str, Any], **changed: object) -> dict[str, Any]:
    kept = {name: document[name] for name in ("name", "role", "area", "department", "person", "subject", "active")}
    return kept | changed


def _put(client: SignedInClient, document: dict[str, Any], **changed: object) -> Any:
    address = f"{URL}/{document['login']}"
    return client.request("PUT", address, json=_body(document, **changed), headers={"If-Match": _tag(document)})


def _tag(document: dict[str, Any]) -> str:
    return f'"v{document["version"]}"'


def test_nobody_but_an_admin_reads_or_changes_accounts(serve: Serve) -> None:
    city = serve(demo=True, public_read=True)
    assert city.client.get(URL).status_code == 401
    client = sign_in(city, AccountRole.PLANNER)
    for method, address in (("GET", URL), ("POST", URL), ("GET", f"{URL}/planner"), ("PUT", f"{URL}/planner")):
        assert client.request(method, address, json={}).status_code in {403, 422}
    assert client.get(URL).status_code == 403
    assert client.request("PUT", f"{URL}/planner/password", json={"password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "王"},
        {"login": "../etc"},
        {"login": "x" * 64},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\u0000b"},
        {"role": "VISITOR"},
        {"role": "KING"},
        {"area": "123456"},
        {"department": "NONE"},
        {"person": "P99"},
        {"subject": "no address"},
        {"password": "short"},
        {"extra": 1},
    ],
)
def test_a_bad_account_is_refused(serve: Serve, wrong: dict[str, object]) -> None:
    client = sign_in(serve(), AccountRole.ADMIN)
    answer = client.post(URL, json=NEW | wrong)
    assert answer.status_code == 422, answer.text
    assert [item["login"] for item in client.get(URL).json()["items"]] == ["admin"]


def test_an_account_is_added_found_and_signs_in(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.ADMIN)
    added = client.post(URL, json=NEW | {"password": PASSWORD})
    assert (added.status_code, added.headers["location"]) == (201, f"{URL}/wang")
    assert client.get(f"{URL}/wang").json() == added.json()
    assert added.json()["name"] == NEW["name"]
    assert client.post(URL, json=NEW).status_code == 409
    assert SignedInClient(city, "wang").session["area"] == "990101001"
    assert "argon2" not in client.get(URL).text


def test_pages_of_accounts_fit_together(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.ADMIN)
    for number in range(4):
        make_account(city.services.store, AccountRole.STEWARD, f"s{number}")
    first = client.get(f"{URL}?limit=3").json()
    rest = client.get(f"{URL}?limit=3&cursor={first['next_cursor']}").json()
    assert [item["login"] for item in first["items"] + rest["items"]] == ["admin", "s0", "s1", "s2", "s3"]
    assert rest["next_cursor"] is None


def test_a_change_wants_the_version_that_was_seen(serve: Serve) -> None:
    client = sign_in(serve(), AccountRole.ADMIN)
    old = client.post(URL, json=NEW).json()
    assert client.request("PUT", f"{URL}/wang", json=_body(old)).status_code == 428
    assert _put(client, old, name="王二").json()["version"] == 2
    stale = _put(client, old, name="王三")
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/precondition-failed")
    assert client.get(f"{URL}/wang").headers["etag"] == '"v2"'
    missing = {name: value for name, value in _body(old).items() if name != "area"}
    answer = client.request("PUT", f"{URL}/wang", json=missing, headers={"If-Match": '"v2"'})
    assert answer.status_code == 422
    assert client.request("PUT", f"{URL}/nobody", json=_body(old), headers={"If-Match": "*"}).status_code == 404


def test_the_last_admin_is_neither_closed_nor_made_something_else(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.ADMIN)
    me = client.get(f"{URL}/admin").json()
    for change in ({"active": False}, {"role": "PLANNER"}):
        refused = _put(client, me, **change)
        assert (refused.status_code, "last active ADMIN" in refused.json()["detail"]) == (409, True)
    make_account(city.services.store, AccountRole.ADMIN, "second")
    assert _put(client, me, role="PLANNER").status_code == 200
    assert client.get(URL).status_code == 403


def test_closing_ends_sessions_and_tokens_for_good(serve: Serve) -> None:
    city = serve()
    admin, officer = sign_in(city, AccountRole.ADMIN), sign_in(city, AccountRole.GRID_OFFICER)
    body = {"name": "phone", "actions": ["RESOLVE"], "days": 1}
    secret = officer.post("/api/v1/tokens", json=body).json()["secret"]
    token = {"Authorization": f"Bearer {secret}"}
    assert city.client.get("/api/v1/session", headers=token).status_code == 200
    for active in (False, True):
        _put(admin, admin.get(f"{URL}/grid_officer").json(), active=active)
        assert officer.get("/api/v1/session").json()["login"] is None
        assert city.client.get("/api/v1/session", headers=token).status_code == 401


def test_a_password_set_by_an_admin_ends_all_sessions(serve: Serve) -> None:
    city = serve()
    admin, officer = sign_in(city, AccountRole.ADMIN), sign_in(city, AccountRole.GRID_OFFICER)
    address = f"{URL}/grid_officer/password"
    assert admin.request("PUT", address, json={"password": "short"}).status_code == 422
    assert admin.request("PUT", address, json={"password": "a new long one"}).status_code == 204
    assert officer.get("/api/v1/session").json()["login"] is None
    login = {"login": "grid_officer", "password": PASSWORD}
    assert city.client.post("/api/v1/session", json=login).status_code == 401
    assert city.client.post("/api/v1/session", json=login | {"password": "a new long one"}).status_code == 201


def test_one_changes_ones_own_password_knowing_the_old_one(serve: Serve) -> None:
    city = serve()
    here, there = sign_in(city, AccountRole.PLANNER), SignedInClient(city, "planner")
    address = "/api/v1/session/password"
    assert city.client.request("PUT", address, json={"old": PASSWORD, "new": "x" * 12}).status_code == 401
    assert here.request("PUT", address, json={"old": "wrong", "new": "a new long one"}).status_code == 403
    answer = here.request("PUT", address, json={"old": PASSWORD, "new": "a new long one"})
    assert (answer.status_code, answer.json()["login"]) == (200, "planner")
    assert here.get("/api/v1/session").json()["login"] is None
    assert there.get("/api/v1/session").json()["login"] is None
    fresh = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    assert city.client.get("/api/v1/session", headers=fresh).json()["login"] == "planner"


def test_the_own_password_is_not_found_out_by_trying(serve: Serve) -> None:
    client = sign_in(serve(), AccountRole.PLANNER)
    body = {"old": "wrong", "new": "a new long one"}
    statuses = [client.request("PUT", "/api/v1/session/password", json=body).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]


def test_every_change_is_in_the_audit_log_without_secrets(serve: Serve) -> None:
    city = serve()
    admin = sign_in(city, AccountRole.ADMIN)
    added = admin.post(URL, json=NEW | {"password": PASSWORD}).json()
    _put(admin, added, area="990101002")
    admin.request("PUT", f"{URL}/wang/password", json={"password": "a new long one"}, headers={"X-Request-ID": "r-7"})
    items = admin.get("/api/v1/audit?target=account%20wang").json()["items"]
    assert [item["action"] for item in items] == ["PASSWORD_SET", "ACCOUNT_CHANGED", "ACCOUNT_ADDED"]
    assert items[0]["request"] == "r-7"
    assert items[1]["details"] == {"changed": {"area": ["990101001", "990101002"]}}
    assert {item["login"] for item in items} == {"admin"}
    assert not any(secret in str(items) for secret in (PASSWORD, "a new long one", "argon2"))
