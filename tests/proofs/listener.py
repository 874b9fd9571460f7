"""A listener of the live stream that comes again whenever it is cut off, and resumes as a browser does."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx
import orjson

from gridsvc.model.work import Topic


class Listener(threading.Thread):
    """Hears messages of one topic: their numbers, and beside them their bodies. Begins after the message `last`."""

    def __init__(
        self, address: str, topic: Topic, headers: Mapping[str, str] | None = None, last: int | None = None
    ) -> None:
        super().__init__(daemon=True)
        self._address, self._topic, self._headers = address, topic, headers or {}
        self.last = None if last is None else str(last)
        self.heard: list[int] = []
        self.bodies: list[Any] = []
        self.hellos = self.resets = 0
        self.is_done = False

    def run(self) -> None:
        with httpx.Client(timeout=5) as client:
            while not self.is_done:
                resumed = {} if self.last is None else {"Last-Event-ID": self.last}
                with (
                    suppress(httpx.TransportError),
                    client.stream("GET", self._address, headers={**self._headers, **resumed}) as answer,
                ):
                    self._read(answer)
                time.sleep(0.1)

    def _read(self, answer: httpx.Response) -> None:
        event: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
            elif "id" in event:
                self._take(event)
                event = {}
            if self.is_done:
                return

    def _take(self, event: Mapping[str, str]) -> None:
        self.last = event["id"]
        kind = event.get("event")
        self.hellos += kind == "hello"
        self.resets += kind == "reset"
        if kind == self._topic:
            self.heard.append(int(event["id"]))
            self.bodies.append(orjson.loads(event["data"]))
