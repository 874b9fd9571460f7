"""Things by their code, or by how it begins; blanks and dashes that group a code for reading count for nothing."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from gridsvc.search.writing import plain

FEWEST_SIGNS = 3


class CodeIndex:
    """Numbers of things in the order of their codes."""

    def __init__(self, codes: Sequence[str]) -> None:
        written = [plain(code) for code in codes]
        self._order = np.array(sorted(range(len(codes)), key=written.__getitem__), np.int32)
        self._codes = [written[number] for number in self._order.tolist()]

    def find(self, typed: str, most: int) -> list[tuple[int, bool]]:
        """(number, whether the code is whole) of things whose code begins so, in the order of their codes."""
        begin = plain(typed)
        if len(begin) < FEWEST_SIGNS or not begin.isascii():
            return []
        found: list[tuple[int, bool]] = []
        at = bisect_left(self._codes, begin)
        while at < len(self._codes) and len(found) < most and self._codes[at].startswith(begin):
            found.append((int(self._order[at]), self._codes[at] == begin))
            at += 1
        return found
