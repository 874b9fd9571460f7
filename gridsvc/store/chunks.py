"""Long writes in small transactions, so that others get the only write lock of SQLite in between."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from time import monotonic, sleep
from typing import Generic, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

_SMALLEST, _LARGEST = 25, 5000


class Chunks(Generic[T]):
    """Iterates (chunk, is_last); the loop body opens one `write`, whose time sets the size of a later chunk.

    There is at least one chunk, maybe empty, so that the last one can carry what makes the work visible. `begin`
    opens a transaction and is told whether it must be durable, which only the last one must: a crash that undoes
    those before it undoes nothing that anybody was told of. `aim_s` is how long a transaction should last, from its
    lock to its commit (one of 20 ms seldom reaches 50 ms); then the lock stays free for `pause_s`.
    """

    def __init__(
        self,
        items: Iterable[T],
        begin: Callable[[bool], AbstractContextManager[Connection]],
        *,
        aim_s: float,
        pause_s: float,
    ) -> None:
        self._source = iter(items)
        self._begin = begin
        self._aim_s = aim_s
        self._pause_s = pause_s
        self._size = 100
        self._is_last = False
        self._held_s = 0.0
        self._free_until = 0.0

    def __iter__(self) -> Iterator[tuple[list[T], bool]]:
        chunk = self._take()
        while not self._is_last:
            following = self._take()
            self._is_last = not following
            yield chunk, self._is_last
            if self._held_s:
                self._size = min(max(int(self._size * min(self._aim_s / self._held_s, 1.5)), _SMALLEST), _LARGEST)
            chunk = following

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The transaction of the chunk at hand."""
        sleep(max(0.0, self._free_until - monotonic()))
        with self._begin(self._is_last) as connection:
            begun = monotonic()
            yield connection
        ended = monotonic()
        self._held_s = ended - begun
        self._free_until = ended + self._pause_s

    def _take(self) -> list[T]:
        return list(islice(self._source, self._size))
