"""Words as flat arrays: UTF-8 with offsets, and numbers into such a list where words repeat or may be absent."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import ByteArray, Int32Array, IntArray
from gridsvc.index.geometry.ranges import expand_ranges


@dataclass(frozen=True, slots=True, eq=False)
class Words(Sequence[str]):
    """Word k is `text[offsets[k]:offsets[k + 1]]` in UTF-8. Each access decodes."""

    offsets: IntArray
    text: ByteArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:  # type: ignore[override]  # rows only, a slice would be a copy
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        return self.text[self.offsets[row] : self.offsets[row + 1]].tobytes().decode()

    def take(self, rows: IntArray) -> "Words":
        """Some of them, in that order."""
        counts = self.offsets[rows + 1] - self.offsets[rows]
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Words(offsets, self.text[expand_ranges(self.offsets[rows], counts)])

    def __iter__(self) -> Iterator[str]:
        text, start = self.text.tobytes(), 0
        for end in self.offsets[1:].tolist():
            yield text[start:end].decode()
            start = end


class WordPacker:
    """Words one by one."""

    def __init__(self) -> None:
        self._offsets = array("q", [0])
        self._text = bytearray()

    def add(self, word: str) -> None:
        """The next one."""
        self._text += word.encode()
        self._offsets.append(len(self._text))

    def packed(self) -> Words:
        """All of them."""
        return Words(np.array(self._offsets, np.int64), np.frombuffer(bytes(self._text), np.uint8))


def pack_words(words: Iterable[str]) -> Words:
    """Words as they come."""
    packer = WordPacker()
    for word in words:
        packer.add(word)
    return packer.packed()


@dataclass(frozen=True, slots=True, eq=False)
class Repeated(Sequence[str | None]):
    """Word k is `values[numbers[k]]`, None where the number is -1."""

    numbers: Int32Array
    values: Words

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: int) -> str | None:  # type: ignore[override]  # rows only, a slice would be a copy
        number = int(self.numbers[row])
        return None if number < 0 else self.values[number]

    def take(self, rows: IntArray) -> "Repeated":
        """Some of them, in that order."""
        return Repeated(self.numbers[rows], self.values)

    def __iter__(self) -> Iterator[str | None]:
        words: list[str | None] = [*self.values, None]
        return (words[number] for number in self.numbers.tolist())


class RepeatedPacker:
    """Words one by one, each different one kept once; None is none."""

    def __init__(self) -> None:
        self._places: dict[str | None, int] = {None: -1}
        self._numbers = array("i")

    def add(self, word: str | None) -> None:
        """The next one."""
        self._numbers.append(self._places.setdefault(word, len(self._places) - 1))

    def packed(self) -> Repeated:
        """All of them."""
        words = [word for word in self._places if word is not None]
        return Repeated(np.array(self._numbers, np.int32), pack_words(words))


def pack_repeated(words: Iterable[str | None]) -> Repeated:
    """Words as they come."""
    packer = RepeatedPacker()
    for word in words:
        packer.add(word)
    return packer.packed()
