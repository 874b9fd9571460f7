"""Passwords are tried a few at a time, in threads of their own: a wave of sign-ins holds up nobody but sign-ins."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from gridsvc.errors import Busy

T = TypeVar("T")

HASHING_AT_ONCE = 2
"""Each takes 64 MB and a core for some 50 ms."""

WAITING, WAITING_EACH = 40, 10
"""Tries that are being heard or wait for it, and how many of them from one line."""
RETRY_AFTER_S = 2


class PasswordTurns:
    """Belongs to the thread of the event loop."""

    def __init__(self) -> None:
        self._hashing, self._counting = CapacityLimiter(HASHING_AT_ONCE), CapacityLimiter(1)
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def awaited(self, line: str) -> Iterator[None]:
        """A place among those who wait. Raises Busy where there is none."""
        if self._waiting.total() >= WAITING or self._waiting[line] >= WAITING_EACH:
            msg = "too many people are signing in; try again"
            raise Busy(msg, zh="登录人数过多：请稍后再试。", retry_after_s=RETRY_AFTER_S)
        self._waiting[line] += 1
        try:
            yield
        finally:
            self._waiting[line] -= 1
            self._waiting += Counter()  # lines without any are forgotten

    async def count(self, work: Callable[[], None]) -> None:
        """Count a try, before it waits for those that are being heard."""
        await to_thread.run_sync(work, limiter=self._counting)

    async def hash(self, work: Callable[[], T]) -> T:
        """Run what hashes a password."""
        return await to_thread.run_sync(work, limiter=self._hashing)
