"""The live stream over a real connection: who hears what, resuming, limits, and how a stream ends."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.live import answer as answering
from api.live import feed as feeding
from api.live import stream as streaming
from api.live.listener import ACTIONS
from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from gridsvc.model.work import Topic
from gridsvc.ports.expiry import Kept
from tests.api.routes.listening import NOW, dispatcher, listen, tell
from tests.fixtures.accounts import sign_in
from tests.fixtures.real_server import served_for_real
from tests.fixtures.served_city import City


@pytest.fixture
def city(city_folder: Path) -> Iterator[City]:
    with served_for_real(Settings(data_dir=city_folder, city_name="Tiny City")) as served:
        yield served


def test_every_topic_asks_for_a_right() -> None:
    assert set(ACTIONS) == set(Topic)


def test_visitor_of_a_closed_city_hears_nothing(city: City) -> None:
    assert city.client.get("/api/v1/live").status_code == 401


@pytest.mark.parametrize("given", ["-1", "x", "9007199254740992"])
def test_number_that_is_none_is_refused(city: City, given: str) -> None:
    client = dispatcher(city)
    assert client.get("/api/v1/live", headers={"Last-Event-ID": given}).status_code == 422
    assert client.get(f"/api/v1/live?after={given}").status_code == 422


def test_stream_begins_with_hello_and_tells_what_happens_in_order(city: City) -> None:
    client, newest = dispatcher(city), city.services.store.last_message()
    with listen(city, client.headers) as ear:
        assert ear.answer.headers["content-type"].startswith("text/event-stream")
        assert ear.answer.headers["cache-control"] == "no-store"
        hello = ear.next()
        assert hello is not None
        assert (hello["event"], hello["id"]) == ("hello", str(newest))
        tell(city, "a", "b")
        tell(city, "c")
        events = [ear.next() for _ in range(3)]
    assert [event and (event["id"], event["event"], event["data"]) for event in events] == [
        (str(newest + count), "incident.recorded", f'{{"name":"{name}"}}') for count, name in enumerate("abc", start=1)
    ]


def test_listener_hears_only_of_its_territory_department_and_topics(city: City) -> None:
    west = dispatcher(city, area="990101001", department="WEST")
    with listen(city, west.headers) as ear:
        ear.next()
        tell(city, "other subdistrict", areas=("990101", "990101002"))
        tell(city, "other department", departments=("EAST",))
        tell(city, "a job of somebody", topic=Topic.JOB_CHANGED, made_by="planner")
        tell(city, "own", areas=(), made_by="dispatcher")
        tell(city, "inside")
        assert ear.names(2) == ["own", "inside"]


def test_resuming_tells_exactly_what_was_missed(city: City) -> None:
    client, newest = dispatcher(city), city.services.store.last_message()
    tell(city, "a", "b", "c")
    with listen(city, client.headers | {"Last-Event-ID": str(newest + 1)}) as ear:
        hello = ear.next()
        assert hello is not None
        assert (hello["event"], hello["id"]) == ("hello", str(newest + 1))
        tell(city, "d")
        assert ear.names(3) == ["b", "c", "d"]
    with listen(city, client.headers, f"/api/v1/live?after={newest + 3}") as ear:
        ear.next()
        assert ear.names(1) == ["d"]


@pytest.mark.parametrize("case", ["deleted", "ahead", "far behind"])
def test_what_cannot_be_resumed_is_reset(city: City, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, store = dispatcher(city), city.services.store
    tell(city, "a", "b", "c")
    after = store.last_message() - 3
    if case == "deleted":
        late = NOW + timedelta(days=1)
        kept = Kept(replies_since=late, messages_since=late, jobs_since=late, fixes_since=late)
        assert store.forget_old(kept) == store.last_message() - 1
    if case == "ahead":
        after = store.last_message() + 5
    if case == "far behind":
        monkeypatch.setattr(feeding, "MAX_BEHIND", 2)
    with listen(city, client.headers | {"Last-Event-ID": str(after)}) as ear:
        event = ear.next()
        assert event is not None
        assert (event["event"], event["id"]) == ("reset", str(store.last_message()))
        tell(city, "d")
        assert ear.names(1) == ["d"]


def test_listener_that_falls_behind_is_reset_and_closed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MAX_QUEUED", 3)
    with listen(city, dispatcher(city).headers) as ear:
        ear.next()
        tell(city, *"abcdef")
        reset = ear.next()
        assert reset is not None
        assert (reset["event"], reset["id"]) == ("reset", str(city.services.store.last_message()))
        assert ear.next() is None


def test_quiet_stream_says_that_it_lives_and_where_it_is(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "HEARTBEAT_S", 0.1)
    with listen(city, dispatcher(city, area="990101001").headers) as ear:
        ear.next()
        tell(city, "elsewhere", areas=("990101002",))
        newest, end = str(city.services.store.last_message()), time.monotonic() + 10
        beat = ear.next()
        while beat and beat["id"] != newest and time.monotonic() < end:
            beat = ear.next()
        assert beat == {"": "still here", "id": newest}


def test_stream_ends_with_its_session(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "HEARTBEAT_S", 0.1)
    client = dispatcher(city)
    with listen(city, client.headers) as ear:
        ear.next()
        assert client.request("DELETE", "/api/v1/session").status_code == 204
        tell(city, "too late")
        heard = []
        while (event := ear.next()) is not None:
            heard.append(event.get("event"))
        assert set(heard) <= {None}


def test_too_many_streams_are_refused_and_room_comes_back(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = dispatcher(city)
    monkeypatch.setattr(feeding, "MAX_STREAMS_EACH", 1)
    with listen(city, client.headers):
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
    with served_for_real(Settings(data_dir=city_folder, public_read=True)) as city, listen(city):
        answer = city.client.get("/api/v1/live")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
        with listen(city, dispatcher(city).headers) as ear:
            assert ear.next() is not None


def test_head_ends_at_once(city: City) -> None:
    answer = dispatcher(city).request("HEAD", "/api/v1/live")
    assert (answer.status_code, answer.content) == (200, b"")


def test_streams_end_at_once_when_the_service_stops(city_folder: Path) -> None:
    with served_for_real(Settings(data_dir=city_folder, demo=True)) as city, listen(city) as ear:
        ear.next()
        begun = time.monotonic()
        city.stop()
        assert ear.next() is None
        assert time.monotonic() - begun < 3


def test_demo_lets_visitors_listen(city_folder: Path) -> None:
    with served_for_real(Settings(data_dir=city_folder, demo=True)) as city, listen(city) as ear:
        ear.next()
        tell(city, "for all")
        assert ear.names(1) == ["for all"]
