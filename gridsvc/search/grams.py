"""In which stretches of a long text a part can be at all: a bit for each pair (or three) of neighbouring signs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gridsvc.datum.arrays import IntArray

ROWS = 4096
"""Different values of a hash: enough that in one stretch most bits stay 0."""

_SPREAD = np.uint32(2654435761)
_SHIFT = np.uint32(32 - 12)


class Stretches:
    """Stretches of a text between `bounds`, and of which `size` neighbouring signs each holds. Read-only."""

    def __init__(self, text: str, bounds: IntArray, size: int) -> None:
        self._bounds, self._size = bounds, size
        held = np.zeros((ROWS, len(bounds) - 1), bool)
        hashes = _hashes(text, size)
        held[hashes, np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))[: len(hashes)]] = True
        self._held = np.packbits(held, axis=1)

    def may_hold(self, part: str) -> Iterator[tuple[int, int]]:
        """(begin, end) of what is to be searched for a part that no bound divides, in order."""
        if len(part) < self._size:
            yield int(self._bounds[0]), int(self._bounds[-1])
            return
        yield from self._ranges(np.bitwise_and.reduce(self._held[_hashes(part, self._size)], axis=0))

    def may_hold_halves(self, text: str) -> Iterator[tuple[int, Iterator[tuple[int, int]]]]:
        """(cut, what is to be searched for both halves) for every cut that leaves `size` signs on either side."""
        held = self._held[_hashes(text, self._size)]
        before, after = np.bitwise_and.accumulate(held), np.bitwise_and.accumulate(held[::-1])[::-1]
        for cut in range(self._size, len(text) - self._size + 1):
            yield cut, self._ranges(before[cut - self._size] & after[cut])

    def _ranges(self, bits: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
        found = np.flatnonzero(np.unpackbits(bits, count=len(self._bounds) - 1)) if bits.any() else ()
        if len(found) == 0:
            return
        breaks = np.flatnonzero(np.diff(found) > 1)
        begins, ends = found[np.append(0, breaks + 1)], found[np.append(breaks, len(found) - 1)]
        yield from zip(self._bounds[begins].tolist(), self._bounds[ends + 1].tolist(), strict=True)


def _hashes(text: str, size: int) -> NDArray[np.uint32]:
    """One for every place at which `size` signs begin."""
    signs = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    count = max(0, len(signs) - size + 1)
    mixed = np.zeros(count, np.uint32)
    for offset in range(size):
        mixed = (mixed * np.uint32(31) + signs[offset : offset + count]) * _SPREAD
    return mixed >> _SHIFT
