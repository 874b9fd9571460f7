"""Drafts and jobs as documents, and their schemas."""

from typing import Any
from zoneinfo import ZoneInfo

from api.schemas.components import MAYBE_TEXT, TEXT, WHOLE, list_of, record
from gridsvc.model.edition import Draft
from gridsvc.model.work import Job

_OBJECT: dict[str, Any] = {"type": "object"}
_INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_INSTANT: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}

WORK_SCHEMAS: dict[str, Any] = {
    "Draft": record(
        {"number": WHOLE, "based_on": WHOLE, "revision": WHOLE, "state": {"enum": ["OPEN", "PUBLISHED", "DISCARDED"]}}
        | {"created_at": _INSTANT, "crs": MAYBE_TEXT, "comment": TEXT}
        | {"edition": {"type": ["integer", "null"]}, "replay_of": {"type": ["integer", "null"]}}
    ),
    "DraftChange": record({"layer": TEXT, "scheme": TEXT, "code": TEXT, "change": TEXT}),
    "DraftChanges": record(
        {"draft": WHOLE, "revision": WHOLE, "counts": _OBJECT, "items": list_of(_OBJECT), "next_cursor": MAYBE_TEXT}
    ),
    "DraftIssues": record(
        {"draft": WHOLE, "revision": WHOLE, "checked_revision": {"type": ["integer", "null"]}}
        | {"is_current": {"type": "boolean"}, "job": WHOLE, "counts": _OBJECT}
        | {"items": list_of(_OBJECT), "next_cursor": MAYBE_TEXT}
    ),
    "Job": record(
        {"number": WHOLE, "kind": TEXT, "state": TEXT, "done": WHOLE, "total": WHOLE, "attempts": WHOLE}
        | {"made_by": TEXT, "draft": {"type": ["integer", "null"]}, "findings": list_of(_OBJECT), "result": _OBJECT}
        | {"error": MAYBE_TEXT, "created_at": _INSTANT, "ended_at": _MAYBE_INSTANT}
    ),
}


def draft_document(draft: Draft, zone: ZoneInfo) -> dict[str, Any]:
    """A draft, its time with the city's offset."""
    return {
        "number": draft.number,
        "based_on": draft.based_on,
        "revision": draft.revision,
        "state": draft.state.value,
        "created_at": draft.created_at.astimezone(zone),
        "crs": draft.crs,
        "comment": draft.comment,
        "edition": draft.edition,
        "replay_of": draft.replay_of,
    }


def job_document(job: Job, zone: ZoneInfo, findings: int) -> dict[str, Any]:
    """A job with the first of its findings; what it was given stays here, for it may name files."""
    return {
        "number": job.number,
        "kind": job.kind.value,
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "attempts": job.attempts,
        "made_by": job.made_by,
        "draft": job.input.get("draft"),
        "findings": list(job.findings[:findings]),
        "result": job.result,
        "error": job.error,
        "created_at": job.created_at.astimezone(zone),
        "ended_at": None if job.ended_at is None else job.ended_at.astimezone(zone),
    }
