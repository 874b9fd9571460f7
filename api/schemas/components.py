"""The schemas that OpenAPI names: those of dataclasses as they are, and those of documents that are written by hand."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from shapely import Geometry

from api.batch.columns import ACCEPTED, ANSWERED, WEIGHED
from api.schemas.map_components import MAP_SCHEMAS
from api.schemas.shape import ShownShape
from gridsvc.model.places import Key
from gridsvc.model.resolution import Resolution
from gridsvc.model.roster import ROSTER_TABLES

TEXT: dict[str, Any] = {"type": "string"}
MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_OBJECT: dict[str, Any] = {"type": "object"}
WHOLE: dict[str, Any] = {"type": "integer"}
_INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}


def ref(name: str) -> dict[str, Any]:
    """A pointer to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(properties: Mapping[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    """An object; every property is required unless `required` names those that are."""
    return {"type": "object", "properties": dict(properties), "required": list(required or properties)}


def list_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An array of one kind of item."""
    return {"type": "array", "items": dict(schema)}


_COUNTS: dict[str, Any] = {**_OBJECT, "additionalProperties": WHOLE}
_HEALTH = record(
    {
        "status": TEXT,
        "edition": WHOLE,
        "roster": WHOLE,
        "database": {"enum": ["reachable", "unreachable"]},
        "writable": {"type": "boolean"},
        "ties": _COUNTS,
    },
    ("status",),
)
_SESSION = record(
    dict.fromkeys(("login", "name", "area", "department", "person", "csrf", "expires_at"), MAYBE_TEXT)
    | dict.fromkeys(("area_name", "department_name"), MAYBE_TEXT)
    | {"role": TEXT, "zone": TEXT, "demo": {"type": "boolean"}, "oidc": {"type": "boolean"}}
    | {"actions": {**_OBJECT, "additionalProperties": TEXT}}
)


def all_schemas() -> dict[str, Any]:
    """Every schema by the name that `ref` points to."""
    found: dict[str, Any] = {}
    for name, answer in (("Resolution", Resolution), ("ShapeResolution", ShownShape)):
        schema = TypeAdapter(answer).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        found |= schema.pop("$defs", {})
        found[name] = schema
    found |= {row_name(table): _row_schema(row_type) for table, row_type in ROSTER_TABLES.items()}
    return found | _written() | MAP_SCHEMAS


def _written() -> dict[str, Any]:
    point = dict.fromkeys(ACCEPTED, TEXT) | {name: {"type": "number"} for name in ("lon", "lat", "accuracy_m")}
    point["id"] = {"type": ["string", "integer"]}
    row = dict.fromkeys(ANSWERED, MAYBE_TEXT) | {
        name: {"type": ["number", "null"]} for name in ("distance_m", *WEIGHED)
    }
    row["status"] = {"enum": ["OK", "OUTSIDE", "INVALID"]}
    kind = {"type": TEXT, "status": WHOLE, "title": TEXT, "title_zh": TEXT, "remedy": TEXT, "remedy_zh": TEXT}
    edition = {
        "number": WHOLE,
        "effective_from": _INSTANT,
        "published_at": _INSTANT,
        "in_force": {"type": "boolean"},
        "bbox": {**list_of({"type": "number"}), "minItems": 4, "maxItems": 4},
        "counts": _COUNTS,
        "digest": TEXT,
        "crs": TEXT,
        "restored_from": {"type": ["integer", "null"]},
        "comment": TEXT,
    }
    return {
        "Problem": record({**kind, "detail": TEXT, "detail_zh": TEXT, "instance": TEXT}, (*kind, "detail", "instance"))
        | {"additionalProperties": True},
        "ProblemKind": record(kind),
        "ProblemKinds": record({"problems": list_of(ref("ProblemKind"))}),
        "Batch": record({"datum": TEXT, "at": _INSTANT, "points": list_of(record(point, ("lon", "lat")))}, ("points",)),
        "BatchAnswer": record({"edition": WHOLE, "roster": WHOLE, "results": list_of(record(row, ANSWERED))}),
        "Shape": {**_OBJECT, "description": "GeoJSON: a line or polygon, or a Feature with one."},
        "Edition": record(edition),
        "FeatureCollection": record({"type": {"const": "FeatureCollection"}, "features": list_of(_OBJECT)})
        | {"additionalProperties": True},
        "Session": _SESSION,
        "Health": _HEALTH,
        "Version": record({"name": TEXT, "version": TEXT, "api": TEXT}),
    }


def row_name(table: str) -> str:
    """The schema of a roster table's rows."""
    return ROSTER_TABLES[table].__name__


def _row_schema(row_type: type) -> dict[str, Any]:
    hints = get_type_hints(row_type)
    return record({field.name: _schema_of(hints[field.name]) for field in fields(row_type)})


def _schema_of(hint: Any) -> dict[str, Any]:
    """The schema of a roster field as `row_document` writes it."""
    if get_origin(hint) is UnionType or (get_origin(hint) is not None and NoneType in get_args(hint)):
        parts = [_schema_of(part) for part in get_args(hint)]
        return parts[0] if all(part == parts[0] for part in parts) else {"anyOf": parts}
    if get_origin(hint) is tuple:
        return list_of(_schema_of(get_args(hint)[0]))
    if isinstance(hint, EnumType):
        return {"enum": [member.value for member in hint]}  # type: ignore[var-annotated]
    if isinstance(hint, type) and issubclass(hint, Geometry):
        return {**_OBJECT, "description": "GeoJSON geometry."}
    plain: dict[Any, dict[str, Any]] = {
        str: TEXT,
        Key: TEXT,
        int: WHOLE,
        bool: {"type": "boolean"},
        NoneType: {"type": "null"},
        datetime: _INSTANT,
        date: {"type": "string", "format": "date"},
    }
    return plain[hint]
