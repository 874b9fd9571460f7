"""Long writes in small transactions, so that others get the only write lock of SQLite in between."""

from collections.abc import Iterable, Iterator
from itertools import islice
from time import monotonic, sleep
from typing import Generic, TypeVar

T = TypeVar("T")

_SMALLEST, _LARGEST = 25, 5000


class Chunks(Generic[T]):
    """Iterates (chunk, is_last); the loop body is one transaction, whose time sets the size of the next chunk.

    There is at least one chunk, maybe empty, so that the last one can carry what makes the work visible.
    `aim_s` is how long a transaction should last (one of 20 ms seldom reaches 50 ms); for `pause` times as long the
    lock then stays free, since SQLite's waiting writers do not queue but look again after up to 100 ms.
    """

    def __init__(self, items: Iterable[T], *, aim_s: float, pause: float) -> None:
        self._source = iter(items)
        self._aim_s = aim_s
        self._pause = pause
        self._size = 100

    def __iter__(self) -> Iterator[tuple[list[T], bool]]:
        free_until = 0.0
        chunk = self._take()
        while True:
            following = self._take()
            sleep(max(0.0, free_until - monotonic()))
            begun = monotonic()
            yield chunk, not following
            held = monotonic() - begun
            if not following:
                return
            self._size = min(max(int(self._size * min(self._aim_s / held, 1.5)), _SMALLEST), _LARGEST)
            free_until = begun + held * (1 + self._pause)
            chunk = following

    def _take(self) -> list[T]:
        return list(islice(self._source, self._size))
