"""What tests of the live stream do again and again: tell something, and listen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from gridsvc.model.accounts import AccountRole
from gridsvc.model.work import Message, Topic
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import City

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
Event = dict[str, str]


def tell(city: City, *names: str, topic: Topic = Topic.INCIDENT_RECORDED, **about: Any) -> None:
    """Messages of these names, of something in the subdistrict and department of the west if not said otherwise."""
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
def listen(city: City, headers: dict[str, str] | None = None, url: str = "/api/v1/live") -> Iterator[Ear]:
    """A stream while the block lasts."""
    with city.client.stream("GET", url, headers=headers) as answer:  # type: ignore[attr-defined]
        assert answer.status_code == 200, answer.read()
        yield Ear(answer)


def dispatcher(city: City, **scope: str) -> SignedInClient:
    """Signed in, limited as said."""
    return sign_in(city, AccountRole.DISPATCHER, **scope)
