"""The reasons of an answer: every rule that fired leaves a line; the sentences are data, in Chinese and in English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from gridsvc.model.resolution import TraceLine

Value = str | int | float


class Sentence(NamedTuple):
    """A sentence or word in both languages; sentences have named placeholders."""

    zh: str
    en: str


@cache
def load_sentences() -> Mapping[str, Sentence]:
    """Trace code → sentence, read once from the data file beside this module."""
    return _load("sentences.toml")


@cache
def load_words() -> Mapping[str, Sentence]:
    """Role or kind of target → what people call it."""
    return _load("words.toml")


def _load(name: str) -> Mapping[str, Sentence]:
    tables = tomllib.loads(files("gridsvc.index.rules").joinpath(name).read_text("utf-8"))
    return {code: Sentence(table["zh"], table["en"]) for code, table in tables.items()}


NAMED = ("role", "kind")
"""Placeholders that take a word of the field, which differs between the languages."""


class Trace:
    """Collects lines while an answer is made; text is only put together when the lines are asked for.

    Belongs to one answer and one thread.
    """

    __slots__ = ("_marks",)

    def __init__(self) -> None:
        self._marks: list[tuple[str, tuple[str, ...], dict[str, Value]]] = []

    def add(self, code: str, /, *ids: str, **values: Value) -> None:
        """Note that a rule fired: `ids` name what it is about, `values` fill the sentence."""
        self._marks.append((code, ids, values))

    def lines(self) -> tuple[TraceLine, ...]:
        """The lines in the order in which the rules fired."""
        return tuple(_line(code, ids, values) for code, ids, values in self._marks)


def _line(code: str, ids: tuple[str, ...], values: dict[str, Value]) -> TraceLine:
    sentence = load_sentences()[code]
    zh, en = values, values
    if named := {name: load_words()[str(values[name])] for name in NAMED if name in values}:
        zh = values | {name: word.zh for name, word in named.items()}
        en = values | {name: word.en for name, word in named.items()}
    return TraceLine(code, sentence.zh.format(**zh), sentence.en.format(**en), ids)
