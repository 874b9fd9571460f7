"""Schemas of what the map is made of and of what is found."""

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_MAYBE_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_WHOLE: dict[str, Any] = {"type": "integer"}
_BOX: dict[str, Any] = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}


def _record(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _list_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


_POST = _record(
    dict.fromkeys(("code", "role", "target_kind", "target_code"), _TEXT) | {"target_name": _MAYBE_TEXT},
)
_FOUND = _record(
    dict.fromkeys(("kind", "code", "name", "detail"), _TEXT)
    | {"scheme": _MAYBE_TEXT, "lon": _MAYBE_NUMBER, "lat": _MAYBE_NUMBER, "bbox": _BOX, "posts": _list_of(_POST)},
    optional=("bbox", "posts"),
)
_BASE = _record(
    {"kind": {"enum": ["template", "folder", "pmtiles"]}, "url": _TEXT, "datum": {"enum": ["WGS84", "GCJ02"]}}
    | {"attribution": _MAYBE_TEXT, "min_zoom": _WHOLE, "max_zoom": _WHOLE}
)
_LAYER = _record(
    {"name": _TEXT, "tilejson": _TEXT, "minzoom": _WHOLE, "maxzoom": _WHOLE, "bounds": _BOX},
    optional=("minzoom", "maxzoom", "bounds"),
)
MAP_SCHEMAS: dict[str, Any] = {
    "Found": _record({"edition": _WHOLE, "items": _list_of({"$ref": "#/components/schemas/FoundItem"})}),
    "FoundItem": _FOUND,
    "BaseMap": _BASE,
    "Bodies": _record(
        {"edition": _WHOLE, "roster": _WHOLE}
        | {"bodies": _list_of(_record({"code": _TEXT, "name": _MAYBE_TEXT, "cells": _WHOLE}))}
        | {"grounds": _list_of(_record({"responsible_body": _MAYBE_TEXT, "area": _MAYBE_TEXT, "body": _TEXT}))}
    ),
    "Map": _record(
        {
            "base": {"anyOf": [{"$ref": "#/components/schemas/BaseMap"}, {"type": "null"}]},
            "review_number": _MAYBE_TEXT,
            "edition": {"type": ["integer", "null"]},
            "roster": _WHOLE,
            "ready": {"type": "boolean"},
            "layers": _list_of(_LAYER),
        }
    ),
    "TileJSON": _record(
        dict.fromkeys(("tilejson", "name", "version"), _TEXT)
        | {"tiles": _list_of(_TEXT), "vector_layers": _list_of({"type": "object"}), "bounds": _BOX}
        | dict.fromkeys(("minzoom", "maxzoom", "edition"), _WHOLE)
    ),
}
"""By the name that routes point to."""
