"""Locations and frozen answers as columns; what cases of every kind share."""

from typing import Any

import orjson
from sqlalchemy import ColumnElement, func
from sqlalchemy import Row as SqlRow

from gridsvc.datum.names import WGS84
from gridsvc.model.incidents import FrozenAnswer
from gridsvc.model.places import Key, Location, Submitted


def encode_place(location: Location) -> dict[str, Any]:
    """The columns of a location."""
    return {
        "lon": location.lon,
        "lat": location.lat,
        "accuracy_m": location.accuracy_m,
        "raw_x": location.submitted.x,
        "raw_y": location.submitted.y,
        "raw_datum": location.submitted.datum,
    }


def decode_place(row: SqlRow[Any]) -> Location:
    """A location out of a row that holds its columns."""
    return Location(row.lon, row.lat, WGS84, row.accuracy_m, Submitted(row.raw_x, row.raw_y, row.raw_datum))


def encode_answer(answer: FrozenAnswer) -> dict[str, Any]:
    """The columns of a frozen answer."""
    return {
        "edition": answer.edition,
        "roster": answer.roster,
        "answered_at": answer.at,
        "document": answer.document,
        "areas": encode_codes(answer.areas),
        "departments": encode_codes(answer.departments),
        "lead": answer.lead,
        **key_columns("cell", answer.cell),
        **key_columns("segment", answer.segment),
        "flags": encode_codes(answer.flags),
    }


def decode_answer(row: SqlRow[Any]) -> FrozenAnswer:
    """A frozen answer out of a row that holds its columns."""
    return FrozenAnswer(
        edition=row.edition,
        roster=row.roster,
        at=row.answered_at,
        document=bytes(row.document),
        areas=decode_codes(row.areas),
        departments=decode_codes(row.departments),
        cell=key_of_columns(row.cell_scheme, row.cell_code),
        segment=key_of_columns(row.segment_scheme, row.segment_code),
        flags=decode_codes(row.flags),
    )


def key_columns(name: str, key: Key | None) -> dict[str, str | None]:
    """NAME_scheme and NAME_code."""
    return {f"{name}_scheme": key.scheme if key else None, f"{name}_code": key.code if key else None}


def key_of_columns(scheme: str | None, code: str | None) -> Key | None:
    """The key of two columns, None where there is none."""
    return None if scheme is None or code is None else Key(scheme, code)


def encode_codes(codes: tuple[str, ...]) -> str:
    """A JSON array."""
    return orjson.dumps(codes).decode()


def holds_code(column: ColumnElement[str], code: str) -> ColumnElement[bool]:
    """Whether a column of `encode_codes` holds a code, letter for letter: SQLite's LIKE takes a for A."""
    return func.replace(column, encode_codes((code,))[1:-1], "") != column


def decode_codes(text: str) -> tuple[str, ...]:
    """As they were given."""
    return tuple(orjson.loads(text))
