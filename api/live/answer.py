"""The answer that does not end: server-sent events until the listener goes, the session ends or the service stops."""

import logging
from collections.abc import Callable

from anyio import create_task_group, fail_after
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.http.connections import TAKE_S
from api.live.feed import Feed
from api.live.stream import Stream

HEARTBEAT_S = 15.0
RETRY_MS = 2000
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
_log = logging.getLogger(__name__)


class EventStream(Response):
    """Sends `hello` with the number from which on everything is told, what was missed, then what happens.

    `reset` says that messages are missing: the list is to be read again. Every line with an id says how far the
    listener has heard, heartbeats too, so that a quiet stream resumes where the outbox is and not where it last spoke.
    """

    media_type = "text/event-stream"

    def __init__(self, feed: Feed, stream: Stream, after: int | None, position: int) -> None:
        super().__init__(None, 200, HEADERS)
        del self.headers["content-length"]
        self._feed, self._stream = feed, stream
        self._after, self._position = after, position

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Until one side ends it."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            if scope.get("state", {}).get("is_head"):
                await send({"type": "http.response.body", "body": b""})
                return
            async with create_task_group() as group:
                group.start_soon(self._watch, receive, group.cancel_scope.cancel)
                await self._tell(send)
                await send({"type": "http.response.body", "body": b""})
                group.cancel_scope.cancel()
        except* (TimeoutError, OSError):
            _log.info("a live stream was given up: its listener took nothing for %s s", TAKE_S)
        finally:
            self._feed.leave(self._stream)

    async def _watch(self, receive: Receive, cancel: Callable[[], None]) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        cancel()

    async def _tell(self, send: Send) -> None:
        async def write(lines: bytes) -> None:
            if lines:
                with fail_after(TAKE_S):
                    await send({"type": "http.response.body", "body": lines, "more_body": True})

        heard = self._position if self._after is None else self._after
        if await self._feed.can_resume(heard, self._position):
            await write(_event("hello", heard))
            async for page in self._feed.iter_missed(heard, self._position):
                if not await self._stream.may_go_on():
                    return
                await write(self._stream.lines_for(page))
        else:
            await write(_event("reset", self._position))
        heard = self._position
        while True:
            events = await self._stream.take(HEARTBEAT_S)
            if (self._stream.is_closed and not events) or not await self._stream.may_go_on():
                return
            if self._stream.is_behind:
                await write(_event("reset", self._feed.position))
                return
            heard = events[-1].message.number if events else heard
            await write(self._stream.lines_for(events) if events else b": still here\nid: %d\n\n" % heard)


def _event(name: str, number: int) -> bytes:
    return f'retry: {RETRY_MS}\nid: {number}\nevent: {name}\ndata: {{"last":{number}}}\n\n'.encode()
