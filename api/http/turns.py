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
from api.http.place import Place
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
        self._admitted: dict[Place, Asker] = {}
        self._computed_s = 0.0

    @contextmanager
    def admitted(self, asker: Asker) -> Iterator[Place]:
        """A place from the first byte of a body to the last of its answer. Raises Busy when there is none.

        A body may be gigabytes on disk, and the sender as slow as he likes: hence more places than compute, and few for
        each, so that nobody keeps all others out; nor do slow visitors, of whom the slowest gives way.
        """
        self._make_room(asker)
        place = Place()
        self._admitted[place] = asker
        try:
            yield place
        finally:
            self._admitted.pop(place, None)
            # While others are at it, they use again what was freed.
            if not self._admitted and self._computed_s >= HEAVY_S:
                self._computed_s = 0.0
                threading.Thread(target=give_back, name="give-back", daemon=True).start()

    def _make_room(self, asker: Asker) -> None:
        taken, places, each = Counter(self._admitted.values()), ADMITTED * self._fold, ADMITTED_EACH * self._fold
        if taken[asker] >= each:
            msg = f"You have {each} of these going on already: wait for them."
            raise Busy(msg, zh=f"您已有 {each} 个同类请求正在处理：请等待完成。", retry_after_s=RETRY_AFTER_S)
        visitors = sum(count for other, count in taken.items() if other.is_visitor)
        if taken.total() >= places or (asker.is_visitor and visitors >= (places + 1) // 2):
            self._send_off_slowest()

    def _send_off_slowest(self) -> None:
        visitors = [place for place, asker in self._admitted.items() if asker.is_visitor]
        slowest = max(visitors, key=Place.slowness_s, default=None)
        if slowest is None or not slowest.slowness_s():
            msg = "Others of these are being answered just now; try again shortly."
            raise Busy(msg, zh="同类请求正在处理：请稍后再试。", retry_after_s=RETRY_AFTER_S)
        slowest.give_way()
        del self._admitted[slowest]

    async def compute(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one piece of work in a thread, AT_ONCE of them at a time."""
        start = time.perf_counter()
        try:
            return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._computing)
        finally:
            self._computed_s += time.perf_counter() - start
