"""Cells of a table to the plain values of the model: codes stay text, words become enumerations."""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import orjson
import shapely
from shapely import Geometry

from geodata.columns import words_of
from geodata.formats.geojson_geometry import BadGeometry, build_geometry
from geodata.formats.nesting import TOO_DEEP, is_wkt_too_deep
from gridsvc.model.places import Key
from gridsvc.model.texts import without_tricks

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d+|\d+\.0*")
_SEPARATORS = re.compile(r"[;；|、\n]+")


class BadValue(Exception):
    """A cell that cannot be used; the message says why, `issue` is the code of the finding."""

    def __init__(self, issue: str, **values: Any) -> None:
        super().__init__(issue)
        self.issue = issue
        self.values = values


def text_or_none(value: Any) -> str | None:
    """Text without blanks around it and without tricks of direction; numbers as they are written; empty is None."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    text = without_tricks(str(value)).strip()
    return text or None


def code_or_none(value: Any) -> str | None:
    """A code as text. Numbers with a point or an exponent have lost digits or zeros: BadValue CODE_IS_NUMBER."""
    if isinstance(value, bool | float | Decimal):
        if isinstance(value, float) and math.isnan(value):
            return None
        raise BadValue("CODE_IS_NUMBER", value=str(value))
    text = text_or_none(value)
    if text is not None and _SCIENTIFIC.fullmatch(text):
        raise BadValue("CODE_IS_NUMBER", value=text)
    return text


def word_or_none(value: Any, kind: str) -> str | None:
    """The model's word of an enumeration (`words.<kind>` of columns.toml); BadValue VALUE_UNKNOWN for another word."""
    text = text_or_none(value)
    if text is None:
        return None
    words = words_of(kind)
    if text.casefold() not in words:
        raise BadValue("VALUE_UNKNOWN", value=text[:60], allowed=", ".join(dict.fromkeys(words.values())))
    return words[text.casefold()]


def split_list(value: Any) -> list[str]:
    """The parts of a list in one cell: separated by ; or 、 or | or line breaks (a comma may be part of a name).

    JSON brings real lists, and keys in them as pairs.
    """
    if isinstance(value, list):
        return [without_tricks(":".join(map(str, part)) if isinstance(part, list) else str(part)) for part in value]
    text = text_or_none(value)
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()] if text else []


def key_of(text: str) -> Key:
    """SCHEME:CODE; BadValue KEY_INCOMPLETE where the scheme is missing."""
    scheme, colon, code = text.partition(":")
    if not colon or not scheme.strip() or not code.strip():
        raise BadValue("KEY_INCOMPLETE", value=text[:60])
    return Key(scheme.strip(), code.strip())


def keys_of(values: Iterable[str]) -> tuple[Key, ...]:
    """Several keys, in order and each once."""
    return tuple(dict.fromkeys(key_of(value) for value in values))


def geometry_from_text(value: Any) -> Geometry | None:
    """WKT or a GeoJSON geometry in one cell; BadValue GEOMETRY_TEXT where it is neither."""
    text = text_or_none(value)
    if text is None:
        return None
    try:
        if text.startswith("{"):
            return build_geometry(orjson.loads(text))
        if is_wkt_too_deep(text):
            raise BadValue("GEOMETRY_TEXT", why=TOO_DEEP)
        with np.errstate(invalid="ignore"):  # a coordinate that is no number is found later, with its feature
            return shapely.from_wkt(text)
    except (BadGeometry, orjson.JSONDecodeError) as error:
        raise BadValue("GEOMETRY_TEXT", why=str(error)[:120]) from error
    except shapely.errors.ShapelyError as error:
        raise BadValue("GEOMETRY_TEXT", why="neither WKT nor GeoJSON") from error
