"""The features of a GeoJSON file in blocks, by RFC 7946: brackets are counted, and each block is parsed by itself."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

import numpy as np
import orjson
from numpy.typing import NDArray

from gridsvc.errors import InvalidInput

BLOCK_BYTES = 2 * 1024 * 1024
MOST_BYTES = 64 * 1024 * 1024
"""Of one feature, and of all that stands around the list of features."""

_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_LIST_OF_FEATURES = re.compile(rb'"features"\s*:\s*\Z')
_BLANKS = b" \t\r\n"
_QUOTE, _LIST = ord('"'), ord("[")
_STEP = np.zeros(256, np.int8)
_STEP[[ord("{"), ord("[")]] = 1
_STEP[[ord("}"), ord("]")]] = -1
_IS_MARK = _STEP != 0
_IS_MARK[_QUOTE] = True

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Brackets:
    """Every bracket of a text that begins outside of quotes: where, which, and how deep it is after it."""

    places: Places
    kinds: NDArray[np.uint8]
    depths: Places


def _find_brackets(text: bytes) -> _Brackets:
    """Without those in quotes. A quote that a backslash stands before ends nothing."""
    plain = np.frombuffer(_ESCAPED.sub(b"__", text) if b"\\" in text else text, np.uint8)
    places = np.flatnonzero(_IS_MARK[plain])
    kinds = plain[places]
    is_quote = kinds == _QUOTE
    is_bracket = ~is_quote & (np.cumsum(is_quote) % 2 == 0)
    places, kinds = places[is_bracket], kinds[is_bracket]
    return _Brackets(places, kinds, np.cumsum(_STEP[kinds], dtype=np.int64))


def read_collection(file: BinaryIO, name: str) -> Iterator[list[Any] | dict[str, Any]]:
    """Lists of the features of a FeatureCollection, in order; at last, as a dict, what stands around them.

    Raises InvalidInput, in which `name` is the file's, for what is no FeatureCollection.
    """
    head, rest = _open_list(file, name)
    count = 0
    while True:
        brackets = _find_brackets(rest)
        ends, closed = _find_ends(brackets)
        text, rest = (rest[: ends[-1] + 1], rest[ends[-1] + 1 :]) if len(ends) else (b"", rest)
        if text:
            yield _parse_list(_without_comma(text, name, count), name, count)
            count += len(ends)
        if closed is not None:
            yield _parse_around(head, rest, closed - len(text), file, name)
            return
        more = file.read(max(BLOCK_BYTES, len(rest)))
        if not more:
            _refuse(name, f"it is cut off after feature {count}")
        if len(rest) > MOST_BYTES:
            _refuse(name, f"feature {count + 1} has more than {MOST_BYTES >> 20} MB")
        rest += more


def read_lines(file: BinaryIO, name: str) -> Iterator[list[Any]]:
    """Lists of features that stand one in a line, with or without record separators. Errors as above."""
    rest, count = b"", 0
    while more := file.read(max(BLOCK_BYTES, len(rest))):
        whole, newline, rest = (rest + more).rpartition(b"\n")
        if newline:
            features = _parse_lines(whole, name, count)
            yield features
            count += len(features)
        if len(rest) > MOST_BYTES:
            _refuse(name, f"line {count + 1} has more than {MOST_BYTES >> 20} MB")
    yield _parse_lines(rest, name, count)


def _parse_lines(text: bytes, name: str, count: int) -> list[Any]:
    text = text.removeprefix(codecs.BOM_UTF8) if count == 0 else text
    lines = [line for piece in text.split(b"\n") if (line := piece.lstrip(b"\x1e").strip())]
    return [_parse_one(line, name, count + number) for number, line in enumerate(lines, start=1)]


def _open_list(file: BinaryIO, name: str) -> tuple[bytes, bytes]:
    """What stands before the features, and the beginning of what follows."""
    text = b""
    while len(text) <= MOST_BYTES and (more := file.read(max(BLOCK_BYTES, len(text)))):
        text = (text + more).removeprefix(codecs.BOM_UTF8)
        if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            _refuse(name, "it is UTF-16: save it as UTF-8")
        brackets = _find_brackets(text)
        for place in brackets.places[(brackets.depths == 2) & (brackets.kinds == _LIST)].tolist():
            if _LIST_OF_FEATURES.search(text, max(0, place - 100), place):
                return text[:place], text[place + 1 :]
    return _refuse(name, 'there is no "features" list in it')


def _find_ends(brackets: _Brackets) -> tuple[Places, int | None]:
    """Where elements of the list end, and where the list itself does, if that is there."""
    closed = np.flatnonzero(brackets.depths < 0)
    until = closed[0] if len(closed) else len(brackets.depths)
    ends = brackets.places[:until][brackets.depths[:until] == 0]
    return ends, int(brackets.places[until]) if len(closed) else None


def _without_comma(text: bytes, name: str, count: int) -> bytes:
    """A block that continues the list begins with the comma after the block before."""
    text = text.lstrip(_BLANKS)
    if count and not text.startswith(b","):
        _refuse(name, f"there is no comma after feature {count}")
    return text[1:] if count else text


def _parse_list(text: bytes, name: str, count: int) -> list[Any]:
    try:
        features: list[Any] = orjson.loads(b"[" + text + b"]")
    except orjson.JSONDecodeError as error:
        # Once more, one by one: which one it is.
        ends, _ = _find_ends(_find_brackets(text))
        start = 0
        for number, end in enumerate(ends.tolist(), start=1):
            _parse_one(text[start : end + 1].lstrip(_BLANKS).removeprefix(b"," if start else b""), name, count + number)
            start = end + 1
        _refuse(name, str(error), error)
    return features


def _parse_one(text: bytes, name: str, number: int) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        _refuse(name, f"feature {number}: {error}", error)


def _parse_around(head: bytes, rest: bytes, closed: int, file: BinaryIO, name: str) -> dict[str, Any]:
    """The members beside the features; they may stand before and behind."""
    if rest[:closed].strip(_BLANKS):
        _refuse(name, "something that is no feature stands at the end of its list")
    tail = rest[closed:] + file.read(MOST_BYTES)
    if file.read(1):
        _refuse(name, f"more than {MOST_BYTES >> 20} MB follow its features")
    try:
        around: dict[str, Any] = orjson.loads(head + b"[" + tail)
    except orjson.JSONDecodeError as error:
        _refuse(name, f"around its features: {error}", error)
    if around.get("type") != "FeatureCollection" or around["features"] != []:
        _refuse(name, 'its "type" must be FeatureCollection, with one list of features')
    return around


def _refuse(name: str, why: str, error: Exception | None = None) -> NoReturn:
    raise InvalidInput(
        f"{name} is no GeoJSON: {why.rstrip('.')}; write a FeatureCollection of Points, or one feature in a line as "
        ".geojsonl."
    ) from error
