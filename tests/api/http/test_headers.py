"""What every answer carries."""

import pytest

from api.http.headers import _with_our_cookies
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City


@pytest.mark.parametrize("address", ["/health/live", "/docs", "/nothing", "/api/v1/resolve", "/openapi.json"])
def test_security_headers_are_everywhere(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(("given", "kept"), [("abc-1", True), ("a" * 129, False), ("two words", False), ("", False)])
def test_a_request_id_comes_back_or_is_made(client: Client, given: str, kept: bool) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert len(answer.headers["x-request-id"]) >= 5


def test_cookies_of_others_are_not_read(client: Client) -> None:
    kept = _with_our_cookies(
        [(b"cookie", b'a="\\"\\""; gridsvc_session=abc; gridsvc_oidc="x"; b=1'), (b"accept", b"*/*")]
    )
    assert kept == [(b"cookie", b"gridsvc_session=abc"), (b"accept", b"*/*")]
    assert client.get("/health/live", headers={"Cookie": 'a="' + '\\"' * 20_000 + '"'}).status_code == 200


@pytest.mark.parametrize("address", ["/health/live", "/version", "/api/v1/editions/1/layers/cells", "/docs"])
def test_head_is_there_wherever_get_is(client: Client, address: str) -> None:
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


def test_links_follow_the_prefix_of_a_proxy(city: City) -> None:
    with Client(city.client.app, root_path="/grid") as client:
        answer = client.get("/grid/api/v1/people?limit=2")
        assert "http://city.example/grid/api/v1/people?" in answer.headers["link"]
        assert client.get("/grid/openapi.json").json()["servers"] == [{"url": "/grid"}]


@pytest.mark.parametrize(
    "address",
    [
        "people",
        "people/P01",
        "resolve?lon=116.4005&lat=39.9015&datum=WGS84",
        "search?q=x",
        "roster/vacancies",
        "drafts",
        "accounts",
        "editions",
        "editions/current",
        "editions/current/layers/components",
    ],
)
def test_what_depends_on_who_asks_is_kept_by_nobody_else(client: Client, address: str) -> None:
    headers = client.get(f"/api/v1/{address}").headers
    assert headers["cache-control"] in {"private, no-cache", "no-store"}
    assert {"cookie", "authorization"} <= {part.strip().lower() for part in headers["vary"].split(",")}


def test_what_is_the_same_for_everybody_says_nothing_of_them(client: Client) -> None:
    assert "cookie" not in client.get("/version").headers.get("vary", "").lower()
