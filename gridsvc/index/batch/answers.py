"""Questions by number that come again and again: each is asked once, and what it is answered is kept as a number.

All may be used from several threads: whoever comes upon a question first asks it while the others wait.
"""

from collections.abc import Callable
from threading import RLock

import numpy as np

from gridsvc.datum.arrays import Int32Array, IntArray
from gridsvc.index.batch.dictionaries import Dictionary

NO_WORD = -1
_UNASKED = -2


class Words:
    """Words by number, each different one once; only ever more of them."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._words: list[str] = []
        self._shown = self._words[:]
        self._numbers: dict[str | None, int] = {None: NO_WORD}

    def __getitem__(self, number: int) -> str:
        return self._words[number]

    def number(self, word: str | None) -> int:
        """The word's, which it is given where it is new; NO_WORD for None."""
        with self.lock:
            number = self._numbers.setdefault(word, len(self._words))
            if word is not None and number == len(self._words):
                self._words.append(word)
            return number

    def column(self, numbers: Int32Array) -> Dictionary:
        """Words as a column; only those that occur where there are more than rows."""
        if len(self._words) > len(numbers):
            used, where = np.unique(numbers, return_inverse=True)
            absent = int(len(used) > 0 and used[0] == NO_WORD)
            return Dictionary((where - absent).astype(np.int32), [self._words[number] for number in used[absent:]])
        if len(self._shown) < len(self._words):
            self._shown = self._words[:]
        return Dictionary(numbers, self._shown)


class Answers:
    """One table of answers: the number of a word of `words` for each question; question -1 is never answered."""

    def __init__(self, count: int, words: Words, ask: Callable[[int], str | None]) -> None:
        self._words, self._ask = words, ask
        self._table = np.full(count + 1, _UNASKED, np.int32)
        self._table[-1] = NO_WORD

    def numbers(self, questions: IntArray | Int32Array) -> Int32Array:
        """What each question is answered."""
        found = self._table[questions]
        if len(new := np.flatnonzero(found == _UNASKED)):
            with self._words.lock:
                for question in np.unique(questions[new]).tolist():
                    if self._table[question] == _UNASKED:
                        self._table[question] = self._words.number(self._ask(question))
            found[new] = self._table[questions[new]]
        return found

    def column(self, questions: IntArray | Int32Array) -> Dictionary:
        """The same as words."""
        return self._words.column(self.numbers(questions))

    def grow(self, count: int) -> None:
        """Make room for questions up to `count`."""
        with self._words.lock:
            if count >= len(self._table):
                grown = np.full(max(count, 2 * len(self._table)) + 1, _UNASKED, np.int32)
                grown[: len(self._table) - 1] = self._table[:-1]
                grown[-1] = NO_WORD
                self._table = grown
