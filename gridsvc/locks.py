"""One process at a time, by a lock that a killed one cannot hold."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock file; False where another process holds it and nobody is to wait. The holder may delete the file."""
    while True:
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            if _is_still(lock, file.fileno()):
                yield True
                return


def _is_still(lock: Path, opened: int) -> bool:
    """Whether the name still means what was opened: who held it before may have deleted it."""
    try:
        return os.path.samestat(lock.stat(), os.fstat(opened))
    except FileNotFoundError:
        return False
