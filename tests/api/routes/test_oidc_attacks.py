"""What somebody may try with the provider's answers, and with addresses that lead to it and back."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from api.oidc import line, provider
from api.oidc.flow import is_safe
from api.settings import Settings
from gridsvc.model.accounts import Account, AccountRole
from tests.fixtures.accounts import make_account, sign_in
from tests.fixtures.in_process import Client
from tests.fixtures.oidc_provider import CLIENT, SECRET, OidcProvider
from tests.fixtures.real_server import served_for_real
from tests.fixtures.served_city import City

URL = "/api/v1/session/oidc"
THREADS = 48
"""More than routes share."""
Serve = Callable[..., City]


@pytest.fixture
def city(serve: Serve, oidc_provider: OidcProvider) -> City:
    served = serve(oidc_issuer=oidc_provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    account = Account(login="li", name="li", role=AccountRole.PLANNER, subject=f"{oidc_provider.issuer}#s-1")
    with served.services.store.begin() as work:
        work.put_account(account)
    oidc_provider.next()
    return served


def begin(client: Client) -> tuple[str, str]:
    """(the flow's cookie, the address to which the provider sends the browser back)."""
    begun = client.get(URL)
    client._client.cookies.clear()
    sent = httpx.get(begun.headers["location"])
    return begun.headers["set-cookie"].partition(";")[0], str(sent.headers["location"])


def finish(client: Client, back: str, cookie: str) -> httpx.Response:
    answer = client.get(back, headers={"Cookie": cookie})
    client._client.cookies.clear()
    return answer


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.parametrize(
    "fault",
    [
        *("number", "endless", "surrogate", "zero", "crowd", "object", "strange nonce", "listed nonce", "text", "yes"),
        *("junk", "encrypted", "own key", "moved"),
        *(f"without {claim}" for claim in ("iss", "aud", "exp", "iat", "nonce", "sub")),
    ],
)
def test_a_strange_token_signs_nobody_in(city: City, oidc_provider: OidcProvider, fault: str) -> None:
    cookie, back = begin(city.client)
    oidc_provider.next(fault=fault)
    answer = finish(city.client, back, cookie)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/sign-in-required")
    assert "gridsvc_session" not in answer.headers.get("set-cookie", "")


def test_a_code_of_somebody_else_fits_no_other_flow(city: City, oidc_provider: OidcProvider) -> None:
    """Not even where the provider forgets to ask for the verifier, and takes codes again and again: the token says for
    which flow it was made.
    """
    oidc_provider.next(fault="lenient")
    (theirs, stolen), (own, back) = begin(city.client), begin(city.client)
    mixed = asked(back) | {"code": asked(stolen)["code"]}
    answer = finish(city.client, f"{URL}/callback?{urlencode(mixed)}", own)
    assert answer.status_code == 401
    assert finish(city.client, stolen, theirs).status_code == 303


def test_an_answer_that_a_browser_shows_again_is_over(city: City, oidc_provider: OidcProvider) -> None:
    """The address stays in the history: whoever opens it again has no flow any more, whatever the provider forgives."""
    oidc_provider.next(fault="lenient")
    begun = city.client.get(URL)
    back = str(httpx.get(begun.headers["location"]).headers["location"])
    done = city.client.get(back)
    assert done.status_code == 303
    assert city.client.get(back).status_code == 401


def test_a_provider_that_is_silent_holds_up_nobody_else(
    city_folder: Path, oidc_provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may send answers that the provider has to be asked about: more of them than there are threads."""
    monkeypatch.setattr(line, "TURN_S", 60.0)
    monkeypatch.setattr(provider, "TIMEOUT_S", 60.0)
    settings = Settings(
        data_dir=city_folder,
        oidc_issuer=oidc_provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
    )
    with served_for_real(settings) as city, ThreadPoolExecutor(THREADS) as threads:
        clerk, forged = sign_in(city, AccountRole.ROSTER_CLERK), {"Cookie": "gridsvc_oidc=a.b.c"}
        oidc_provider.next(fault="silent")
        answer = f"{URL}/callback?state=a&code=x"
        sent = [threads.submit(city.client.get, answer, headers=forged, timeout=60) for _ in range(THREADS)]
        places, end = city.server.config.app.state.oidc.line._places, time.monotonic() + 30  # type: ignore[union-attr]
        while places.statistics().tasks_waiting < THREADS - line.AT_ONCE:
            assert time.monotonic() < end
            time.sleep(0.02)
        assert clerk.get("/api/v1/roster/vacancies", timeout=20).status_code == 200
        oidc_provider.next()
        assert {answer.result().status_code for answer in sent} == {401}


@pytest.mark.parametrize("name", ["state", "code", "iss"])
def test_what_an_answer_says_twice_is_no_answer(city: City, name: str) -> None:
    cookie, back = begin(city.client)
    first = f"{URL}/callback?{name}=https%3A%2F%2Fevil.example&{urlsplit(back).query}"
    assert finish(city.client, first, cookie).status_code == 401
    assert finish(city.client, f"{back}&{name}=x", cookie).status_code == 401


@pytest.mark.parametrize(
    "query", ["next=https://evil.example/", "next=//evil.example", "redirect_uri=https://evil.example/"]
)
def test_a_sign_in_leads_home_and_nowhere_else(city: City, query: str) -> None:
    begun = city.client.get(f"{URL}?{query}")
    assert "evil" not in begun.headers["location"]
    back = str(httpx.get(begun.headers["location"]).headers["location"])
    done = city.client.get(f"{back}&{query}")
    assert (done.status_code, done.headers["location"]) == (303, "/")


def test_an_address_that_a_sender_names_is_not_where_the_code_goes(city: City) -> None:
    """Only proxies that are trusted say under which address the service is shown."""
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "//evil.example", "Forwarded": "host=evil"}
    begun = city.client.get(URL, headers=forged)
    assert asked(begun.headers["location"])["redirect_uri"].startswith("http://city.example/api/")


@pytest.mark.parametrize(
    "address", ["https://[", "http://evil.example/", "ftp://127.0.0.1/", "//evil.example", "", None, 1]
)
def test_an_address_that_is_none_is_not_safe(address: object) -> None:
    assert not is_safe(address)


def test_the_session_of_before_ends(city: City) -> None:
    make_account(city.services.store, AccountRole.ADMIN, "old")
    before = sign_in(city, AccountRole.INSPECTOR)
    cookie, back = begin(city.client)
    done = finish(city.client, back, f"{cookie}; {before.headers['Cookie']}")
    assert done.status_code == 303
    assert before.get("/api/v1/session").json()["login"] is None
    assert before.headers["Cookie"] not in done.headers["set-cookie"]
