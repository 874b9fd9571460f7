"""Memory that heavy work leaves behind, given back to the system: a process serves on for weeks after a large batch."""

import ctypes
import sys

import pyarrow as pa


def give_back() -> None:
    """Release what Arrow's pool and the C library keep for reuse; safe in any thread, while others work too.

    Measured after six batches of 100,000 to 300,000 rows at once: 620 MB before, 310 MB after, nearly all of it kept by
    glibc in the heaps of the threads that had computed. Takes some hundredths of a second.
    """
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries give back by themselves
        if trim is not None:
            trim(0)
