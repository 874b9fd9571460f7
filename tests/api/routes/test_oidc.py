"""Signing in by an OpenID provider: a real one, honest and otherwise."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gridsvc.errors import InvalidInput
from gridsvc.model.accounts import Account, AccountRole
from tests.fixtures.in_process import Client
from tests.fixtures.oidc_provider import CLIENT, SECRET, OidcProvider
from tests.fixtures.served_city import City

URL = "/api/v1/session/oidc"
Serve = Callable[..., City]


@pytest.fixture
def city(serve: Serve, oidc_provider: OidcProvider) -> City:
    served = serve(oidc_issuer=oidc_provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    for login, subject in (("li", f"{oidc_provider.issuer}#s-1"), ("wang", "wang@example.org")):
        account = Account(login=login, name=login, role=AccountRole.PLANNER, subject=subject)
        with served.services.store.begin() as work:
            work.put_account(account)
    oidc_provider.next()
    return served


def _go(client: Client) -> str:
    """To the provider and back: the address that it sends the browser to."""
    begun = client.get(URL)
    assert begun.status_code == 303, begun.text
    sent = httpx.get(begun.headers["location"])
    assert sent.status_code == 302
    return str(sent.headers["location"])


def _who(client: Client) -> str | None:
    login: str | None = client.get("/api/v1/session").json()["login"]
    return login


def test_there_is_none_where_none_is_set(serve: Serve) -> None:
    client = serve().client
    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}/callback?code=x&state=y").status_code == 404
    assert client.get("/api/v1/session").json()["oidc"] is False


def test_a_provider_that_does_not_know_us_is_no_provider(serve: Serve, oidc_provider: OidcProvider) -> None:
    with pytest.raises(InvalidInput, match="GRIDSVC_OIDC_CLIENT_ID"):
        serve(oidc_issuer=oidc_provider.issuer)


def test_the_account_of_a_subject_signs_in(city: City) -> None:
    assert city.client.get("/api/v1/session").json()["oidc"] is True
    done = city.client.get(_go(city.client))
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert _who(city.client) == "li"
    [entry] = [entry for _, entry in city.services.store.list_audit(before=None, limit=1)]
    assert (entry.action, entry.login) == ("SIGN_IN", "li")


def test_a_verified_address_is_as_good_and_another_one_is_not(city: City, oidc_provider: OidcProvider) -> None:
    oidc_provider.next(sub="s-9", email="Wang@example.org")
    assert city.client.get(_go(city.client)).status_code == 403
    oidc_provider.next(sub="s-9", email="Wang@example.org", verified="yes")
    assert city.client.get(_go(city.client)).status_code == 303
    assert _who(city.client) == "wang"


def test_nobody_gets_an_account_by_signing_in_and_a_closed_one_stays_closed(
    city: City, oidc_provider: OidcProvider
) -> None:
    oidc_provider.next(sub="stranger")
    before = city.services.store.list_accounts()
    answer = city.client.get(_go(city.client))
    assert (answer.status_code, answer.json()["subjects"]) == (403, [f"{oidc_provider.issuer}#stranger"])
    assert city.services.store.list_accounts() == before
    closed = replace(before[0], active=False)
    with city.services.store.begin() as work:
        work.put_account(closed)
    oidc_provider.next()
    assert city.client.get(_go(city.client)).status_code == 403
    assert _who(city.client) is None


@pytest.mark.parametrize(
    "fault",
    ["signature", "nonce", "audience", "party", "issuer", "expired", "future", "nobody", "none", "shared", "kid"],
)
def test_a_token_with_a_fault_signs_nobody_in(city: City, oidc_provider: OidcProvider, fault: str) -> None:
    oidc_provider.next(fault=fault)
    answer = city.client.get(_go(city.client))
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/sign-in-required")
    assert _who(city.client) is None


def test_an_answer_counts_once(city: City) -> None:
    begun = city.client.get(URL)
    cookie = begun.headers["set-cookie"].partition(";")[0]
    back = str(httpx.get(begun.headers["location"]).headers["location"])
    assert city.client.get(back).status_code == 303
    city.client._client.cookies.clear()
    assert city.client.get(back, headers={"Cookie": cookie}).status_code == 401


def test_an_answer_counts_in_the_browser_that_asked(city: City) -> None:
    back = _go(city.client)
    city.client._client.cookies.clear()
    assert city.client.get(back).status_code == 401
    _go(city.client)
    assert city.client.get(back).status_code == 401
    assert _who(city.client) is None


@pytest.mark.parametrize("query", ["", "state=x", "code=x", "error=access_denied", "code=x&state=", "code=x&state=%00"])
def test_an_answer_without_what_belongs_to_it_is_refused(city: City, query: str) -> None:
    city.client.get(URL)
    assert city.client.get(f"{URL}/callback?{query}").status_code == 401


def test_another_providers_answer_is_refused(city: City) -> None:
    back = _go(city.client)
    mixed = back.partition("&iss=")[0] + "&iss=https%3A%2F%2Fevil.example"
    assert city.client.get(mixed).status_code == 401


def test_the_request_is_bound_and_the_session_new(city: City) -> None:
    begun = city.client.get(URL)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://city.example/api/v1/session/oidc/callback"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    cookie = begun.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/api/v1/session/oidc", "Max-Age=600"))
    assert asked["code_challenge"] not in cookie


def test_a_provider_that_is_gone_is_told(serve: Serve) -> None:
    city = serve(oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    assert city.client.get(URL).status_code == 503


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_person_whom_nobody_knows_is_told_what_to_do(city: City, oidc_provider: OidcProvider) -> None:
    oidc_provider.next(sub="<b>&stranger")
    answer = city.client.get(_go(city.client), headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "没有您的账号" in answer.text
    assert f"{oidc_provider.issuer}#&lt;b&gt;&amp;stranger" in answer.text
    assert 'href="/api/v1/session/oidc"' in answer.text
    assert "<script" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert _who(city.client) is None


def test_a_person_whose_sign_in_broke_off_begins_again_from_a_page(city: City) -> None:
    back = _go(city.client)
    cancelled = city.client.get(f"{back.partition('?')[0]}?error=access_denied&state=x", headers=BROWSER)
    assert cancelled.status_code == 401
    assert "Sign in again" in cancelled.text
    assert 'gridsvc_oidc=""' in cancelled.headers["set-cookie"]
    assert city.client.get(back, headers=BROWSER).status_code == 401  # that flow is over
    assert city.client.get(_go(city.client), headers=BROWSER).status_code == 303


def test_a_person_is_told_that_the_provider_is_gone(serve: Serve) -> None:
    city = serve(oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    answer = city.client.get(URL, headers=BROWSER)
    assert answer.status_code == 503
    assert "没有回应" in answer.text


def test_an_address_that_looks_like_the_providers_own_name_is_none(city: City, oidc_provider: OidcProvider) -> None:
    oidc_provider.next(sub="s-9", email=f"{oidc_provider.issuer}#s-1", verified="yes")
    assert city.client.get(_go(city.client)).status_code == 403
