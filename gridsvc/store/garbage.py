"""No collecting of garbage while others wait for a lock.

A full collection visits every object of the process: 0.15 s with 40,000 features loaded, seconds with a million. It
starts whenever enough objects were made, so sooner or later in the middle of a transaction of milliseconds.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_holders = 0
_was_enabled = False


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off cyclic collections of the whole process until the last thread leaves its block."""
    global _holders, _was_enabled  # noqa: PLW0603 - the collector is one for the process, and so is its state
    with _lock:
        if not _holders:
            _was_enabled = gc.isenabled()
            gc.disable()
        _holders += 1
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if not _holders and _was_enabled:
                gc.enable()
