"""Parameters that nobody knows, or that are said twice, are refused everywhere in the same way; Accept is weighed."""

import pytest

from api.routes.replies import choose_type
from tests.fixtures.in_process import Client

PLACE = "/api/v1/resolve?lon=116.4005&lat=39.9013&datum=WGS84"
LISTS = ["/api/v1/editions", "/api/v1/editions/1", "/api/v1/editions/1/layers/cells", "/api/v1/people", PLACE]


@pytest.mark.parametrize("address", [*LISTS, "/api/v1/people/P01"])
def test_an_unknown_parameter_is_named(client: Client, address: str) -> None:
    answer = client.get(address + ("&" if "?" in address else "?") + "dautm=1")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-parameters")
    assert [error["parameter"] for error in answer.json()["errors"]] == ["dautm"]


@pytest.mark.parametrize("address", ["/api/v1/resolve", "/api/v1/resolve/shape"])
def test_so_it_is_with_bodies(client: Client, address: str) -> None:
    answer = client.post(f"{address}?datum=WGS84&when=now", content=b"{}", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-parameters")


def test_a_parameter_said_twice_is_named(client: Client) -> None:
    answer = client.get(PLACE + "&lon=2")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"parameter": "lon", "detail": "is said more than once"}]


def test_a_name_without_end_is_cut(client: Client) -> None:
    assert len(client.get("/api/v1/editions?" + "a" * 20_000 + "=1").content) < 1000


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("image/png", None),
        ("a/b;q=0, text/csv;q=0", None),
        ("a/b;q=0, */*", "text/csv"),
        ("a/b;q=0.1, text/csv;q=0.9", "text/csv"),
        ("a/b;q=junk, text/*", "text/csv"),
        ("*/*", "a/b"),
        ("text/csv, a/b", "a/b"),
        ("a/*;q=0.2, */*;q=0.1", "a/b"),
    ],
)
def test_accept_is_weighed(accept: str, chosen: str | None) -> None:
    assert choose_type(accept, ["a/b", "text/csv"]) == chosen
