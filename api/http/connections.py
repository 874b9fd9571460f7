"""Patience with clients, bounded: heads that do not end, bodies that do not come, answers that nobody takes.

Each of them would hold memory, or one of the few places of heavy requests, for as long as a silent client likes.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from anyio import fail_after
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Message, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.errors import RequestProblem
from api.http.problems import TOO_SLOW

HEAD_S = 20.0
MAX_HEAD_BYTES = 64 * 1024
BODY_S = 30.0
SLOWEST_BYTES_PER_S = 16 * 1024
TAKE_S = 60.0
_log = logging.getLogger(__name__)


async def parts_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises the 408 problem once BODY_S and SLOWEST_BYTES_PER_S are used up."""
    clock, size, stream = asyncio.get_running_loop().time, 0, request.stream()
    start = clock()
    while True:
        try:
            async with asyncio.timeout_at(start + BODY_S + size / SLOWEST_BYTES_PER_S) as patience:
                part = await anext(stream, b"")
        except TimeoutError:
            if not patience.expired():
                raise
            raise RequestProblem(TOO_SLOW, f"Only {size} bytes of the body came in {clock() - start:.0f} s.") from None
        if not part:
            return
        size += len(part)
        yield part


class PatientResponse(StreamingResponse):
    """A stream that is given up, and what it holds let go, when the client takes nothing of it for TAKE_S."""

    def __init__(self, pieces: AsyncGenerator[bytes, None], headers: Mapping[str, str], media_type: str) -> None:
        super().__init__(pieces, 200, headers, media_type)
        self._pieces = pieces

    async def stream_response(self, send: Send) -> None:
        """As the framework does it, each piece with its time."""

        async def send_on(message: Message) -> None:
            with fail_after(TAKE_S):
                await send(message)

        try:
            await super().stream_response(send_on)
        except TimeoutError:
            _log.info("an answer was given up: its reader took nothing for %s s", TAKE_S)
        finally:
            await self._pieces.aclose()


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP with an end to a request's head: HEAD_S and MAX_HEAD_BYTES, then the connection is closed."""

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is awaited."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Bytes count as a head's until it is complete."""
        if self._head_timer is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_timer is not None and self._head_bytes > MAX_HEAD_BYTES:
            self.transport.close()

    def on_message_begin(self) -> None:
        """The head of a request begins."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """It is complete."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing comes any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_bytes = 0
            self._head_timer = self.loop.call_later(HEAD_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
