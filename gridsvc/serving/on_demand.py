"""Values that take seconds to make: made when asked for, once for all who ask, the least used forgotten first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Generic, TypeVar

from gridsvc.errors import Busy

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
RETRY_AFTER_S = 5


class Slots:
    """How much heavy work may run at once in this process; who comes too many is told to come again."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold one slot. Raises Busy at once when none is free."""
        if not self._free.acquire(blocking=False):
            raise Busy(
                "Too many old editions are being compiled at once; try again shortly.", retry_after_s=RETRY_AFTER_S
            )
        try:
            yield
        finally:
            self._free.release()


class OnDemand(Generic[K, V]):
    """A cache of `size` values by use; concurrent askers of one key wait for one making. Failures are not kept."""

    def __init__(self, make: Callable[[K], V], size: int, slots: Slots) -> None:
        self._make, self._size, self._slots = make, size, slots
        self._lock = threading.Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._making: dict[K, Future[V]] = {}

    def find(self, key: K) -> V | None:
        """The value if it is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def get(self, key: K) -> V:
        """The value, made if need be. Raises Busy, and whatever making raises."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            waiting = self._making.get(key)
            mine: Future[V] = Future()
            if waiting is None:
                self._making[key] = mine
        return waiting.result() if waiting is not None else self._fill(key, mine)

    def _fill(self, key: K, future: Future[V]) -> V:
        try:
            with self._slots.taken():
                value = self._make(key)
        except BaseException as error:
            with self._lock:
                del self._making[key]
            future.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            self._kept[key] = value
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        future.set_result(value)
        return value
