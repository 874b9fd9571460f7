"""Every error of the field has its place over HTTP and on the terminal, and no answer tells internals."""

from collections.abc import Callable, Iterator

import pytest

from api.cli.terminal import exit_code
from api.http.problems import KIND_OF, KINDS
from gridsvc.errors import Busy, GridError, InvalidInput, LayerRefused, NotReady, PublishRefused
from gridsvc.model.issue import Issue, Severity
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City

FINDING = Issue("CELL_OVERLAP", Severity.BLOCK, "cells")


def subclasses(of: type[GridError]) -> Iterator[type[GridError]]:
    yield of
    for each in of.__subclasses__():
        yield from subclasses(each)


def test_the_table_of_errors_is_complete() -> None:
    assert set(KIND_OF) == set(subclasses(GridError))


def test_names_of_problems_are_addresses_and_mean_one_thing() -> None:
    assert len(KINDS) == len({kind.type for kind in KINDS.values()})
    assert all(name.replace("-", "").isalpha() for name in KINDS)
    assert all(kind.title and kind.remedy and 400 <= kind.status < 600 for kind in KINDS.values())


def test_every_kind_is_told_in_chinese_too() -> None:
    told = [text for kind in KINDS.values() for text in (kind.title_zh, kind.remedy_zh)]
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in told)


def test_a_refusal_is_told_in_both_languages(client: Client) -> None:
    asked = client.get("/api/v1/resolve", params={"lon": 116.4, "lat": 39.9, "datum": "WGS84", "category": "X:1"})
    assert asked.json()["detail"].startswith("category X:1 is not in the roster")
    assert asked.json()["detail_zh"].startswith("名册中没有类别 X:1")
    assert asked.json()["remedy_zh"] == KINDS["unknown-category"].remedy_zh


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LayerRefused("x", [FINDING]), 1),
        (PublishRefused("x", [FINDING]), 1),
        (InvalidInput("x"), 2),
        (NotReady("x"), 3),
        (Busy("x"), 3),
    ],
)
def test_exit_codes(error: GridError, code: int) -> None:
    assert exit_code(error) == code


@pytest.mark.parametrize(
    ("method", "address", "status", "kind"),
    [
        ("GET", "/nothing/here", 404, "no-such-address"),
        ("GET", "/api/v1/nothing", 404, "no-such-address"),
        ("DELETE", "/api/v1/editions", 405, "method-not-allowed"),
        ("PUT", "/api/v1/resolve", 405, "method-not-allowed"),
        ("GET", "/assets/none.js", 404, "no-such-address"),
    ],
)
def test_the_router_speaks_problem_json_too(client: Client, method: str, address: str, status: int, kind: str) -> None:
    answer = client.request(method, address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{kind}"
    assert problem["instance"] == address
    assert {"title", "status", "detail", "remedy"} <= problem.keys()
    if status == 405:
        assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("/api/v1/resolve", "GET, HEAD, POST"), ("/api/v1/resolve/shape", "POST"), ("/assets/x", "GET, HEAD")],
)
def test_allow_names_every_method_of_an_address(client: Client, address: str, allowed: str) -> None:
    assert client.request("DELETE", address).headers["allow"] == allowed


def test_the_unforeseen_is_told_without_internals(serve: Callable[..., City], monkeypatch: pytest.MonkeyPatch) -> None:
    city = serve(demo=True)

    def fail(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM /var/lib/place")

    monkeypatch.setattr(city.services.serving.__class__, "timeline", fail)
    answer = city.client.get("/api/v1/editions")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"
    assert b"secret" not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
