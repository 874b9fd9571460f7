"""Plain questions at their own door, and the same put to the declared route: the same bytes and headers."""

import re
from collections.abc import Callable
from random import Random
from urllib.parse import urlencode

import httpx
import pytest

from api.plain_door import read_plain
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import SignedInClient, make_account
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City
from tests.fixtures.tiny_city import COVER, PARKING, RUBBISH

PLACE = "lon=116.4005&lat=39.9013&datum=WGS84"
_AT = re.compile(rb'"at":"[^"]*"')
_STEPS = (0.0, 1e-12, 1e-9, 3e-6, 5e-5, 1e-4, 4e-4)
HOSTILE = [
    "",
    "&",
    "lon",
    "lon=116.4005",
    "lat=39.9013&datum=WGS84",
    PLACE + "&",
    PLACE + "&&",
    PLACE + "&datum=WGS84",
    PLACE + "&data=WGS84",
    PLACE + "&at=2026-02-01T10:00:00%2B08:00",
    PLACE + "&accuracy_m=0",
    PLACE + "&accuracy_m=-1",
    PLACE + "&accuracy_m=100000.1",
    PLACE + "&accuracy_m=1e1",
    PLACE + "&category=0102",
    PLACE + "&category=:0102",
    PLACE + "&category=EVENT_CJT214:9999",
    PLACE + "&category=EVENT_CJT214%3A0102",
    PLACE + "&category=EVENT_CJT214%3a0102",
    PLACE + "&category=EVENT_CJT214:0102:",
    PLACE + "&category=COMPONENT_CJT214:0102",
    PLACE + "&reporter=nobody",
    PLACE + "&edition=1&roster=1",
    PLACE + ";lon=1",
    PLACE.replace("WGS84", "wgs84"),
    PLACE.replace("WGS84", "GCJ02"),
    PLACE.replace("WGS84", "BD09"),
    PLACE.replace("WGS84", "CGCS2000"),
    PLACE.replace("WGS84", "EPSG:4326"),
    PLACE.replace("datum", "d%61tum"),
    PLACE.replace("116.4005", "%31%31%36.4005"),
    PLACE.replace("116.4005", "+116.4005"),
    PLACE.replace("116.4005", "%20116.4005"),
    PLACE.replace("116.4005", "1_16.4005"),
    PLACE.replace("116.4005", "116.4005%0A"),
    PLACE.replace("116.4005", "116."),
    PLACE.replace("116.4005", ".4005"),
    PLACE.replace("116.4005", "-0"),
    PLACE.replace("116.4005", "-0.0"),
    PLACE.replace("116.4005", "0116.4005"),
    PLACE.replace("116.4005", "116.40050000000000000001"),
    PLACE.replace("116.4005", "116.4005000000000000000000000001"),
    PLACE.replace("116.4005", "9" * 30),
    PLACE.replace("116.4005", "1" * 9),
    PLACE.replace("116.4005", "nan"),
    PLACE.replace("116.4005", "%EF%BC%91"),
    PLACE.replace("116.4005", "39.9013").replace("lat=39.9013", "lat=116.4005"),
    "datum=WGS84&lat=39.9013&lon=116.4005",
]


def ask(
    client: Client | SignedInClient, query: str, method: str = "GET"
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    answer = client.request(method, f"/api/v1/resolve?{query}", headers={"X-Request-ID": "same"})
    return answer.status_code, _without_length(answer), _AT.sub(b"", answer.content)


def _without_length(answer: httpx.Response) -> list[tuple[bytes, bytes]]:
    """The instant of now has six digits more or none."""
    return [(name, value) for name, value in answer.headers.raw if name.lower() != b"content-length"]


def compare(city: City, client: Client | SignedInClient, queries: list[str], method: str = "GET") -> None:
    app = city.client.app
    door = app.plain
    for query in queries:
        quick = ask(client, query, method)
        app.plain = None
        declared = ask(client, query, method)
        app.plain = door
        assert quick == declared, query


def make_queries(seed: int, count: int) -> list[str]:
    """Places in and around the tiny city, many of them on its borders or beside them."""
    rng, found = Random(seed), []
    for _ in range(count):
        lon, lat = rng.uniform(116.3985, 116.4045), rng.uniform(39.8985, 39.9045)
        if rng.random() < 0.4:
            lon = 116.4 + rng.randrange(-1, 5) / 1000 + rng.choice((-1, 1)) * rng.choice(_STEPS)
        if rng.random() < 0.2:
            lat = 39.9 + rng.randrange(-1, 5) / 1000 + rng.choice((-1, 1)) * rng.choice(_STEPS)
        asked: dict[str, object] = {"lon": lon, "lat": lat, "datum": rng.choice(["WGS84"] * 5 + ["GCJ02", "CGCS2000"])}
        if rng.random() < 0.15:
            asked["accuracy_m"] = rng.choice([3.5, 20, 60.25])
        if rng.random() < 0.3:
            asked["category"] = ":".join(rng.choice([RUBBISH, PARKING, COVER]))
        found.append(urlencode(asked))
    return found


def test_a_visitor_of_the_demo_is_answered_the_same(city: City):
    compare(city, city.client, make_queries(1, 500))


def test_the_public_is_answered_the_same(serve: Callable[..., City]):
    city = serve(public_read=True)
    compare(city, city.client, make_queries(2, 200))


def test_visitors_are_refused_the_same(serve: Callable[..., City]):
    city = serve()
    compare(city, city.client, make_queries(3, 5))


@pytest.mark.parametrize("role", [AccountRole.DISPATCHER, AccountRole.GRID_OFFICER, AccountRole.ADMIN])
def test_who_signed_in_is_answered_the_same_and_leaves_the_same_notes(serve: Callable[..., City], role: AccountRole):
    city = serve()
    make_account(city.services.store, role)
    compare(city, SignedInClient(city, role.lower()), make_queries(4, 80))


@pytest.mark.parametrize("query", HOSTILE)
def test_however_it_is_written_it_is_answered_the_same(city: City, query: str):
    compare(city, city.client, [query])


def test_the_head_alone_is_the_same(city: City):
    compare(city, city.client, make_queries(5, 20), "HEAD")


def test_what_is_written_plainly_takes_the_door(city: City):
    assert read_plain(PLACE.encode()) == (116.4005, 39.9013, "WGS84", *[None] * 2, "0.68", *[None] * 5)
    asked = read_plain((PLACE + "&accuracy_m=5&category=EVENT_CJT214%3A0102").encode())
    assert asked is not None
    assert (asked.accuracy_m, asked.category) == (5.0, "EVENT_CJT214:0102")


def test_figures_tell_the_route(city: City):
    before = _counted(city)
    ask(city.client, PLACE)
    assert _counted(city) == before + 1


def _counted(city: City) -> float:
    metrics = city.client.app.state.metrics.text().decode()
    name = 'gridsvc_request_seconds_count{method="GET",route="/api/v1/resolve",status="200"} '
    return next((float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(name)), 0.0)
