"""Signing in and out: wrong pairs, forged requests, too many attempts, and what a session lets one do."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from api.access import sign_in as rules
from gridsvc.accounts.secrets import digest_of, new_secret
from gridsvc.model.accounts import AccountRole, Action, Token
from tests.fixtures.accounts import PASSWORD, SignedInClient, make_account, make_demo_account, sign_in
from tests.fixtures.served_city import City

Serve = Callable[..., City]
URL = "/api/v1/session"


def _try(city: City, login: str, password: str, **headers: str) -> int:
    body = {"login": login, "password": password}
    return city.client.post(URL, json=body, headers=headers).status_code


def test_visitor_has_no_login_and_no_rights(serve: Serve) -> None:
    answer = serve().client.get(URL)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    document = answer.json()
    assert (document["login"], document["role"], document["actions"], document["csrf"]) == (None, "VISITOR", {}, None)


def test_wrong_password_unknown_login_and_closed_account_are_refused_alike(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    answers = [city.client.post(URL, json={"login": login, "password": "wrong"}) for login in ("planner", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert all("set-cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "body", [{}, {"login": "a"}, {"login": "a", "password": ["x"]}, {"login": "", "password": "x"}]
)
def test_malformed_body_is_422(serve: Serve, body: object) -> None:
    assert serve().client.post(URL, json=body).status_code == 422


def test_session_cookie_is_out_of_reach_of_scripts(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    answer = city.client.post(URL, json={"login": "planner", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    secret = cookie.partition("=")[2].partition(";")[0]
    assert secret not in answer.text


def test_signed_in_account_knows_itself_and_its_rights(serve: Serve) -> None:
    client = sign_in(serve(), AccountRole.ROSTER_CLERK, area="990101")
    document = client.get(URL).json()
    assert (document["login"], document["role"], document["area"]) == ("roster_clerk", "ROSTER_CLERK", "990101")
    assert document["actions"]["WRITE_ROSTER"] == "SCOPE"
    assert "PUBLISH" not in document["actions"]


def test_a_session_names_the_area_and_the_department(serve: Serve) -> None:
    city = serve()
    scopes = ({"area": "990101001"}, {"department": "WATER"}, {"area": "990109", "department": "GONE"}, {})
    told = [sign_in(city, AccountRole.DISPATCHER, **scope).get(URL).json() for scope in scopes]
    names = [(one["area_name"], one["department_name"]) for one in told]
    assert names == [("West Subdistrict", None), (None, "District Water Bureau"), (None, None), (None, None)]


def test_change_without_csrf_token_or_from_another_site_is_refused(serve: Serve) -> None:
    client = sign_in(serve(), AccountRole.PLANNER)
    for headers in ({"X-CSRF-Token": ""}, {"X-CSRF-Token": "x"}, {"Origin": "https://evil.example"}):
        answer = client.request("DELETE", URL, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/cross-site"
    assert client.get(URL).json()["login"] == "planner"
    assert client.request("DELETE", URL, headers={"Origin": "http://city.example"}).status_code == 204


def test_signing_in_from_another_site_is_refused(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    assert _try(city, "planner", PASSWORD, Origin="https://evil.example") == 403


def test_signed_out_session_is_dead(serve: Serve) -> None:
    client = sign_in(serve(), AccountRole.PLANNER)
    ended = client.request("DELETE", URL)
    assert (ended.status_code, ended.headers["clear-site-data"]) == (204, '"cache"')
    assert client.get(URL).json()["login"] is None


def test_a_session_that_was_planted_is_not_taken_over_by_signing_in(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    body = {"login": "planner", "password": PASSWORD}
    answer = city.client.post(URL, json=body, headers={"Cookie": "gridsvc_session=planted"})
    assert "gridsvc_session=planted" not in answer.headers["set-cookie"]
    assert city.client.get(URL, headers={"Cookie": "gridsvc_session=planted"}).json()["login"] is None


def test_too_many_failures_are_refused_unheard_but_for_others(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    make_account(city.services.store, AccountRole.ADMIN)
    statuses = [_try(city, "planner", "wrong") for _ in range(rules.PER_LOGIN_AND_ADDRESS)]
    assert set(statuses) == {401}
    answer = city.client.post(URL, json={"login": "planner", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert _try(city, "admin", PASSWORD) == 201
    monkeypatch.setattr(rules, "WINDOW", timedelta(0))
    assert _try(city, "planner", PASSWORD) == 201


def test_success_failure_and_end_are_in_the_audit_log(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.PLANNER)
    _try(city, "planner", "wrong")
    client.request("DELETE", URL)
    entries = [entry for _, entry in city.services.store.list_audit(before=None, limit=10)]
    assert [(entry.action, entry.login) for entry in entries] == [
        ("SIGN_OUT", "planner"),
        ("SIGN_IN_FAILED", None),
        ("SIGN_IN", "planner"),
    ]
    assert all(PASSWORD not in repr(entry) and "wrong" not in repr(entry) for entry in entries)


def test_token_is_taken_without_csrf_and_a_bad_one_is_401(serve: Serve) -> None:
    city = serve()
    account = make_account(city.services.store, AccountRole.DEVICE)
    now, secret = city.services.settings.now(), new_secret()
    token = Token(
        number=0,
        digest=digest_of(secret),
        account=account,
        name="camera",
        actions=frozenset({Action.RESOLVE}),
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
    with city.services.store.begin() as work:
        work.add_token(token)
    good = city.client.get(URL, headers={"Authorization": f"Bearer {secret}"})
    assert good.json()["actions"] == {"RESOLVE": "ALL"}
    for header in ("Bearer wrong", "Basic dTpw", "Bearer "):
        assert city.client.get(URL, headers={"Authorization": header}).status_code == 401


def test_roles_are_switched_in_the_demo_only(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.DISPATCHER)
    assert city.client.post(f"{URL}/role", json={"role": "DISPATCHER"}).status_code == 403


def test_role_switcher_signs_in_as_the_account_of_a_role(serve: Serve) -> None:
    city = serve(demo=True, public_read=True)
    make_demo_account(city.services.store, AccountRole.DISPATCHER)
    assert city.client.post(f"{URL}/role", json={"role": "DISPATCHER"}).json()["login"] == "demo-dispatcher"
    assert city.client.post(f"{URL}/role", json={"role": "PLANNER"}).status_code == 404
    assert city.client.post(f"{URL}/role", json={"role": "KING"}).status_code == 422


def test_role_switcher_leads_to_no_account_that_somebody_signs_in_to(serve: Serve) -> None:
    city = serve(demo=True, public_read=True)
    make_account(city.services.store, AccountRole.ADMIN)
    assert city.client.post(f"{URL}/role", json={"role": "ADMIN"}).status_code == 404


def test_two_browsers_have_sessions_of_their_own(serve: Serve) -> None:
    city = serve()
    first = sign_in(city, AccountRole.PLANNER)
    second = SignedInClient(city, "planner")
    assert first.session["csrf"] != second.session["csrf"]
    first.request("DELETE", URL)
    assert second.get(URL).json()["login"] == "planner"
