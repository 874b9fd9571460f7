"""Many short texts as one long one with their order: beginnings by bisection, parts by one search through memory."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from gridsvc.datum.arrays import IntArray
from gridsvc.search.grams import Stretches

END = "\n"
AT_ONCE = 2000
TEXTS_IN_A_STRETCH = 64


class BlobWriter:
    """Takes texts one by one; none of them may hold END. Parts are looked up by `gram` signs; 0: never."""

    def __init__(self, gram: int = 0) -> None:
        self._gram = gram
        self._chunks: list[str] = []
        self._few: list[str] = [""]
        self._begin = array("i", [1])

    def add(self, text: str) -> None:
        """The next text."""
        self._few.append(text)
        self._begin.append(self._begin[-1] + len(text) + 1)
        if len(self._few) >= AT_ONCE:
            self._gather()

    def finish(self) -> "Blob":
        """All of them."""
        self._gather()
        return Blob(END.join(self._chunks) + END, self._begin, self._gram)

    def _gather(self) -> None:
        """Few long strings instead of many short ones, whose memory would stay in holes."""
        if self._few:
            self._chunks.append(END.join(self._few))
            self._few.clear()


class Blob:
    """Texts by number, in the order in which they were added. Read-only."""

    def __init__(self, text: str, begin: "array[int]", gram: int) -> None:
        self.text = text
        self._begin = begin
        self._length = np.diff(begin)
        texts = text.split(END)[1:-1]
        self._order = np.array(sorted(range(len(begin) - 1), key=texts.__getitem__), np.int32)
        bounds = np.append(np.array(begin[:-1:TEXTS_IN_A_STRETCH], np.int64), begin[-1])
        self._stretches = Stretches(text[1:], bounds, gram) if gram else None

    def beginnings(self, part: str, most: int) -> IntArray:
        """Numbers of texts that begin with a part, the shortest ones where there are too many."""
        size = len(part)
        low = bisect_left(self._order, part, key=lambda number: self._slice(number, size))
        high = bisect_right(self._order, part, lo=low, key=lambda number: self._slice(number, size))
        found: IntArray = self._order[low:high].astype(np.int64)
        if len(found) > most:
            found = found[np.argpartition(self._length[found], most)[:most]]
        return found

    def parts(self, part: str, most: int) -> Iterator[tuple[int, int]]:
        """(number, place in `text`) of texts that hold a part, each text once."""
        last = -1
        for place in self._all_places(part):
            number = self.number_at(place)
            if number != last:
                if most == 0:
                    return
                yield number, place
                last, most = number, most - 1

    def places(self, part: str, most: int) -> Iterator[int]:
        """Places in `text` where a part begins."""
        return islice(self._all_places(part), most)

    def places_of_halves(self, typed: str, most: int) -> Iterator[int]:
        """Places where the first half of what was typed begins, the second one comes later in the same text, and
        something is between; for every way to cut it that leaves `gram` signs on either side. So many of each are
        looked at.
        """
        for cut, ranges in () if self._stretches is None else self._stretches.may_hold_halves(typed):
            for place in islice(self._places_in(ranges, typed[:cut]), most):
                behind = place + cut
                if self.text.find(typed[cut:], behind + 1, self.text.index(END, behind)) >= 0:
                    yield place

    def _all_places(self, part: str) -> Iterator[int]:
        whole = [(0, len(self.text))]
        return self._places_in(whole if self._stretches is None else self._stretches.may_hold(part), part)

    def _places_in(self, ranges: Iterable[tuple[int, int]], part: str) -> Iterator[int]:
        for begin, end in ranges:
            at = self.text.find(part, begin, end)
            while at >= 0:
                yield at
                at = self.text.find(part, at + 1, end)

    def number_at(self, place: int) -> int:
        """Whose text a place lies in."""
        return bisect_right(self._begin, place) - 1

    def begin_of(self, number: int) -> int:
        """Where a text begins."""
        return self._begin[number]

    def end_of(self, number: int) -> int:
        """Where a text has ended: the place of the END behind it."""
        return self._begin[number + 1] - 1

    def length_of(self, number: int) -> int:
        """Signs of a text."""
        return self.end_of(number) - self.begin_of(number)

    def _slice(self, number: int, size: int) -> str:
        begin = self._begin[number]
        return self.text[begin : min(begin + size, self._begin[number + 1] - 1)]
