"""Invented Chinese names for places and people, different for every number and the same for the same seed."""

import tomllib
from collections import Counter
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np

WORDS: dict[str, Any] = tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8"))


class Names:
    """Numbered names; shuffled once by the seed."""

    def __init__(self, rng: np.random.Generator) -> None:
        natural = [a + b for a in WORDS["plants"] for b in WORDS["places"]]
        hopeful = [a + b for a in WORDS["wishes"] for b in WORDS["blessings"] if a != b and a + b not in WORDS["taken"]]
        shuffled = {name: _shuffled(words, rng) for name, words in (("natural", natural), ("hopeful", hopeful))}
        trades = _shuffled(WORDS["trades"], rng)
        self._areas = _shuffled(natural + hopeful, rng)
        self._used: Counter[str] = Counter()
        self._stems = {
            "AVENUE": shuffled["hopeful"],
            "STREET": _mixed(shuffled["natural"], shuffled["hopeful"]),
            "LANE": _mixed(shuffled["hopeful"][::-1], shuffled["natural"]),
            "HUTONG": _mixed(trades, shuffled["natural"][::-1]),
        }

    def district(self, number: int) -> str:
        """e.g. 柳泉区."""
        return str(WORDS["districts"][number]) + "区"

    def subdistrict(self, number: int) -> str:
        """e.g. 桂溪街道."""
        return f"{_numbered(self._areas, number)}街道"

    def community(self, number: int) -> str:
        """e.g. 荷塘社区."""
        return f"{_numbered(self._areas[::-1], number)}社区"

    def next_street(self, kind: str) -> str:
        """A name that no street of the kind (AVENUE, STREET, LANE, HUTONG) has yet."""
        number = self._used[kind]
        self._used[kind] += 1
        endings: list[str] = WORDS["kinds"][kind]
        stems = self._stems[kind]
        stem, lap = stems[number % len(stems)], number // len(stems)
        positions: list[str] = ["", *WORDS["positions"]]
        lap, position = divmod(lap, len(positions))
        stem = positions[position] + stem
        if lap:
            return f"{stem}{_count(lap)}条"
        return stem + str(endings[(number * 7 + len(stem)) % len(endings)])

    def person(self, number: int) -> str:
        """Surname and two syllables; all combinations before one repeats."""
        surname, first, second = WORDS["surnames"], WORDS["given_first"], WORDS["given_second"]
        mixed = number * self._step % (len(surname) * len(first) * len(second))
        mixed, s = divmod(mixed, len(surname))
        f, g = divmod(mixed, len(second))
        return str(surname[s] + first[f] + second[g])

    @cached_property
    def _step(self) -> int:
        """Prime to the number of combinations, so that neighbours in number share no syllables."""
        size = len(WORDS["surnames"]) * len(WORDS["given_first"]) * len(WORDS["given_second"])
        step = size * 618 // 1000
        while np.gcd(step, size) != 1:
            step += 1
        return int(step)


def _numbered(stems: list[str], number: int) -> str:
    """A stem, with a position before it once all were used."""
    lap, at = divmod(number, len(stems))
    positions: list[str] = ["", *WORDS["positions"]]
    again, position = divmod(lap, len(positions))
    return positions[position] + stems[at] + (_count(again) if again else "")


def _count(number: int) -> str:
    """头, 二 … 十, 十一 …, for names of the kind 柳泉二条."""
    numbers: list[str] = WORDS["numbers"]
    if number <= 10:
        return numbers[number - 1]
    if number > 99:
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else numbers[tens - 1]) + "十" + (numbers[ones - 1].replace("头", "一") if ones else "")


def _mixed(first: list[str], second: list[str]) -> list[str]:
    """Two lists in turn, the rest of the longer one behind."""
    both = [word for pair in zip(first, second, strict=False) for word in pair]
    n = min(len(first), len(second))
    return both + first[n:] + second[n:]


def _shuffled(words: list[str], rng: np.random.Generator) -> list[str]:
    return [words[i] for i in rng.permutation(len(words)).tolist()]
