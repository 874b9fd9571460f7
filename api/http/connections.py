"""Patience with clients, bounded: heads that do not end, bodies that do not come, answers that nobody takes.

Each of them would hold memory, or one of the few places of heavy requests, for as long as a silent client likes.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing
from http import HTTPStatus

import orjson
from anyio import current_time
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.errors import PROBLEM_JSON, RequestProblem, problem_document
from api.http.place import Place
from api.http.problems import HEAD_TOO_LARGE, MALFORMED_REQUEST, TOO_SLOW, ProblemKind

HEAD_S = 20.0
KEEP_S = 75
"""How long a connection may be idle between two requests: longer than proxies and clients keep theirs (60 s), since the
one who ends it first must not be the one who is asked: a request on its way would be answered with a reset.
"""
MAX_HEAD_BYTES = 64 * 1024
BODY_S = 30.0
SLOWEST_BYTES_PER_S = 16 * 1024
TAKE_S, TAKE_BYTES = 60.0, 64 * 1024
"""How long an answer may wait for its reader, and what of it he takes at least in that time."""
DRAIN_S = 5.0
MAX_DRAINED_BYTES = 1024 * 1024
"""What of a refused request is still taken, unread: closing with bytes untaken would be a reset, and a reset takes the
answer with it."""
_log = logging.getLogger(__name__)


async def parts_of(request: Request, place: Place | None = None) -> AsyncIterator[bytes]:
    """The body as it comes. Raises the 408 problem once BODY_S and SLOWEST_BYTES_PER_S are used up, or where somebody
    else was given the place.
    """
    place = place or Place()
    size, stream, start = 0, request.stream(), current_time()
    while True:
        with place.waiting(start + BODY_S + size / SLOWEST_BYTES_PER_S) as patience:
            part = await anext(stream, b"")
        if patience.cancelled_caught:
            raise RequestProblem(TOO_SLOW, f"Only {size} bytes of the body came in {current_time() - start:.0f} s.")
        if not part:
            return
        size += len(part)
        place.note_moved(len(part))
        yield part


class PatientResponse(StreamingResponse):
    """A stream that is given up when the client takes nothing of it for TAKE_S, or somebody else was given its place.

    What is `held` for it is let go at its end, also where that comes before its first piece.
    """

    def __init__(
        self,
        pieces: AsyncGenerator[bytes, None],
        headers: Mapping[str, str],
        media_type: str,
        place: Place,
        held: AsyncExitStack,
    ) -> None:
        super().__init__(pieces, 200, headers, media_type)
        self._pieces, self._place, self._held = pieces, place, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        async with self._held, aclosing(self._pieces):
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        """As the framework does it, each piece with its time."""

        async def send_on(message: Message) -> None:
            with self._place.waiting(current_time() + TAKE_S) as patience:
                await send(message)
            if patience.cancelled_caught:
                raise TimeoutError
            self._place.note_moved(len(message.get("body", b"")))

        try:
            await super().stream_response(send_on)
        except TimeoutError:
            _log.info("an answer was given up: its reader took nothing for %s s, or too slowly for others", TAKE_S)


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP with an end to a request's head: after HEAD_S the connection is closed; one of more than
    MAX_HEAD_BYTES, or what is no HTTP, is refused in words, and nothing else is heard on that connection. And with an
    end to answers that nobody takes, streams or not: TAKE_S without TAKE_BYTES, then it is cut.
    """

    url: bytes = b""
    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _is_refused = False
    _drain_timer: asyncio.TimerHandle | None = None
    _drained_bytes = 0
    _take_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is awaited."""
        super().connection_made(transport)
        self.timeout_keep_alive = KEEP_S
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Bytes count as a head's until it is complete; those of a refused request are dropped."""
        if self._is_refused:
            self._drained_bytes += len(data)
            if self._drained_bytes > MAX_DRAINED_BYTES:
                self.transport.abort()
            return
        if self._head_timer is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_timer is not None and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HEAD_TOO_LARGE, _TOO_LONG)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  the parser's own words are for nobody
        """What the parser, or a callback of ours, would not take."""
        if _size_of_head(self.url, self.headers or []) > MAX_HEAD_BYTES:
            self._refuse(HEAD_TOO_LARGE, _TOO_LONG)
        else:
            self._refuse(MALFORMED_REQUEST, "What was sent is not HTTP/1.1.")

    def on_message_begin(self) -> None:
        """The head of a request begins."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """It is complete, and may still have come too large at once."""
        if _size_of_head(self.url, self.headers) > MAX_HEAD_BYTES:
            raise ValueError(_TOO_LONG)
        super().on_headers_complete()
        self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing comes or goes any more."""
        self._stop_waiting()
        self._stop_pressing()
        if self._drain_timer is not None:
            self._drain_timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """More of an answer waits than its reader takes."""
        super().pause_writing()
        self._stop_pressing()
        self._press(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """He has taken nearly all of it."""
        self._stop_pressing()
        super().resume_writing()

    def _press(self, waiting: int) -> None:
        self._take_timer = self.loop.call_later(TAKE_S, self._look_at_reader, waiting)

    def _look_at_reader(self, waiting: int) -> None:
        left = self.transport.get_write_buffer_size()
        if waiting - left >= TAKE_BYTES:
            self._press(left)
        else:
            _log.info("a connection was cut: its reader took next to nothing for %s s", TAKE_S)
            self.transport.abort()

    def _stop_pressing(self) -> None:
        if self._take_timer is not None:
            self._take_timer.cancel()
            self._take_timer = None

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_bytes = 0
            self._head_timer = self.loop.call_later(HEAD_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, kind: ProblemKind, detail: str) -> None:
        """Say so, end our half of the connection, and take for a while what still comes, so that the answer is read.

        Where something is still being answered its answer is not disturbed: it comes first, and the connection ends.
        """
        if self._is_refused:
            return
        in_head, cycle = self._head_timer is not None, self.cycle
        self._is_refused = True
        self._stop_waiting()
        if cycle is not None and not cycle.response_complete:
            cycle.keep_alive = False
            if in_head or cycle.response_started:
                return
            cycle.disconnected = True  # its body broke off: nothing that it still answers is sent
            cycle.message_event.set()
        self._drain_timer = self.loop.call_later(DRAIN_S, self.transport.close)
        self.transport.write(_refusal(kind, detail, self.url))
        if self.transport.can_write_eof():
            self.transport.write_eof()


_TOO_LONG = f"Address and headers have at most {MAX_HEAD_BYTES:,} bytes together."


def _size_of_head(url: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    return len(url) + sum(len(name) + len(value) for name, value in headers)


def _refusal(kind: ProblemKind, detail: str, url: bytes) -> bytes:
    """A whole answer, made here because no application hears of such a request."""
    path = url.partition(b"?")[0][:200].decode("ascii", "replace")
    body = orjson.dumps(problem_document(kind, detail, path, {}))
    lines = (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}",
        f"content-type: {PROBLEM_JSON}",
        f"content-length: {len(body)}",
        "x-content-type-options: nosniff",
        f"x-request-id: {secrets.token_hex(8)}",
        "connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body
