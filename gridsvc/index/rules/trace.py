"""The reasons of an answer: every rule that fired leaves a line; the sentences are data, in Chinese and in English."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import NamedTuple

from gridsvc.model.resolution import TraceLine


class Named(NamedTuple):
    """A code with what people call it, where that is known."""

    code: str
    name: str | None = None


Value = str | int | float | Named | tuple[Named, ...]


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
    """Role, kind of target, part or rule → what people call it."""
    return _load("words.toml")


def _load(name: str) -> Mapping[str, Sentence]:
    tables = tomllib.loads(files("gridsvc.index.rules").joinpath(name).read_text("utf-8"))
    return {code: Sentence(table["zh"], table["en"]) for code, table in tables.items()}


WORDS = ("role", "kind", "part", "rule")
"""Placeholders that take a word of the field, which differs between the languages."""

_BETWEEN = {"areas": Sentence(" > ", " > ")}
_BETWEEN_OTHERS = Sentence("、", ", ")


class Trace:
    """Collects lines while an answer is made; text is only put together when the lines are asked for.

    Belongs to one answer and one thread.
    """

    __slots__ = ("_marks",)

    def __init__(self) -> None:
        self._marks: list[TraceLine | tuple[str, tuple[str, ...], dict[str, Value]]] = []

    def add(self, code: str, /, *ids: str, **values: Value) -> None:
        """Note that a rule fired: `ids` name what it is about, `values` fill the sentence."""
        self._marks.append((code, ids, values))

    def extend(self, lines: Iterable[TraceLine]) -> None:
        """Add lines of an answer that was remembered."""
        self._marks += lines

    def lines(self) -> tuple[TraceLine, ...]:
        """The lines in the order in which the rules fired."""
        return tuple([mark if isinstance(mark, TraceLine) else _line(*mark) for mark in self._marks])


def _line(code: str, ids: tuple[str, ...], values: dict[str, Value]) -> TraceLine:
    return TraceLine(code, *_sentence(code, tuple(values.items())), ids)


@lru_cache(maxsize=10_000)
def _sentence(code: str, values: tuple[tuple[str, Value], ...]) -> Sentence:
    """A sentence filled in; the same chiefs and departments answer for many places."""
    sentence = load_sentences()[code]
    zh = {name: _say(name, value, "zh") for name, value in values}
    en = {name: _say(name, value, "en") for name, value in values}
    return Sentence(_join_zh(sentence.zh, zh), sentence.en.format(**en))


def _say(placeholder: str, value: Value, language: str) -> str:
    """A value in words: names lead and codes follow in brackets."""
    if placeholder in WORDS:
        return str(getattr(load_words()[str(value)], language))
    if isinstance(value, float):
        return say_metres(value)
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, Named):
        return _say_named(value, language)
    between: str = getattr(_BETWEEN.get(placeholder, _BETWEEN_OTHERS), language)
    return between.join(_say_named(one, language) for one in value)


def say_metres(metres: float) -> str:
    """As people say them; what decides is compared in millimetres."""
    return f"{metres:.0f}" if metres >= 9.95 else f"{round(metres, 1):g}"


def _say_named(value: Named, language: str) -> str:
    if not value.name or value.name == value.code:
        return value.code
    return f"{value.name}（{value.code}）" if language == "zh" else f"{value.name} ({value.code})"


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


def _join_zh(template: str, values: Mapping[str, str]) -> str:
    """Chinese text with a blank where what is filled in meets it with a letter or figure, and none elsewhere."""
    text = ""
    for piece in _spoken(template, values):
        if text and piece and {_script(text[-1]), _script(piece[0])} == _APART:
            text += " "
        text += piece
    return text


def _spoken(template: str, values: Mapping[str, str]) -> Iterable[str]:
    for literal, name in _pieces(template):
        yield literal
        if name is not None:
            yield values[name]


_APART = {"han", "latin"}
"""Scripts between which there is a blank."""


def _script(letter: str) -> str:
    if "\u4e00" <= letter <= "\u9fff":
        return "han"
    return "latin" if letter.isascii() and letter.isalnum() else ""
