"""Schemas of incidents, photos and fixes, beside those in `components`; bodies come from their models."""

from typing import Any

from pydantic import BaseModel

from api.schemas.components import MAYBE_TEXT, TEXT, WHOLE, list_of, record, ref
from api.schemas.fixes import FixesBody
from api.schemas.incidents import IncidentBody
from gridsvc.model.incidents import IncidentState, Source

_INSTANT = {"type": "string", "format": "date-time"}
_MAYBE_INSTANT = {"type": ["string", "null"], "format": "date-time"}
_FLAG = {"type": "boolean"}

INCIDENT_BODY: dict[str, Any] = {
    "required": True,
    "content": {"application/json": {"schema": ref("IncidentBody")}},
}
FIXES_BODY: dict[str, Any] = {"required": True, "content": {"application/json": {"schema": ref("FixesBody")}}}


def key_parameter() -> dict[str, Any]:
    """The header that lets a request be sent again."""
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "A key of one's own for this one request; the same when it is sent again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    }


def incident_schemas() -> dict[str, Any]:
    """By the names that routes refer to."""
    item = _item()
    maybe_person = record({"name": MAYBE_TEXT, "phone": MAYBE_TEXT})
    whole = item | {"resolution": ref("Resolution"), "contact": {"anyOf": [maybe_person, {"type": "null"}]}}
    placed = {
        "status": {"enum": ["OK", "OUTSIDE", "INVALID"]},
        "error": MAYBE_TEXT,
        "cell": MAYBE_TEXT,
        "subdistrict": MAYBE_TEXT,
        "warnings": list_of({"enum": ["OUTSIDE_TERRITORY", "SUSPECT_DATUM"]}),
    }
    fix = {"login": TEXT, "at": _INSTANT, "received_at": _INSTANT, "location": ref("Location"), "areas": list_of(TEXT)}
    return {
        "IncidentItem": record(item),
        "Incident": record(whole, (*item, "resolution")),
        "AnsweredAgain": record({"same": _FLAG, "resolution": ref("Resolution")}),
        "Photo": record(_photo()),
        "Fix": record(fix),
        "FixesAnswer": record({"accepted": WHOLE, "repeated": WHOLE, "results": list_of(record(placed))}),
        **_of_model(IncidentBody),
        **_of_model(FixesBody),
    }


def _item() -> dict[str, Any]:
    named = {"code": TEXT, "name": TEXT}
    texts = dict.fromkeys(("number", "description", "address"), TEXT)
    maybe = dict.fromkeys(("category", "category_name", "made_by"), MAYBE_TEXT)
    return {
        **texts,
        **maybe,
        "state": {"enum": [state.value for state in IncidentState]},
        "source": {"enum": [source.value for source in Source]},
        "location": ref("Location"),
        "reported_at": _INSTANT,
        "occurred_at": _MAYBE_INSTANT,
        "version": WHOLE,
        "photos": list_of(record(_photo())),
        "cell": {"anyOf": [ref("CellAnswer"), {"type": "null"}]},
        "areas": list_of(ref("AreaAnswer")),
        "segment": {"anyOf": [ref("SegmentAnswer"), {"type": "null"}]},
        "lead": record(named),
        "flags": list_of(TEXT),
    }


def _photo() -> dict[str, Any]:
    return {"digest": TEXT, "width": WHOLE, "height": WHOLE, "media_type": TEXT, "url": TEXT}


def _of_model(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), model.__name__: schema}
