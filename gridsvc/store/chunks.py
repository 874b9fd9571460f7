"""Long writes in small transactions, so that others get the only write lock of SQLite in between."""

from collections.abc import Iterable, Iterator
from itertools import islice
from time import monotonic, sleep
from typing import Generic, TypeVar

T = TypeVar("T")

AIM_S = 0.025
"""Half of the 50 ms that a chunk may hold the write lock."""

_SMALLEST, _LARGEST = 25, 4000


class Chunks(Generic[T]):
    """Iterates (chunk, is_last); the loop body is one transaction, whose time sets the size of the next chunk.

    There is at least one chunk, maybe empty, so that the last one can carry what makes the work visible. Between
    chunks the lock stays free for as long as it was held: waiting writers of other processes poll for it.
    """

    def __init__(self, items: Iterable[T], size: int = 250) -> None:
        self._source = iter(items)
        self._size = size

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
            self._size = min(max(int(self._size * min(AIM_S / held, 2.0)), _SMALLEST), _LARGEST)
            free_until = begun + 2 * held
            chunk = following

    def _take(self) -> list[T]:
        return list(islice(self._source, self._size))
