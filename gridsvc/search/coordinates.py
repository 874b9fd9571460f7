"""Pasted coordinates in the writings that people use. A datum is taken from the text or as said, never guessed.

`116.4175,39.9288` and its like are longitude, latitude; letters (N, E, 北纬, 东经) say which is which in any order.
"""

import re
import unicodedata
from dataclasses import dataclass

MOST_SIGNS = 120
_DATUM = re.compile(r"\b(WGS-?84|CGCS-?2000|GCJ-?02|BD-?09)\b", re.IGNORECASE)
_ANGLE = re.compile(
    r"""(?P<before>[NSEW])?[\s:=]*
        (?P<sign>[-+])?\s*(?P<degrees>\d{1,3}(?:\.\d+)?)\s*
        (?:[°度]\s*(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*['′分]\s*)?(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:"|″|''|′′|秒)\s*)?)?
        (?P<after>[NSEW])?""",
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = {
    "北纬": "N",
    "南纬": "S",
    "东经": "E",
    "西经": "W",
    "纬度": "N",
    "经度": "E",
    "LATITUDE": "N",
    "LONGITUDE": "E",
}
_SHORT_WORDS = {"LAT": "N", "LON": "E", "LNG": "E"}
_BETWEEN = re.compile(r"[\s,;:/、。()\[\]=]*")


@dataclass(frozen=True, slots=True)
class Pasted:
    """Longitude and latitude as written; `datum` when the text names one; `swapped` when latitude came first unsaid."""

    lon: float
    lat: float
    datum: str | None
    swapped: bool


@dataclass(frozen=True, slots=True)
class _Angle:
    value: float
    axis: str | None


def read_coordinates(text: str) -> Pasted | None:
    """The pair in a text that holds nothing else; None for any other text."""
    if len(text) > MOST_SIGNS:
        return None
    written = _without_words(text)
    datum = _DATUM.search(written)
    written = _DATUM.sub(" ", written)
    angles = _angles(written)
    if angles is None or len(angles) != 2:
        return None
    name = None if datum is None else datum.group(1).upper().replace("-", "")
    return _pair(angles[0], angles[1], name)


def _without_words(text: str) -> str:
    written = unicodedata.normalize("NFKC", text.replace("º", "°").replace("˚", "°")).upper().replace("−", "-")
    written = written.replace("’", "'").replace("”", '"').replace("‘", "'").replace("“", '"')
    for word, letter in {**_WORDS, **_SHORT_WORDS}.items():
        written = written.replace(word, f" {letter} ")
    return written


def _angles(written: str) -> list[_Angle] | None:
    found: list[_Angle] = []
    at = 0
    rest = written.strip()
    while at < len(rest):
        end, at = at, _skip(rest, at)
        if at == len(rest):
            break
        match = _ANGLE.match(rest, at)
        if match is None or len(found) == 2 or _is_run_on(rest, end, match):
            return None
        letter = match["before"] or match["after"]
        angle = _angle(match, letter)
        if angle is None:
            return None
        found.append(angle)
        # A letter on either side of one number: the one behind it belongs to the next number.
        at = match.start("after") if match["before"] and match["after"] else match.end()
    return found


def _is_run_on(text: str, end: int, match: re.Match[str]) -> bool:
    """Whether a number goes on from one that ended there without a unit, a letter or a sign of separation: `000043`."""
    return 0 < end == match.start() and text[end - 1].isdigit() and not match["before"]


def _skip(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return at if match is None else match.end()


def _angle(match: re.Match[str], letter: str | None) -> _Angle | None:
    minutes, seconds = float(match["minutes"] or 0), float(match["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    value = float(match["degrees"]) + minutes / 60 + seconds / 3600
    negative = (match["sign"] == "-") != (letter in {"S", "W"})
    axis = None if letter is None else "lat" if letter in {"N", "S"} else "lon"
    return _Angle(-value if negative else value, axis)


def _pair(first: _Angle, second: _Angle, datum: str | None) -> Pasted | None:
    axes = (first.axis, second.axis)
    if axes in {("lat", "lon"), ("lat", None), (None, "lon")}:
        first, second, swapped = second, first, False
    elif axes in {("lon", "lat"), ("lon", None), (None, "lat")}:
        swapped = False
    elif axes == (None, None):
        swapped = abs(second.value) > 90 >= abs(first.value)
        if swapped:
            first, second = second, first
    else:
        return None
    if abs(first.value) > 180 or abs(second.value) > 90:
        return None
    return Pasted(first.value, second.value, datum, swapped)
