"""The clock of the machine jumps a day ahead and back: nothing twice, nothing lost, nothing for ever."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.reports import count_incidents, listed, send, told
from tests.fixtures.served_city import City, start_city

DAY = timedelta(days=1)


class Jumping(Settings):
    """A clock that can be set."""

    def now(self) -> datetime:
        return super().now() + _Clock.ahead


class _Clock:
    ahead = timedelta(0)


@pytest.fixture
def city(city_folder: Path) -> Iterator[City]:
    _Clock.ahead = timedelta(0)
    served = start_city(Jumping(data_dir=city_folder, session_hours=12))
    yield served
    served.client.__exit__(None, None, None)
    served.services.store.close()
    _Clock.ahead = timedelta(0)


def _jump(city: City, ahead: timedelta) -> None:
    _Clock.ahead = ahead
    city.services.serving.refresh()
    city.client.app.state.callers.forget()  # who asks is believed for seconds, by another clock


def _recorded(city: City, ahead: timedelta, key: str) -> httpx.Response:
    """A report by somebody who signs in at that time."""
    _jump(city, ahead)
    return send(SignedInClient(city, "collector"), key=key)


def test_incidents_have_numbers_of_their_own_and_keys_hold(city: City) -> None:
    sign_in(city, AccountRole.COLLECTOR)
    order = [timedelta(0), DAY, timedelta(0), -DAY, timedelta(0), 2 * DAY, -DAY]
    answers = [_recorded(city, ahead, f"key-{place}") for place, ahead in enumerate(order)]
    assert [answer.status_code for answer in answers] == [201] * len(order)
    numbers = [answer.json()["number"] for answer in answers]
    assert len(set(numbers)) == len(order)
    days = [(Settings().now() + ahead).strftime("%Y%m%d") for ahead in order]
    assert all(day in number for day, number in zip(days, numbers, strict=True))
    for place, ahead in enumerate(reversed(order)):
        again = _recorded(city, ahead, f"key-{place}")
        assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
        assert again.content == answers[place].content
    assert count_incidents(city) == len(order)
    messages = told(city)
    assert [message.body["number"] for message in messages] == numbers, "in the order in which they were written"


def test_lists_show_what_the_clock_says_is_still_to_come(city: City) -> None:
    sign_in(city, AccountRole.ACCEPTOR)
    sign_in(city, AccountRole.COLLECTOR)
    late = _recorded(city, DAY, "late").json()["number"]
    early = _recorded(city, timedelta(0), "early").json()["number"]
    acceptor = SignedInClient(city, "acceptor")
    assert {item["number"] for item in listed(acceptor)} == {late, early}
    pages, query = [], {"limit": 1}
    for _ in range(2):
        page = acceptor.get("/api/v1/incidents", params=query).json()
        pages += [item["number"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert sorted(pages) == sorted([late, early])


def test_sessions_end_by_the_clock_and_none_lives_for_ever(city: City) -> None:
    before = sign_in(city, AccountRole.COLLECTOR)
    assert send(before, key="a").status_code == 201
    _jump(city, DAY)
    assert send(before, key="b").status_code == 401
    ahead = SignedInClient(city, "collector")
    assert send(ahead, key="c").status_code == 201
    _jump(city, timedelta(0))
    assert send(ahead, key="d").status_code == 201, "a clock that is set right throws nobody out"
    _jump(city, DAY + timedelta(hours=13))
    assert {send(one, key="e").status_code for one in (before, ahead)} == {401}
    assert count_incidents(city) == 3
