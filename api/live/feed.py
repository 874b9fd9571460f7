"""One reader of the outbox per process, shared by all streams: each message is read and written out once.

Everything here belongs to the thread of the event loop; only the store is asked in others.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import TypeVar

import orjson
from anyio import CapacityLimiter, to_thread

from api.http.askers import Asker
from api.live.stream import Event, Stream
from gridsvc.errors import Busy, NotReady, TooOften
from gridsvc.model.work import Message
from gridsvc.ports import Store

T = TypeVar("T")

POLL_S = 0.25
PAGE = 1000
MAX_BEHIND = 10_000
"""Messages that a listener may have to catch up with; beyond it reading the list again is quicker."""
MAX_STREAMS, MAX_STREAMS_EACH = 500, 20
READERS = 4
CHECK_S = 1.0
"""How often callers are looked at while there is nothing to tell."""
RETRY_AFTER_S = 5
_log = logging.getLogger(__name__)


class Feed:
    """The streams of a process, and how far the outbox has been told to them."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._checked = 0.0
        self._streams: set[Stream] = set()
        self._by_asker: Counter[Asker] = Counter()
        self._position = 0
        self._lock = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._is_closed = False
        self._limiter: CapacityLimiter | None = None

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    @property
    def position(self) -> int:
        """The number of the last message that was told to the streams."""
        return self._position

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the outbox until the block ends."""
        task = asyncio.create_task(self._follow(), name="follow-outbox")
        try:
            yield
        finally:
            self.close()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def close(self) -> None:
        """End all streams: their listeners come again, to the next process, and miss nothing."""
        self._is_closed = True
        for stream in self._streams:
            stream.close()

    def check_room(self, asker: Asker) -> None:
        """Raise Busy when the process has all the streams that it can serve, or visitors have half of them; TooOften
        when one caller has too many.
        """
        if self._is_closed:
            raise NotReady("The service is being stopped; come again shortly.")
        visitors = sum(count for other, count in self._by_asker.items() if other.is_visitor)
        if len(self._streams) >= MAX_STREAMS or (asker.is_visitor and visitors >= (MAX_STREAMS + 1) // 2):
            raise Busy("Too many listen already; try again shortly.", retry_after_s=RETRY_AFTER_S)
        if self._by_asker[asker] >= MAX_STREAMS_EACH:
            raise TooOften(
                f"{MAX_STREAMS_EACH} streams are open already: close one, or share it among windows.",
                retry_after_s=RETRY_AFTER_S,
            )

    async def join(self, stream: Stream) -> int:
        """Have a stream hear all messages after the returned number. Raises what the store raises."""
        async with self._lock:
            if not self._streams:  # nobody was told anything for a while
                self._position = await self._read(self._store.last_message)
            self.check_room(stream.asker)
            self._streams.add(stream)
            self._by_asker[stream.asker] += 1
            self._wanted.set()
            return self._position

    def leave(self, stream: Stream) -> None:
        """Forget a stream; nothing to do for one that never joined."""
        if stream in self._streams:
            self._streams.discard(stream)
            self._by_asker[stream.asker] -= 1
            self._by_asker += Counter()  # who has none is forgotten
        if not self._streams:
            self._wanted.clear()

    async def can_resume(self, after: int, until: int) -> bool:
        """Whether all messages between two numbers are still there, and not too many."""
        if not 0 <= until - after <= MAX_BEHIND:
            return False
        return after == until or await self._read(self._store.first_message) <= after + 1

    async def iter_missed(self, after: int, until: int) -> AsyncIterator[list[Event]]:
        """What was told between two numbers, page by page."""
        while after < until:
            messages = await self._read(lambda: self._store.list_messages(after, PAGE))  # noqa: B023  awaited at once
            page = [_event(message) for message in messages if message.number <= until]
            if not page:
                return
            after = page[-1].message.number
            yield page

    async def _follow(self) -> None:
        failing = False
        while True:
            await self._wanted.wait()
            try:
                full = await self._tell_new()
                failing = False
            except Exception as error:  # noqa: BLE001  listeners must outlive whatever the database does
                _log.log(logging.DEBUG if failing else logging.WARNING, "the outbox cannot be read: %s", error)
                failing, full = True, False
            if not full:
                await asyncio.sleep(POLL_S)

    async def _tell_new(self) -> bool:
        """Tell the streams what is new; True where there may be more."""
        async with self._lock:
            position = self._position
            messages = await self._read(lambda: self._store.list_messages(position, PAGE))
            if messages or monotonic() - self._checked >= CHECK_S:
                await self._check_callers()
            if messages:
                events = [_event(message) for message in messages]
                self._position = messages[-1].number
                for stream in self._streams:
                    stream.offer(events)
        return len(messages) == PAGE

    async def _check_callers(self) -> None:
        """Doubt callers whom the database knows otherwise by now, whatever process changed them: after messages were
        read, so that none is told that was committed after the change.
        """
        seen = {stream: seen for stream in self._streams if (seen := stream.listener.seen) is not None}
        if seen:
            digests = {digest for digest, _ in seen.values()}
            versions = await self._read(lambda: self._store.list_versions(digests, self._now()))
            for stream, (digest, version) in seen.items():
                if versions.get(digest) != version:
                    stream.doubt()
        self._checked = monotonic()

    async def _read(self, ask: Callable[[], T]) -> T:
        """In threads of its own, so that busy routes do not hold the streams up."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(READERS)
        return await to_thread.run_sync(ask, limiter=self._limiter)


def _event(message: Message) -> Event:
    head = f"id: {message.number}\nevent: {message.topic.value}\ndata: "
    return Event(message, head.encode() + orjson.dumps(message.body) + b"\n\n")
