"""Things by their code, or by how it begins; blanks and dashes that group a code for reading count for nothing.

Names that are as many and as much alike as codes, those of cells, are found in the same way.
"""

from collections.abc import Sequence

import numpy as np

from gridsvc.search.writing import plain

FEWEST_SIGNS = 3


class CodeIndex:
    """Numbers of things in the order of their codes, packed: a large city has a million of them."""

    def __init__(self, codes: Sequence[str]) -> None:
        written = np.array([plain(code).encode() for code in codes], np.bytes_)
        self._order = np.argsort(written, kind="stable").astype(np.int32)
        self._codes = written[self._order]

    def find(self, typed: str, most: int) -> list[tuple[int, bool]]:
        """(number, whether the code is whole) of things whose code begins so, in the order of their codes."""
        begin = plain(typed).encode()
        if len(begin) < FEWEST_SIGNS:
            return []
        at = int(np.searchsorted(self._codes, begin))
        found = []
        for number, code in zip(self._order[at : at + most], self._codes[at : at + most], strict=True):
            if not code.startswith(begin):
                break
            found.append((int(number), code == begin))
        return found
