"""The live stream over a real connection: who hears what, resuming, limits, and how a stream ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from api.live import answer as answering
from api.live import feed as feeding
from api.live import stream as streaming
from api.live.listener import ACTIONS
from api.settings import Settings
from gridsvc.accounts import manage
from gridsvc.accounts.manage import Doer
from gridsvc.model.accounts import AccountRole, Caller
from gridsvc.model.work import Message, Topic
from gridsvc.ports.expiry import Kept
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.real_server import served_for_real
from tests.fixtures.served_city import City

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
Event = dict[str, str]


@pytest.fixture
def city(city_folder: Path) -> Iterator[City]:
    with served_for_real(Settings(data_dir=city_folder, city_name="Tiny City")) as served:
        yield served


def _tell(city: City, *names: str, topic: Topic = Topic.INCIDENT_RECORDED, **about: Any) -> None:
    told = {"areas": ("990101", "990101001"), "departments": ("WEST",), **about}
    with city.services.store.begin() as work:
        work.tell([Message(topic=topic, at=NOW, body={"name": name}, **told) for name in names])


class Ear:
    """A listener that reads events one by one."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def next(self) -> Event | None:
        """The next event or heartbeat; None at the end of the stream."""
        event: Event = {}
        for line in self._lines:
            if not line and event:
                return event
            name, _, value = line.partition(": ")
            event[name] = value
        return None

    def names(self, count: int) -> list[str]:
        """Names in the bodies of the next events."""
        events = [self.next() for _ in range(count)]
        return [orjson.loads(event["data"])["name"] for event in events if event]


@contextmanager
def _listen(city: City, headers: dict[str, str] | None = None, url: str = "/api/v1/live") -> Iterator[Ear]:
    with city.client.stream("GET", url, headers=headers) as answer:  # type: ignore[attr-defined]
        assert answer.status_code == 200, answer.read()
        yield Ear(answer)


def _dispatcher(city: City, **scope: str) -> SignedInClient:
    return sign_in(city, AccountRole.DISPATCHER, **scope)


def test_every_topic_asks_for_a_right() -> None:
    assert set(ACTIONS) == set(Topic)


def test_visitor_of_a_closed_city_hears_nothing(city: City) -> None:
    assert city.client.get("/api/v1/live").status_code == 401


@pytest.mark.parametrize("given", ["-1", "x", "9007199254740992"])
def test_number_that_is_none_is_refused(city: City, given: str) -> None:
    client = _dispatcher(city)
    assert client.get("/api/v1/live", headers={"Last-Event-ID": given}).status_code == 422
    assert client.get(f"/api/v1/live?after={given}").status_code == 422


def test_stream_begins_with_hello_and_tells_what_happens_in_order(city: City) -> None:
    client, newest = _dispatcher(city), city.services.store.last_message()
    with _listen(city, client.headers) as ear:
        assert ear.answer.headers["content-type"].startswith("text/event-stream")
        assert ear.answer.headers["cache-control"] == "no-store"
        hello = ear.next()
        assert hello is not None
        assert (hello["event"], hello["id"]) == ("hello", str(newest))
        _tell(city, "a", "b")
        _tell(city, "c")
        events = [ear.next() for _ in range(3)]
    assert [event and (event["id"], event["event"], event["data"]) for event in events] == [
        (str(newest + count), "incident.recorded", f'{{"name":"{name}"}}') for count, name in enumerate("abc", start=1)
    ]


def test_listener_hears_only_of_its_territory_department_and_topics(city: City) -> None:
    west = _dispatcher(city, area="990101001", department="WEST")
    with _listen(city, west.headers) as ear:
        ear.next()
        _tell(city, "other subdistrict", areas=("990101", "990101002"))
        _tell(city, "other department", departments=("EAST",))
        _tell(city, "a job of somebody", topic=Topic.JOB_CHANGED, made_by="planner")
        _tell(city, "own", areas=(), made_by="dispatcher")
        _tell(city, "inside")
        assert ear.names(2) == ["own", "inside"]


def test_resuming_tells_exactly_what_was_missed(city: City) -> None:
    client, newest = _dispatcher(city), city.services.store.last_message()
    _tell(city, "a", "b", "c")
    with _listen(city, client.headers | {"Last-Event-ID": str(newest + 1)}) as ear:
        hello = ear.next()
        assert hello is not None
        assert (hello["event"], hello["id"]) == ("hello", str(newest + 1))
        _tell(city, "d")
        assert ear.names(3) == ["b", "c", "d"]
    with _listen(city, client.headers, f"/api/v1/live?after={newest + 3}") as ear:
        ear.next()
        assert ear.names(1) == ["d"]


@pytest.mark.parametrize("case", ["deleted", "ahead", "far behind"])
def test_what_cannot_be_resumed_is_reset(city: City, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, store = _dispatcher(city), city.services.store
    _tell(city, "a", "b", "c")
    after = store.last_message() - 3
    if case == "deleted":
        late = NOW + timedelta(days=1)
        kept = Kept(replies_since=late, messages_since=late, jobs_since=late, fixes_since=late)
        assert store.forget_old(kept) == store.last_message() - 1
    if case == "ahead":
        after = store.last_message() + 5
    if case == "far behind":
        monkeypatch.setattr(feeding, "MAX_BEHIND", 2)
    with _listen(city, client.headers | {"Last-Event-ID": str(after)}) as ear:
        event = ear.next()
        assert event is not None
        assert (event["event"], event["id"]) == ("reset", str(store.last_message()))
        _tell(city, "d")
        assert ear.names(1) == ["d"]


def test_listener_that_falls_behind_is_reset_and_closed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MAX_QUEUED", 3)
    with _listen(city, _dispatcher(city).headers) as ear:
        ear.next()
        _tell(city, *"abcdef")
        reset = ear.next()
        assert reset is not None
        assert (reset["event"], reset["id"]) == ("reset", str(city.services.store.last_message()))
        assert ear.next() is None


def test_quiet_stream_says_that_it_lives_and_where_it_is(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "HEARTBEAT_S", 0.1)
    with _listen(city, _dispatcher(city, area="990101001").headers) as ear:
        ear.next()
        _tell(city, "elsewhere", areas=("990101002",))
        newest, end = str(city.services.store.last_message()), time.monotonic() + 10
        beat = ear.next()
        while beat and beat["id"] != newest and time.monotonic() < end:
            beat = ear.next()
        assert beat == {"": "still here", "id": newest}


def test_stream_ends_with_its_session(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "HEARTBEAT_S", 0.1)
    client = _dispatcher(city)
    with _listen(city, client.headers) as ear:
        ear.next()
        assert client.request("DELETE", "/api/v1/session").status_code == 204
        _tell(city, "too late")
        heard = []
        while (event := ear.next()) is not None:
            heard.append(event.get("event"))
        assert set(heard) <= {None}


def _shut_out(client: SignedInClient, admin: SignedInClient, way: str, token: dict[str, Any]) -> httpx.Response:
    if way == "session":
        return client.request("DELETE", "/api/v1/session")
    if way == "token":
        return client.request("DELETE", f"/api/v1/tokens/{token['number']}")
    is_open, seen = way == "narrowed", admin.get("/api/v1/accounts/dispatcher")
    fields = ("name", "role", "area", "department", "person", "subject", "active")
    account = {name: seen.json()[name] for name in fields}
    account |= {"active": is_open, "area": "990101002" if is_open else None}
    headers = {"If-Match": seen.headers["etag"]}
    return admin.request("PUT", "/api/v1/accounts/dispatcher", json=account, headers=headers)


@pytest.mark.parametrize("way", ["account", "account of a token", "token", "session", "narrowed"])
def test_whoever_is_shut_out_hears_nothing_more(city: City, way: str) -> None:
    """From the moment that the change is answered: however young what the stream knows of its caller is."""
    client, admin = _dispatcher(city), sign_in(city, AccountRole.ADMIN)
    token = client.post("/api/v1/tokens", json={"name": "x", "actions": ["READ_INCIDENTS"], "days": 1}).json()
    by_token = {"Authorization": f"Bearer {token['secret']}"}
    with _listen(city, by_token if "token" in way else client.headers) as ear:
        ear.next()
        _tell(city, "in time")
        assert ear.names(1) == ["in time"]
        ended = _shut_out(client, admin, way, token)
        assert ended.is_success, ended.text
        _tell(city, "too late")
        _tell(city, "elsewhere", areas=("990101002",))
        event = ear.next()
    heard = None if event is None else orjson.loads(event["data"])["name"]
    assert heard == ("elsewhere" if way == "narrowed" else None)


@pytest.mark.parametrize("way", ["token", "session", "account", "narrowed"])
def test_whoever_is_shut_out_by_another_process_hears_nothing_that_comes_after(city: City, way: str) -> None:
    """At the terminal, or by another worker: the change is in the database and nobody here is told of it."""
    client, store = _dispatcher(city), city.services.store
    token = client.post("/api/v1/tokens", json={"name": "x", "actions": ["READ_INCIDENTS"], "days": 1}).json()
    headers = {"Authorization": f"Bearer {token['secret']}"} if way == "token" else client.headers
    doer = Doer(caller=Caller(), at=city.services.settings.now(), door="terminal")
    with _listen(city, headers) as ear:
        ear.next()
        _tell(city, "in time")
        assert ear.names(1) == ["in time"]
        if way == "token":
            manage.revoke_token(store, token["number"], doer)
        elif way == "session":
            with store.begin() as work:
                work.end_sessions_of("dispatcher")
        else:
            change = {"active": False} if way == "account" else {"area": "990101002"}
            manage.change_account(store, "dispatcher", lambda known: replace(known, **change), doer)
        _tell(city, "too late")
        _tell(city, "elsewhere", areas=("990101002",))
        event = ear.next()
    heard = None if event is None else orjson.loads(event["data"])["name"]
    assert heard == ("elsewhere" if way == "narrowed" else None)


def test_quiet_stream_ends_soon_after_its_token_was_revoked_at_the_terminal(city: City) -> None:
    client = _dispatcher(city)
    token = client.post("/api/v1/tokens", json={"name": "x", "actions": ["READ_INCIDENTS"], "days": 1}).json()
    with _listen(city, {"Authorization": f"Bearer {token['secret']}"}) as ear:
        ear.next()
        begun = time.monotonic()
        doer = Doer(caller=Caller(), at=city.services.settings.now(), door="terminal")
        manage.revoke_token(city.services.store, token["number"], doer)
        assert ear.next() is None
        assert time.monotonic() - begun < answering.HEARTBEAT_S / 2


def test_too_many_streams_are_refused_and_room_comes_back(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _dispatcher(city)
    monkeypatch.setattr(feeding, "MAX_STREAMS_EACH", 1)
    with _listen(city, client.headers):
        assert client.get("/api/v1/live").status_code == 429
        monkeypatch.setattr(feeding, "MAX_STREAMS", 1)
        answer = sign_in(city, AccountRole.PLANNER).get("/api/v1/live")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
        assert int(answer.headers["retry-after"]) > 0
    end = time.monotonic() + 10
    while True:
        with city.client.stream("GET", "/api/v1/live", headers=client.headers) as again:  # type: ignore[attr-defined]
            if again.status_code == 200:
                return
        assert time.monotonic() < end
        time.sleep(0.05)


def test_visitors_leave_half_of_the_streams_to_accounts(city_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MAX_STREAMS", 2)
    with served_for_real(Settings(data_dir=city_folder, public_read=True)) as city, _listen(city):
        answer = city.client.get("/api/v1/live")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
        with _listen(city, _dispatcher(city).headers) as ear:
            assert ear.next() is not None


def test_head_ends_at_once(city: City) -> None:
    answer = _dispatcher(city).request("HEAD", "/api/v1/live")
    assert (answer.status_code, answer.content) == (200, b"")


def test_streams_end_at_once_when_the_service_stops(city_folder: Path) -> None:
    with served_for_real(Settings(data_dir=city_folder, demo=True)) as city, _listen(city) as ear:
        ear.next()
        begun = time.monotonic()
        city.stop()
        assert ear.next() is None
        assert time.monotonic() - begun < 3


def test_demo_lets_visitors_listen(city_folder: Path) -> None:
    with served_for_real(Settings(data_dir=city_folder, demo=True)) as city, _listen(city) as ear:
        ear.next()
        _tell(city, "for all")
        assert ear.names(1) == ["for all"]
