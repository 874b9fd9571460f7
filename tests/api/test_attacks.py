"""What somebody would try who has no right to be in: planted sessions, forged requests, guessing, false addresses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.access import allowing as access
from api.access import sign_in as rules
from api.access.sign_in import Visit, count_attempt
from api.settings import Settings
from gridsvc.accounts import secrets as kept
from gridsvc.accounts.secrets import hash_password
from gridsvc.errors import SignInRequired, TooOften
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import PASSWORD, SignedInClient, make_account, sign_in
from tests.fixtures.served_city import City

Serve = Callable[..., City]
SESSION = "/api/v1/session"
EVIL = "<script>alert(1)</script>"


def _ask(city: City, app: Any, address: str, **given: Any) -> httpx.Response:
    """A try to sign in that comes from an address, through what stands before the application."""
    root_path = given.pop("root_path", "")
    scheme = given.pop("scheme", "http")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, root_path=root_path, client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://city.example") as client:
            return await client.post(f"{root_path}{SESSION}", **given)

    return city.client._portal.call(ask)


def test_signing_in_again_ends_the_session_that_the_browser_had(serve: Serve) -> None:
    city = serve()
    old = sign_in(city, AccountRole.PLANNER)
    make_account(city.services.store, AccountRole.STEWARD)
    body = {"login": "steward", "password": PASSWORD}
    answer = city.client.post(SESSION, json=body, headers={"Cookie": old.headers["Cookie"]})
    assert answer.json()["csrf"] != old.session["csrf"]
    city.client._client.cookies.clear()
    assert old.get(SESSION).json()["login"] is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://city.example.evil"},
        {"Origin": "http://city.example:81"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_site_signs_nobody_in_and_changes_nothing(serve: Serve, headers: dict[str, str]) -> None:
    city = serve()
    client = sign_in(city, AccountRole.PLANNER)
    body = {"login": "planner", "password": PASSWORD}
    assert city.client.post(SESSION, json=body, headers=headers).status_code == 403
    assert client.request("DELETE", SESSION, headers=headers).status_code == 403
    assert client.get(SESSION).json()["login"] == "planner"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_a_form_can_send_is_no_body(serve: Serve, content_type: str) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    body = f'{{"login": "planner", "password": "{PASSWORD}"}}'
    answer = city.client.post(SESSION, content=body, headers={"Content-Type": content_type})
    assert answer.status_code in {415, 422}
    assert "set-cookie" not in answer.headers


def test_a_method_is_what_it_is(serve: Serve) -> None:
    client = sign_in(serve(), AccountRole.PLANNER)
    for headers in ({"X-HTTP-Method-Override": "DELETE"}, {"X-HTTP-Method": "DELETE"}, {"X-Method-Override": "DELETE"}):
        assert client.get(SESSION, headers={**headers, "X-CSRF-Token": ""}).json()["login"] == "planner"
    assert client.get(f"{SESSION}?_method=DELETE").status_code == 422
    assert client.get(SESSION).json()["login"] == "planner"


def test_the_csrf_token_of_another_session_is_of_no_use(serve: Serve) -> None:
    city = serve()
    first = sign_in(city, AccountRole.PLANNER)
    second = SignedInClient(city, "planner")
    stolen = {"X-CSRF-Token": second.session["csrf"]}
    assert first.request("DELETE", SESSION, headers=stolen).status_code == 403


def test_a_secret_counts_in_its_header_only(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.ADMIN)
    body = {"name": "x", "actions": ["READ_AUDIT"], "days": 1}
    secret = client.post("/api/v1/tokens", json=body).json()["secret"]
    assert city.client.get(f"/api/v1/audit?access_token={secret}").status_code in {401, 422}
    assert city.client.get("/api/v1/audit", headers={"Cookie": f"gridsvc_session={secret}"}).status_code == 401
    cookie = client.headers["Cookie"].partition("=")[2]
    assert city.client.get("/api/v1/audit", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401


def test_many_tries_at_once_are_heard_no_oftener_than_the_limit(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    body = {"login": "planner", "password": "wrong"}
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: city.client.post(SESSION, json=body).status_code, range(16)))
    assert set(statuses) <= {401, 429, 503}
    # Those that were sent away unheard (503), as many wait at once, may try again; then it is enough.
    later = [city.client.post(SESSION, json=body).status_code for _ in range(rules.PER_LOGIN_AND_ADDRESS + 1)]
    assert (statuses + later).count(401) == rules.PER_LOGIN_AND_ADDRESS
    assert later[-1] == 429


def test_one_login_is_not_tried_from_address_after_address(serve: Serve) -> None:
    services = serve().services
    for number in range(rules.PER_LOGIN):
        count_attempt(services, "planner", Visit(f"198.51.100.{number}", None))
    with pytest.raises(TooOften):
        count_attempt(services, "planner", Visit("203.0.113.1", None))
    count_attempt(services, "steward", Visit("203.0.113.1", None))


def test_one_address_does_not_try_login_after_login(serve: Serve) -> None:
    services = serve().services
    for number in range(rules.PER_ADDRESS):
        count_attempt(services, f"login-{number}", Visit("198.51.100.1", None))
    for _ in range(3):
        with pytest.raises(TooOften):
            count_attempt(services, "planner", Visit("198.51.100.1", None))
    assert (
        services.store.count_attempts(login="planner", address=None, since=services.settings.now() - rules.WINDOW) == 0
    )


def test_an_ipv6_line_is_one_address_however_many_it_uses(serve: Serve) -> None:
    services = serve().services
    for number in range(rules.PER_LOGIN_AND_ADDRESS):
        count_attempt(services, "planner", Visit(f"2001:db8:1:2::{number:x}", None))
    with pytest.raises(TooOften):
        count_attempt(services, "planner", Visit("2001:db8:1:2:ffff::1", None))
    count_attempt(services, "planner", Visit("2001:db8:1:3::1", None))
    assert rules.line_of("::ffff:198.51.100.7") == "198.51.100.7"
    assert rules.line_of("fe80::1%eth0") == "fe80::/64"
    assert rules.line_of("testclient") == "testclient"


def test_nobody_is_kept_out_by_what_others_try_behind_the_same_address(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    body, app = {"login": "planner", "password": PASSWORD}, city.client.app
    assert _ask(city, app, "203.0.113.7", json=body).status_code == 201
    for number in range(rules.PER_ADDRESS):
        count_attempt(city.services, f"login-{number}", Visit("203.0.113.7", None))
    with pytest.raises(TooOften):
        count_attempt(city.services, "somebody", Visit("203.0.113.7", None))
    wrong = {**body, "password": "wrong"}
    assert _ask(city, app, "203.0.113.7", json=body).status_code == 201
    tries = [_ask(city, app, "203.0.113.7", json=wrong).status_code for _ in range(rules.PER_LOGIN_AND_ADDRESS + 1)]
    assert tries == [401] * rules.PER_LOGIN_AND_ADDRESS + [429]


def test_nobody_is_kept_out_by_what_others_try_from_elsewhere(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    body, app = {"login": "planner", "password": PASSWORD}, city.client.app
    assert _ask(city, app, "203.0.113.7", json=body).status_code == 201
    for number in range(rules.PER_LOGIN):
        count_attempt(city.services, "planner", Visit(f"198.51.100.{number}", None))
    assert _ask(city, app, "203.0.113.8", json=body).status_code == 429
    assert _ask(city, app, "203.0.113.7", json=body).status_code == 201
    wrong = {**body, "password": "wrong"}
    tries = [_ask(city, app, "203.0.113.7", json=wrong).status_code for _ in range(rules.PER_LOGIN_AND_ADDRESS + 1)]
    assert tries == [401] * rules.PER_LOGIN_AND_ADDRESS + [429]


def test_who_showed_a_password_that_was_changed_meanwhile_gets_no_session(serve: Serve) -> None:
    services = serve().services
    account = make_account(services.store, AccountRole.PLANNER)
    visit = Visit("198.51.100.1", None)
    for changed in (replace(account, password_hash=hash_password("another password")), replace(account, active=False)):
        with services.store.begin() as work:
            work.put_account(changed)
        with pytest.raises(SignInRequired):
            rules.open_session(services, account, visit)
    with services.store.begin() as work:
        work.put_account(account)
    assert rules.open_session(services, account, visit).session.account == account


def test_an_unknown_login_costs_what_a_known_one_does() -> None:
    real, nobody = (text.split("$")[1:4] for text in (hash_password(PASSWORD), kept._nobody()))
    assert real == nobody
    lengths = [[len(part) for part in text.split("$")[4:]] for text in (hash_password(PASSWORD), kept._nobody())]
    assert lengths[0] == lengths[1]


def test_an_untrusted_caller_does_not_choose_the_address_it_is_counted_by(serve: Serve) -> None:
    city = serve()
    app = ProxyHeadersMiddleware(city.client.app, trusted_hosts=Settings().trusted_proxies)
    body = {"login": "planner", "password": "wrong"}
    statuses = [
        _ask(city, app, "203.0.113.5", json=body, headers={"X-Forwarded-For": f"9.9.9.{number}"}).status_code
        for number in range(rules.PER_LOGIN_AND_ADDRESS + 1)
    ]
    assert statuses == [401] * rules.PER_LOGIN_AND_ADDRESS + [429]


def test_behind_a_trusted_proxy_the_address_is_the_one_that_the_proxy_saw(serve: Serve) -> None:
    city = serve()
    app = ProxyHeadersMiddleware(city.client.app, trusted_hosts=Settings().trusted_proxies)
    told = {"X-Forwarded-For": "9.9.9.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    _ask(city, app, "127.0.0.1", json={"login": "planner", "password": "wrong"}, headers=told)
    [entry] = [entry for _, entry in city.services.store.list_audit(before=None, limit=1)]
    assert entry.details == {"address": "198.51.100.7"}


def test_the_cookie_is_secure_behind_https_and_goes_no_farther_than_the_service(serve: Serve) -> None:
    city = serve()
    make_account(city.services.store, AccountRole.PLANNER)
    app = ProxyHeadersMiddleware(city.client.app, trusted_hosts=Settings().trusted_proxies)
    body = {"login": "planner", "password": PASSWORD}
    plain = _ask(city, app, "127.0.0.1", json=body).headers["set-cookie"]
    https = {"X-Forwarded-Proto": "https"}
    behind = _ask(city, app, "127.0.0.1", json=body, headers=https, root_path="/grid").headers["set-cookie"]
    assert ("Secure" in plain, "Path=/;" in plain) == (False, True)
    assert ("Secure" in behind, "Path=/grid;" in behind) == (True, True)


def test_markup_in_any_text_is_text(serve: Serve) -> None:
    city = serve()
    city.client.post(SESSION, json={"login": EVIL, "password": EVIL})
    admin = sign_in(city, AccountRole.ADMIN)
    admin.post("/api/v1/accounts", json={"login": "wang", "name": EVIL, "role": "STEWARD"})
    admin.post("/api/v1/tokens", json={"name": EVIL, "actions": ["RESOLVE"], "days": 1})
    for address in ("/api/v1/accounts", "/api/v1/tokens", "/api/v1/audit"):
        answer = admin.get(address)
        assert EVIL in answer.text
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_what_is_remembered_of_callers_is_bounded(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MAX_KEPT", 3)
    city = serve()
    clients = [sign_in(city, role) for role in (AccountRole.PLANNER, AccountRole.STEWARD, AccountRole.DISPATCHER)]
    clients += [SignedInClient(city, "planner") for _ in range(3)]
    for client in clients:
        assert client.get(SESSION).json()["login"] is not None
    for number in range(10):
        city.client.get(SESSION, headers={"Cookie": f"gridsvc_session=guess-{number}"})
    assert len(city.client.app.state.callers._known) <= 3
