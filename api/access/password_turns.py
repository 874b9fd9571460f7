"""Passwords are tried a few at a time, in threads of their own: a wave of sign-ins holds up nobody but sign-ins, and
among these nobody who comes from where they were signed in before.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from gridsvc.errors import Busy

T = TypeVar("T")

USUAL_AT_ONCE, OTHERS_AT_ONCE = 2, 1
"""How many passwords are hashed: each takes 64 MB and a core for some 50 ms."""
USUAL_WAITING, USUAL_WAITING_EACH = 40, 3
OTHERS_WAITING, OTHERS_WAITING_EACH = 20, 4
"""Tries that are being heard or wait for it, and how many of them for one login, of others from one site."""
RETRY_AFTER_S = 2


class Queue:
    """Tries of one kind. Belongs to the thread of the event loop."""

    def __init__(self, places: int, places_each: int, at_once: int) -> None:
        self._places, self._places_each = places, places_each
        self._hashing, self._counting = CapacityLimiter(at_once), CapacityLimiter(1)
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def awaited(self, whose: str) -> Iterator[None]:
        """A place among those who wait. Raises Busy where there is none."""
        if self._waiting.total() >= self._places or self._waiting[whose] >= self._places_each:
            msg = "too many people are signing in; try again"
            raise Busy(msg, zh="登录人数过多：请稍后再试。", retry_after_s=RETRY_AFTER_S)
        self._waiting[whose] += 1
        try:
            yield
        finally:
            self._waiting[whose] -= 1
            self._waiting += Counter()  # who has none is forgotten

    async def count(self, work: Callable[[], None]) -> None:
        """Count a try, before it waits for those that are being heard."""
        await to_thread.run_sync(work, limiter=self._counting)

    async def hash(self, work: Callable[[], T]) -> T:
        """Run what hashes a password."""
        return await to_thread.run_sync(work, limiter=self._hashing)


class PasswordTurns:
    """`usual` ones come from an address that their login was signed in from lately; whoever has many networks fills
    only the places of the `others`. Belongs to the thread of the event loop.
    """

    def __init__(self) -> None:
        self.usual = Queue(USUAL_WAITING, USUAL_WAITING_EACH, USUAL_AT_ONCE)
        self.others = Queue(OTHERS_WAITING, OTHERS_WAITING_EACH, OTHERS_AT_ONCE)
        self._looking = CapacityLimiter(1)

    async def queue_of(self, is_usual: Callable[[], bool]) -> Queue:
        """Where a try waits. It is asked before there is a place: that takes a thousandth of the time of a hash."""
        return self.usual if await to_thread.run_sync(is_usual, limiter=self._looking) else self.others
