"""A JSON batch: `{"datum"?, "at"?, "points": [{"id"?, "lon", "lat", "datum"?, "accuracy_m"?, "category"?}]}`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from api.batch.columns import ACCEPTED, CHUNK_ROWS, MAX_JSON_POINTS, Points, datum_unsaid
from api.http.bodies import parse_json
from gridsvc.datum.arrays import FloatArray
from gridsvc.errors import InvalidInput, TooLarge

MAX_JSON_BYTES = 32 * 1024 * 1024
MOST_BRACKETS, MOST_COMMAS = 3 * MAX_JSON_POINTS, 10 * MAX_JSON_POINTS
"""What a body may have of them before it is parsed: a point is one object of six members, and ids may have some too.
Each becomes a Python object; 10 million of them, which fit into the bytes, would take a gigabyte."""
BODY_NAMES = frozenset({"datum", "at", "points"})
POINT_NAMES = frozenset(ACCEPTED)


@dataclass(frozen=True, slots=True)
class JsonBatch:
    """A parsed body; `datum` and `at` hold for all points that say nothing else."""

    datum: str | None
    at: str | None
    points: list[dict[str, Any]]

    def chunks(self) -> Iterator[Points]:
        """The points in chunks, in order."""
        for start in range(0, len(self.points), CHUNK_ROWS):
            yield _points(self.points[start : start + CHUNK_ROWS])


def read_json(body: bytes, datum: str | None) -> JsonBatch:
    """Check the shape of the whole body, `datum` being what the address says; faults of single points come later.

    Raises InvalidInput, UnknownDatum where none is said for a point, and TooLarge.
    """
    _check_size(body)
    document = parse_json(body)
    if not isinstance(document, dict) or not isinstance(document.get("points"), list):
        raise InvalidInput('The body must be an object with "points": [{"lon": …, "lat": …}].', pointer="/points")
    if unknown := sorted(set(document) - BODY_NAMES):
        raise InvalidInput(f"Nobody knows {', '.join(unknown)}: use {', '.join(sorted(BODY_NAMES))}.")
    points = document["points"]
    if len(points) > MAX_JSON_POINTS:
        raise TooLarge(
            f"{len(points)} points: {MAX_JSON_POINTS} at most; CSV and Arrow take more.", limit=MAX_JSON_POINTS
        )
    _check_points(points, is_said=bool(document.get("datum") or datum))
    return JsonBatch(_text(document, "datum"), _text(document, "at"), points)


def _check_size(body: bytes) -> None:
    """Refuse unread what cannot be a batch: counting bytes takes a hundredth of the time and no memory."""
    if body.count(b"{") + body.count(b"[") > MOST_BRACKETS or body.count(b",") > MOST_COMMAS:
        raise TooLarge(
            f"The body has more objects or members than {MAX_JSON_POINTS} points have, which is the most at once; "
            "CSV and Arrow take more.",
            limit=MAX_JSON_POINTS,
        )


def _check_points(points: list[Any], *, is_said: bool) -> None:
    for row, point in enumerate(points):
        if not isinstance(point, dict):
            raise InvalidInput("A point is an object with lon and lat.", pointer=f"/points/{row}")
        if not point.keys() <= POINT_NAMES:
            unknown = sorted(point.keys() - POINT_NAMES)
            message = f"Nobody knows {', '.join(unknown)} of a point: use {', '.join(ACCEPTED)}."
            raise InvalidInput(message, pointer=f"/points/{row}")
        if not is_said and point.get("datum") is None:
            raise datum_unsaid(row)


def _text(document: dict[str, Any], name: str) -> str | None:
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidInput(f"{name} must be text.", pointer=f"/{name}")
    return value


def _points(rows: list[dict[str, Any]]) -> Points:
    errors: dict[int, str] = {}
    x, y = _numbers(rows, "lon", errors), _numbers(rows, "lat", errors)
    for row in np.flatnonzero(np.isnan(x) | np.isnan(y)):
        missing = [name for name in ("lon", "lat") if rows[row].get(name) is None]
        if missing:
            errors.setdefault(int(row), f"{' and '.join(missing)} missing")
    accuracy = _numbers(rows, "accuracy_m", errors) if any("accuracy_m" in row for row in rows) else None
    ids = pa.array([None if (i := row.get("id")) is None else str(i) for row in rows], pa.string())
    return Points(x, y, ids, _words(rows, "datum", errors), accuracy, _words(rows, "category", errors), errors)


def _numbers(rows: list[dict[str, Any]], name: str, errors: dict[int, str]) -> FloatArray:
    values = [row.get(name) for row in rows]
    kinds = set(map(type, values))
    if not kinds <= {float, int, type(None)}:
        for row, value in enumerate(values):
            if type(value) not in {float, int, type(None)}:
                errors.setdefault(row, f"{name}: {str(value)[:40]!r} is no number")
                values[row] = None
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)


def _words(rows: list[dict[str, Any]], name: str, errors: dict[int, str]) -> pa.DictionaryArray | None:
    values = [row.get(name) for row in rows]
    kinds = set(map(type, values))
    if kinds <= {type(None)}:
        return None
    if not kinds <= {str, type(None)}:
        for row, value in enumerate(values):
            if type(value) not in {str, type(None)}:
                errors.setdefault(row, f"{name}: text is wanted")
                values[row] = None
    return pa.array(values, pa.string()).dictionary_encode()
