"""Chunk after chunk in two threads: kernels, projections and arrays let go of the interpreter while they compute."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_THREADS, _AHEAD = 2, 2
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="batch")
"""Shared by all batches of the process, which therefore never compute in more. They stay: PROJ needs a tenth of a
second for every new thread."""

T = TypeVar("T")
U = TypeVar("U")


def side_by_side(work: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
    """`work` of each item, in order; what comes of no more than _AHEAD further ones is held. The items themselves are
    fetched by whoever asks for the next.
    """
    waiting: deque[Future[U]] = deque()
    try:
        for item in items:
            waiting.append(_pool.submit(work, item))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for each in waiting:
            each.cancel()
