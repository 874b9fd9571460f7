"""Recording incidents: what is refused, what is kept and told, the frozen answer, hostile texts."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from api.cases import recording
from gridsvc.datum.convert import from_wgs84
from gridsvc.model.accounts import AccountRole
from gridsvc.model.work import Topic
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.reports import URL, count_incidents, listed, recorded, report, send, serve_apart, told
from tests.fixtures.served_city import City

Serve = Callable[..., City]


@pytest.fixture(scope="module")
def empty_city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[City]:
    """A served city where nothing is ever recorded."""
    yield from serve_apart(tmp_path_factory, tiny_database)


@pytest.fixture(scope="module")
def collector(empty_city: City) -> SignedInClient:
    """Somebody who may record there."""
    return sign_in(empty_city, AccountRole.COLLECTOR)


def test_visitors_and_roles_without_the_right_record_nothing(serve: Serve) -> None:
    city = serve(demo=True, public_read=True)
    assert city.client.post(URL, json=report()).status_code == 401
    for role in (AccountRole.PLANNER, AccountRole.HANDLER, AccountRole.ADMIN):
        assert send(sign_in(city, role)).status_code == 403
    assert count_incidents(city) == 0


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"location": {"lon": 116.4005, "lat": 39.9013}}, 422, "unknown-datum"),
        ({"location": {"lon": 116.4005, "lat": 39.9013, "datum": "MARS"}}, 422, "unknown-datum"),
        ({"location": {"lon": 39.9, "lat": 116.4, "datum": "WGS84"}}, 422, "invalid-location"),
        ({"location": {"lon": "116.4", "lat": 39.9, "datum": "WGS84"}}, 422, "invalid-parameters"),
        ({"location": {"lon": True, "lat": 39.9, "datum": "WGS84"}}, 422, "invalid-parameters"),
        ({"location": {"lon": 117.5, "lat": 39.9, "datum": "WGS84"}}, 404, "outside-coverage"),
        ({"source": "GOSSIP"}, 422, "invalid-parameters"),
        ({"source": None}, 422, "invalid-parameters"),
        ({"color": "red"}, 422, "invalid-parameters"),
        ({"category": "EVENT_CJT214:9999"}, 422, "unknown-category"),
        ({"category": "rubbish"}, 422, "invalid-input"),
        ({"description": "x" * 4001}, 422, "invalid-parameters"),
        ({"description": "a\x00b"}, 422, "invalid-parameters"),
        ({"address": "a\x07b"}, 422, "invalid-parameters"),
        ({"description": "x" * 1_000_000}, 413, "too-large"),
        ({"contact": {"phone": "1" * 41}}, 422, "invalid-parameters"),
        ({"contact": {"email": "a@b"}}, 422, "invalid-parameters"),
        ({"occurred_at": "yesterday"}, 422, "invalid-input"),
        ({"occurred_at": "2026-11-22T08:00:00"}, 422, "invalid-input"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, 422, "invalid-input"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, 422, "invalid-input"),
        ({"occurred_at": 1}, 422, "invalid-parameters"),
    ],
)
def test_what_is_no_report_is_refused_and_not_recorded(
    empty_city: City, collector: SignedInClient, changes: dict[str, Any], status: int, kind: str
) -> None:
    answer = send(collector, **changes)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert count_incidents(empty_city) == 0
    assert not told(empty_city)


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"description": "\\ud800"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "text/plain", 415),
    ],
)
def test_a_body_that_is_no_json_is_refused(
    collector: SignedInClient, body: bytes, media_type: str, status: int
) -> None:
    assert collector.post(URL, content=body, headers={"Content-Type": media_type}).status_code == status


def test_a_name_that_is_said_twice_is_refused_by_name(empty_city: City, collector: SignedInClient) -> None:
    body = orjson.dumps(report()).replace(b'"source"', b'"source":"CHIEF","source"')
    answer = collector.post(URL, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-parameters")
    assert [error["parameter"] for error in answer.json()["errors"]] == ["source"]
    assert count_incidents(empty_city) == 0


def test_a_recorded_incident_is_what_get_gives(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.DISPATCHER)
    answer = send(client, "C1", category="EVENT_CJT214:0505", address="门口", contact={"name": "张三", "phone": "1"})
    assert answer.status_code == 201
    document = answer.json()
    day = city.services.settings.now().strftime("%Y%m%d")
    assert document["number"] == f"{day}-000001"
    assert (document["state"], document["version"], document["made_by"]) == ("REPORTED", 1, "dispatcher")
    assert (document["category"], document["category_name"]) == ("EVENT_CJT214:0505", "机动车乱停放")
    assert document["lead"] == {"code": "TRAFFIC", "name": "District Traffic Police"}
    assert [area["code"] for area in document["areas"]] == ["990101", "990101002", "990101002001"]
    assert document["cell"]["code"] == "990101002001002"
    assert document["contact"] == {"name": "张三", "phone": "1"}
    assert answer.headers["location"] == f"{URL}/{document['number']}"
    again = client.get(answer.headers["location"])
    assert again.json() == document
    assert again.headers["etag"] == answer.headers["etag"] == '"v1"'
    assert "private" in again.headers["cache-control"]
    unchanged = client.get(answer.headers["location"], headers={"If-None-Match": '"v1"'})
    assert unchanged.status_code == 304


def test_what_was_recorded_is_told_and_audited_without_the_reporter(serve: Serve) -> None:
    city = serve()
    contact = {"name": "张三", "phone": "no number"}
    number = recorded(sign_in(city, AccountRole.ACCEPTOR), "B2", contact=contact)["number"]
    store = city.services.store
    [message] = told(city)
    assert (message.topic, message.body["number"]) == (Topic.INCIDENT_RECORDED, number)
    assert message.areas == ("990101", "990101001", "990101001002")
    assert (message.departments[0], message.made_by) == ("WEST", "acceptor")
    assert message.body == listed(sign_in(city, AccountRole.DISPATCHER))[0]
    entry = next(entry for _, entry in store.list_audit(before=None, limit=50) if entry.action == "RECORD_INCIDENT")
    assert (entry.target, entry.login) == (number, "acceptor")
    for text in (repr(message), repr(entry)):
        assert "张三" not in text
        assert "no number" not in text


@pytest.mark.parametrize(
    ("ago", "used"),
    [
        (timedelta(days=6), True),
        (timedelta(days=8), False),
        (timedelta(minutes=-4), True),
        (timedelta(hours=-1), False),
    ],
)
def test_when_it_happened_is_used_as_far_as_it_can_be_believed(serve: Serve, ago: timedelta, used: bool) -> None:
    city = serve()
    told = (city.services.settings.now() - ago).isoformat()
    document = recorded(sign_in(city, AccountRole.DISPATCHER), occurred_at=told)
    assert document["occurred_at"] == told
    assert (document["resolution"]["at"] == told) is used


def test_asked_again_by_the_frozen_three_the_bytes_are_the_same(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.DISPATCHER)
    collector = sign_in(city, AccountRole.COLLECTOR, person="P06")
    lon, lat = (float(value[0]) for value in from_wgs84(np.array([116.4005]), np.array([39.9013]), "GCJ02"))
    gcj = {"lon": lon, "lat": lat, "datum": "GCJ02", "accuracy_m": 35.5}
    numbers = [
        recorded(client, location=gcj, category="EVENT_CJT214:0102")["number"],
        recorded(client, "A0", category="COMPONENT_CJT214:0102")["number"],
        recorded(collector, "C1")["number"],
        recorded(client, location={"lon": 116.4025, "lat": 39.9013, "datum": "CGCS2000", "accuracy_m": 1})["number"],
    ]
    for number in numbers:
        document = client.get(f"{URL}/{number}/again").json()
        assert document["same"] is True
        assert document["resolution"] == client.get(f"{URL}/{number}").json()["resolution"]


def test_an_answer_that_differs_is_told_and_not_written_over(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.DISPATCHER)
    number = recorded(client)["number"]
    frozen = client.get(f"{URL}/{number}").json()["resolution"]
    other = serve(tolerance_m=200, data_dir=city.services.settings.data_dir)
    document = SignedInClient(other, "dispatcher").get(f"{URL}/{number}/again").json()
    assert document["same"] is False
    assert document["resolution"] != frozen
    assert client.get(f"{URL}/{number}").json()["resolution"] == frozen


def test_a_frozen_answer_is_given_to_the_byte(serve: Serve) -> None:
    city = serve()
    answer = send(sign_in(city, AccountRole.DISPATCHER))
    stored = city.services.store.get_incident(answer.json()["number"]).answer.document
    assert stored in answer.content
    assert orjson.loads(stored) == answer.json()["resolution"]


def test_markup_and_strange_letters_in_every_text_come_back_as_they_went(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.DISPATCHER)
    texts = [
        '<script>alert("1")</script>',
        "</textarea><img src=x onerror=alert(1)>",
        "𠀀🀄️أهلا",
        "a\nb\tc",
        "';--",
    ]
    for text in texts:
        document = recorded(
            client, description=text, address=text.replace("\n", " "), contact={"name": text, "phone": text[:40]}
        )
        assert (document["description"], document["contact"]["name"]) == (text, text)
        answer = client.get(f"{URL}/{document['number']}")
        assert answer.json()["description"] == text
        assert answer.headers["content-type"] == "application/json"
        assert [item["description"] for item in listed(client, q=text)] == [text]
    assert [message.body["description"] for message in told(city)] == texts


def test_reports_count_among_the_answers_and_those_outside_too(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.DISPATCHER)
    recorded(client)
    assert send(client, location={"lon": 117.5, "lat": 39.9, "datum": "WGS84"}).status_code == 404
    counts = city.services.serving.answers.counts()
    assert (sum(counts.matches.values()), counts.outside) == (1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"location": {"lon": 116.4005, "lat": 39.9013, "datum": "EPSG:4326"}},
        {"location": {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84", "accuracy_m": 20_000}},
        {"occurred_at": "2026-04-01T08:00:00+08:00"},
    ],
)
def test_what_may_take_long_does_not_hold_up_others(
    serve: Serve, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRS that is read, a wide circle, an older edition: in another thread than that of the loop."""
    client = sign_in(serve(), AccountRole.DISPATCHER)
    threads: list[str] = []
    find = recording.ask

    def noted(*given: Any) -> Any:
        threads.append(threading.current_thread().name)
        return find(*given)

    monkeypatch.setattr(recording, "ask", noted)
    recorded(client, **changes)
    recorded(client)
    assert "AnyIO worker" in threads[0]
    assert "AnyIO worker" not in threads[1]
