"""Model objects as JSON documents, where the dataclass itself is not yet the public shape."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from shapely import Geometry, to_geojson, to_wkt

from gridsvc.model.edition import Edition
from gridsvc.model.people import Shift
from gridsvc.model.places import Key
from gridsvc.model.roster import Row

_UNLOGGED = frozenset({"phone", "component"})


def edition_document(edition: Edition, in_force: int | None, zone: ZoneInfo) -> dict[str, Any]:
    """An edition in public, its times with the city's offset; `in_force` is the number of the one that answers now."""
    return {
        "number": edition.number,
        "effective_from": edition.effective_from.astimezone(zone),
        "published_at": edition.published_at.astimezone(zone),
        "in_force": edition.number == in_force,
        "bbox": edition.bbox.as_list(),
        "counts": {"areas": 0, "cells": 0, "segments": 0} | dict(edition.counts),
        "digest": edition.digest,
        "crs": edition.crs,
        "restored_from": edition.restored_from,
        "comment": edition.comment,
    }


def row_document(row: Row, zone: ZoneInfo | None = None) -> dict[str, Any]:
    """A roster row by its own field names: keys as SCHEME:CODE, days and instants ISO 8601, geometry as GeoJSON.

    Instants have the offset of the zone, which only rows without any can do without.
    """
    return {field.name: _value(_placed(getattr(row, field.name), zone)) for field in fields(row)}


def dump_page(document: dict[str, Any], rows: Sequence[Row], zone: ZoneInfo) -> bytes:
    """A document with rows as its `items`, each as `row_document` has it: orjson reads fields many times faster."""
    has_instants = any(isinstance(row, Shift) for row in rows[:1])
    items = [row_document(row, zone) for row in rows] if has_instants else rows
    return orjson.dumps({**document, "items": items}, default=_value)


def _placed(value: object, zone: ZoneInfo | None) -> object:
    return value.astimezone(zone) if isinstance(value, datetime) and zone is not None else value


def log_document(row: Row | None) -> dict[str, Any] | None:
    """A roster row for the audit log: what was said of it, without what not everybody who reads the log may see."""
    if row is None:
        return None
    return {
        field.name: _value(value)
        for field in fields(row)
        if field.name not in _UNLOGGED and not isinstance(value := getattr(row, field.name), Geometry)
    }


def row_texts(row: Row, zone: ZoneInfo) -> list[str]:
    """A roster row for CSV, in field order: lists joined by a semicolon, geometry as WKT, nothing as an empty text."""
    return [_text(_placed(getattr(row, field.name), zone)) for field in fields(row)]


def _value(value: object) -> Any:
    if isinstance(value, Key):
        return f"{value.scheme}:{value.code}"
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, Geometry):
        return orjson.Fragment(to_geojson(value))
    return value


def _text(value: object) -> str:
    if isinstance(value, Geometry):
        return str(to_wkt(value, rounding_precision=-1))
    plain = _value(value)
    if plain is None:
        return ""
    if isinstance(plain, list):
        return ";".join(_text(item) for item in plain)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return plain.isoformat() if isinstance(plain, date) else str(plain)
