"""Heavy requests take turns: few compute, some more wait, the others are told when to come again."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from api.http.askers import Asker
from api.http.memory import give_back
from gridsvc.errors import Busy

AT_ONCE = 2
ADMITTED, ADMITTED_EACH = 8, 2
"""Places, and how many of them one asker may hold; visitors together at most half."""
RETRY_AFTER_S = 5
HEAVY_S = 1.0
"""Computing that leaves memory behind which is worth giving back."""
P = ParamSpec("P")
T = TypeVar("T")


class Turns:
    """Of one kind of work. Belongs to the thread of the event loop."""

    def __init__(self, fold: int = 1) -> None:
        """`fold` as many places for everybody, where work is short and comes in quick succession."""
        self._fold = fold
        self._computing = CapacityLimiter(AT_ONCE)
        self._admitted: Counter[Asker] = Counter()
        self._computed_s = 0.0

    @contextmanager
    def admitted(self, asker: Asker) -> Iterator[None]:
        """A place from the first byte of a body to the last of its answer. Raises Busy when there is none.

        A body may be gigabytes on disk, and the sender as slow as he likes: hence more places than compute, and few for
        each, so that nobody keeps all others out.
        """
        self._check_room(asker)
        self._admitted[asker] += 1
        try:
            yield
        finally:
            self._admitted[asker] -= 1
            self._admitted += Counter()  # who has none is forgotten
            # While others are at it, they use again what was freed.
            if not self._admitted and self._computed_s >= HEAVY_S:
                self._computed_s = 0.0
                threading.Thread(target=give_back, name="give-back", daemon=True).start()

    def _check_room(self, asker: Asker) -> None:
        taken, places, each = self._admitted, ADMITTED * self._fold, ADMITTED_EACH * self._fold
        if taken[asker] >= each:
            msg = f"You have {each} of these going on already: wait for them."
            raise Busy(msg, zh=f"您已有 {each} 个同类请求正在处理：请等待完成。", retry_after_s=RETRY_AFTER_S)
        visitors = sum(count for other, count in taken.items() if other.is_visitor)
        if taken.total() >= places or (asker.is_visitor and visitors >= (places + 1) // 2):
            msg = "Others of these are being answered just now; try again shortly."
            raise Busy(msg, zh="同类请求正在处理：请稍后再试。", retry_after_s=RETRY_AFTER_S)

    async def compute(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one piece of work in a thread, AT_ONCE of them at a time."""
        start = time.perf_counter()
        try:
            return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._computing)
        finally:
            self._computed_s += time.perf_counter() - start
