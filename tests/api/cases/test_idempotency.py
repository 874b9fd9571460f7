"""Requests that come again: keys that are none, the same answer, other bodies, two at once."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cases import idempotency
from api.cases import recording as case_recording
from gridsvc.errors import NotReady, OutsideCoverage
from gridsvc.model.accounts import AccountRole
from gridsvc.store import recorder, recording
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.reports import URL, count_incidents, recorded, report, send, serve_apart, told
from tests.fixtures.served_city import City

Serve = Callable[..., City]


@pytest.fixture(scope="module")
def city_of_keys(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[City]:
    """A served city."""
    yield from serve_apart(tmp_path_factory, tiny_database)


@pytest.fixture(scope="module")
def collector(city_of_keys: City) -> SignedInClient:
    """Somebody who may record there."""
    return sign_in(city_of_keys, AccountRole.COLLECTOR)


def test_a_device_must_send_a_key(serve: Serve) -> None:
    city = serve()
    device = sign_in(city, AccountRole.DEVICE)
    for source in ("DEVICE", "COLLECTOR"):
        answer = send(device, source=source)
        assert (answer.status_code, answer.json()["type"]) == (428, "/problems/key-required")
    assert send(device, source="DEVICE", key="1").status_code == 201
    assert count_incidents(city) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\xe9", "a\x01b", "a\x7fb"])
def test_a_key_that_is_no_key_is_refused(collector: SignedInClient, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    assert collector.post(URL, json=report(), headers=headers).status_code == 422


def test_the_same_key_gives_the_same_answer_and_makes_nothing_twice(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.COLLECTOR)
    first, second = send(client, key="k" * 255), send(client, key="k" * 255)
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert {name: second.headers[name] for name in ("location", "etag")} == {
        name: first.headers[name] for name in ("location", "etag")
    }
    assert (count_incidents(city), len(told(city))) == (1, 1)
    other = send(client, key="k" * 255, description="something else")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/key-reused")
    assert send(sign_in(city, AccountRole.STEWARD), key="k" * 255).status_code == 201
    assert count_incidents(city) == 2


def test_a_refused_request_leaves_its_key_free(serve: Serve) -> None:
    client = sign_in(serve(), AccountRole.COLLECTOR)
    far = {"lon": 117.5, "lat": 39.9, "datum": "WGS84"}
    assert send(client, key="k", location=far).status_code == 404
    assert send(client, key="k").status_code == 201


def test_a_key_is_forgotten_after_seven_days(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    city = serve()
    client = sign_in(city, AccountRole.COLLECTOR)
    first = recorded(client, key="k")["number"]
    monkeypatch.setattr(idempotency, "KEPT", timedelta(0))
    assert recorded(client, key="k")["number"] != first


def test_one_key_at_once_is_in_flight_for_the_others(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    city = serve()
    client = sign_in(city, AccountRole.COLLECTOR)
    inside, go_on = threading.Event(), threading.Event()
    write = recording.record_all

    def slow(*given: Any) -> Any:
        inside.set()
        assert go_on.wait(10)
        return write(*given)

    monkeypatch.setattr(recorder, "record_all", slow)
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(send(client, key="k")))
    thread.start()
    assert inside.wait(10)
    busy = send(client, key="k")
    go_on.set()
    thread.join()
    assert (busy.status_code, busy.json()["type"]) == (409, "/problems/in-flight")
    assert int(busy.headers["retry-after"]) > 0
    assert answers[0].status_code == 201
    assert count_incidents(city) == 1


def test_what_was_accepted_stays_so_when_it_would_be_refused_today(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = serve()
    client = sign_in(city, AccountRole.COLLECTOR)
    first = send(client, key="k")

    def refuse(*_: Any) -> Any:
        raise OutsideCoverage("the city has shrunk")

    monkeypatch.setattr(case_recording, "ask", refuse)
    again, other = send(client, key="k"), send(client, key="k", description="something else")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (409, "/problems/key-reused")
    assert send(client, key="l").json()["type"] == "/problems/outside-coverage"


def test_a_report_that_the_database_refuses_leaves_its_key_free(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    city = serve()
    client = sign_in(city, AccountRole.COLLECTOR)
    with monkeypatch.context() as patched:
        patched.setattr(recorder, "record_all", _full_disk)
        assert send(client, key="k").status_code == 503
    assert send(client, key="k").status_code == 201
    assert count_incidents(city) == 1


def _full_disk(*_: Any) -> Any:
    raise NotReady("the disk is full")
