"""The reasons of an answer: every rule that fired leaves a line; the sentences are data, in Chinese and in English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from gridsvc.model.resolution import TraceLine

Value = str | int | float


class Sentence(NamedTuple):
    """One rule's sentence in both languages, with named placeholders."""

    zh: str
    en: str


@cache
def load_sentences() -> Mapping[str, Sentence]:
    """Trace code → sentence, read once from the data file beside this module."""
    tables = tomllib.loads(files("gridsvc.index").joinpath("sentences.toml").read_text("utf-8"))
    return {code: Sentence(table["zh"], table["en"]) for code, table in tables.items()}


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
        sentences = load_sentences()
        return tuple(
            TraceLine(code, sentences[code].zh.format(**values), sentences[code].en.format(**values), ids)
            for code, ids, values in self._marks
        )
