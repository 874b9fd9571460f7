"""Bearer tokens: for no more than their account may, shown once, and dead when revoked."""

from collections.abc import Callable
from typing import Any

import pytest

from gridsvc.accounts.manage import token_actions
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import make_account, sign_in
from tests.fixtures.served_city import City

Serve = Callable[..., City]
URL = "/api/v1/tokens"
BODY: dict[str, Any] = {"name": "program", "actions": ["RESOLVE"], "days": 30}


def test_visitors_have_no_tokens(serve: Serve) -> None:
    city = serve(demo=True, public_read=True)
    assert city.client.get(URL).status_code == 401
    assert city.client.post(URL, json=BODY).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"actions": []},
        {"actions": ["PUBLISH"]},
        {"actions": ["RESOLVE", "MANAGE_ACCOUNTS"]},
        {"actions": ["ISSUE_TOKENS"]},
        {"actions": ["EVERYTHING"]},
        {"days": 0},
        {"days": 1097},
        {"name": ""},
        {"name": "a\nb"},
        {"role": "ADMIN"},
    ],
)
def test_a_token_beyond_its_account_is_refused(serve: Serve, wrong: dict[str, object]) -> None:
    assert sign_in(serve(), AccountRole.STEWARD).post(URL, json=BODY | wrong).status_code == 422


def test_a_token_does_what_it_was_issued_for_and_nothing_else(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.PLANNER)
    issued = client.post(URL, json=BODY).json()
    token = {"Authorization": f"Bearer {issued['secret']}"}
    place = "/api/v1/resolve?lon=116.4005&lat=39.9005&datum=WGS84"
    assert city.client.get(place, headers=token).status_code == 200
    assert city.client.get("/api/v1/people", headers=token).status_code == 403
    assert issued["secret"] not in client.get(URL).text
    assert [item["number"] for item in client.get(URL).json()["items"]] == [issued["number"]]


def test_a_token_makes_no_tokens_and_manages_nobody(serve: Serve) -> None:
    city = serve()
    account = make_account(city.services.store, AccountRole.ADMIN)
    client = sign_in(city, AccountRole.ADMIN)
    actions = [action.value for action in token_actions(account.role)]
    secret = client.post(URL, json=BODY | {"actions": actions}).json()["secret"]
    token = {"Authorization": f"Bearer {secret}"}
    for method, address in (("GET", URL), ("POST", URL), ("GET", "/api/v1/accounts")):
        assert city.client.request(method, address, json=BODY, headers=token).status_code in {403, 422}
    password = {"old": "x" * 10, "new": "y" * 10}
    assert city.client.request("PUT", "/api/v1/session/password", json=password, headers=token).status_code == 403


def test_a_token_shrinks_with_its_account(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.ROSTER_CLERK)
    secret = client.post(URL, json=BODY | {"actions": ["READ_ROSTER"]}).json()["secret"]
    token = {"Authorization": f"Bearer {secret}"}
    assert city.client.get("/api/v1/people", headers=token).status_code == 200
    make_account(city.services.store, AccountRole.STEWARD, "roster_clerk")
    client.get("/api/v1/session")
    city.client.app.state.callers.forget()
    assert city.client.get("/api/v1/people", headers=token).status_code == 403


def test_a_revoked_token_is_dead_and_others_are_nobodys_to_revoke(serve: Serve) -> None:
    city = serve()
    mine, other = sign_in(city, AccountRole.PLANNER), sign_in(city, AccountRole.STEWARD)
    issued = mine.post(URL, json=BODY).json()
    token = {"Authorization": f"Bearer {issued['secret']}"}
    assert city.client.get("/api/v1/session", headers=token).status_code == 200
    address = f"{URL}/{issued['number']}"
    assert other.request("DELETE", address).status_code == 404
    assert other.get(URL).json()["items"] == []
    assert mine.request("DELETE", address, headers={"X-CSRF-Token": "no"}).status_code == 403
    assert mine.request("DELETE", address).status_code == 204
    assert city.client.get("/api/v1/session", headers=token).status_code == 401
    assert mine.request("DELETE", address).status_code == 404


def test_an_admin_issues_tokens_of_devices_but_not_in_the_name_of_people(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.DEVICE, "camera-1")
    make_account(city.services.store, AccountRole.DISPATCHER, "li")
    admin = sign_in(city, AccountRole.ADMIN)
    issued = admin.post(URL, json=BODY | {"login": "camera-1", "actions": ["RECORD_INCIDENT"]})
    assert (issued.status_code, issued.json()["login"]) == (201, "camera-1")
    assert admin.post(URL, json=BODY | {"login": "li"}).status_code == 403
    assert admin.post(URL, json=BODY | {"login": "nobody"}).status_code == 404
    assert sign_in(city, AccountRole.PLANNER).post(URL, json=BODY | {"login": "camera-1"}).status_code == 404
    assert [item["login"] for item in admin.get(URL).json()["items"]] == ["camera-1"]
