"""One listener's stream: what it still has to hear, in order, filtered by its rights at the moment of sending."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.live.listener import Listener
from gridsvc.model.work import Message

MAX_QUEUED = 10_000
AT_ONCE = 200
"""Messages written in one piece."""


@dataclass(frozen=True, slots=True)
class Event:
    """A message with its lines on the wire, shared by all streams."""

    message: Message
    lines: bytes


class Stream:
    """Belongs to the thread of the event loop."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.asker = listener.asker
        self._queue: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._is_doubted = False
        self.is_behind = False
        self.is_closed = False

    def offer(self, events: Sequence[Event]) -> None:
        """Take in what happened; who does not read is not waited for, and has to begin anew."""
        if self.is_behind:
            return
        if len(self._queue) + len(events) > MAX_QUEUED:
            self._queue.clear()
            self.is_behind = True
        else:
            self._queue.extend(events)
        self._wake.set()

    def close(self) -> None:
        """Have the stream end as soon as it comes to it."""
        self.is_closed = True
        self._wake.set()

    def doubt(self) -> None:
        """Have the caller looked up again, before anything else is sent."""
        self.listener.doubt()
        self._is_doubted = True
        self._wake.set()

    async def take(self, patience_s: float, now: Callable[[], float] = time.monotonic) -> list[Event]:
        """The next messages, of any kind; an empty list after `patience_s` without any, when there is an end, or
        the caller is doubted.
        """
        end = now() + patience_s
        while not (self._queue or self.is_behind or self.is_closed or self._is_doubted) and (left := end - now()) > 0:
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), left)
            except TimeoutError:
                break
        return [self._queue.popleft() for _ in range(min(len(self._queue), AT_ONCE))]

    async def may_go_on(self) -> bool:
        """Whether the caller is still there; looked up when somebody's rights were changed here, or this one's
        elsewhere, which the feed sees.
        """
        self._is_doubted = False
        return self.listener.is_as_looked_up or await self.listener.is_still_there()

    def lines_for(self, events: Sequence[Event]) -> bytes:
        """Those of the events that the caller may hear, as they go on the wire."""
        return b"".join(event.lines for event in events if self.listener.hears(event.message))
