"""Figures and log: refusals, routes as templates, and no word of places, people or secrets."""

import logging
import sys
from collections.abc import Callable, Iterator

import orjson
import pytest

from api.operation.logs import JsonLines, PlainLines
from gridsvc.errors import NotReady
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import PASSWORD, sign_in
from tests.fixtures.served_city import City

Serve = Callable[..., City]
PLACE = "/api/v1/resolve?lon=116.4005&lat=39.9013&datum=WGS84"


class Kept(logging.Handler):
    """Lines as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler, logger = Kept(), logging.getLogger("gridsvc.requests")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def _figures(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Via", "Forwarded"])
def test_figures_are_not_for_who_comes_through_a_proxy(serve: Serve, header: str) -> None:
    city = serve()
    assert city.client.get("/metrics", headers={header: "1.2.3.4"}).status_code == 401
    planner = sign_in(city, AccountRole.PLANNER)
    assert planner.get("/metrics", headers={header: "1.2.3.4"}).status_code == 403
    assert sign_in(city, AccountRole.ADMIN).get("/metrics", headers={header: "1.2.3.4"}).status_code == 200


def test_figures_count_requests_by_route_and_answers_by_doubt(serve: Serve) -> None:
    city = serve(public_read=True)
    assert city.client.get(PLACE).status_code == 200
    assert city.client.get("/api/v1/resolve?lon=116.9&lat=39.9&datum=WGS84").status_code == 404
    assert city.client.get("/no/such/page").status_code == 404
    assert city.client.get("/api/v1/editions/1").status_code == 200
    answer = city.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    figures = _figures(answer.text)
    resolve = 'gridsvc_request_seconds_count{method="GET",route="/api/v1/resolve",status="%s"}'
    assert [figures[resolve % status] for status in (200, 404)] == [1, 1]
    assert figures['gridsvc_request_seconds_count{method="GET",route="/api/v1/editions/{number}",status="200"}'] == 1
    assert figures['gridsvc_answers_total{match="INSIDE"}'] == 1
    assert figures["gridsvc_outside_total"] == 1
    assert (figures["gridsvc_edition"], figures["gridsvc_roster_revision"]) == (1, 1)
    assert figures['gridsvc_jobs{state="WAITING"}'] == 0
    assert (figures["gridsvc_live_streams"], figures["gridsvc_ready"], figures["gridsvc_database_up"]) == (0, 1, 1)
    assert "/no/such/page" not in answer.text


def test_log_tells_each_request_and_nothing_that_was_sent(serve: Serve, kept: Kept) -> None:
    city = serve(public_read=True)
    client = sign_in(city, AccountRole.DISPATCHER)
    answer = client.get(PLACE, headers={"X-Request-ID": "abc-1"})
    assert answer.status_code == 200
    city.client.post("/api/v1/session", json={"login": "somebody", "password": "wrong secret"})
    city.client.get("/no/such/116.4005")
    documents = [orjson.loads(line) for line in kept.lines]
    told = documents[1]
    assert told["request"] == "abc-1"
    assert (told["method"], told["route"], told["status"]) == ("GET", "/api/v1/resolve", 200)
    assert (told["role"], told["ms"] > 0) == ("DISPATCHER", True)
    for secret in ("116.4005", "39.9013", "dispatcher", "somebody", "wrong secret", PASSWORD):
        assert not [line for line in kept.lines if secret in line]


def test_exception_is_one_line_without_what_was_sent() -> None:
    records = []
    for error in (ValueError("phone 000-0001"), NotReady("the disk is full")):
        try:
            raise error
        except (ValueError, NotReady):
            records.append(logging.LogRecord("x", logging.ERROR, "f", 1, "failed\nhere", (), sys.exc_info()))
    lines = [JsonLines().format(record) for record in records]
    assert not any("\n" in line for line in lines)
    assert orjson.loads(lines[0])["exception"][-1] == "builtins.ValueError"
    assert orjson.loads(lines[1])["exception"][-1].endswith("NotReady: the disk is full")
    assert "000-0001" not in PlainLines().format(records[0])
