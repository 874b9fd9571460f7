"""What stands in a draft: its changes, and the findings of its last check."""

from collections import Counter
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access.allowing import Access
from api.access.guarded import sees_all_of_draft, shown_findings
from api.http.errors import RequestProblem
from api.http.problems import NOT_ACCEPTABLE
from api.routes.drafts import MayReadDrafts, Number
from api.routes.replies import GEOJSON, choose_type, packed_reply
from api.schemas.components import ref
from api.schemas.openapi import Responses, problems
from gridsvc.errors import InvalidInput, NotFound
from gridsvc.model.edition import ChangeKind
from gridsvc.model.territory import Layer
from gridsvc.model.work import Job

router = APIRouter(prefix="/api/v1/drafts", tags=["drafts"])
Limit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before.")]
_NO_STORE = {"Cache-Control": "no-store"}
_ISSUES: Responses = {
    200: {
        "description": "A page of findings, the gravest first.",
        "content": {
            "application/json": {"schema": ref("DraftIssues")},
            GEOJSON: {"schema": ref("FeatureCollection")},
        },
    }
}
_CHANGES: Responses = {
    200: {"description": "A page.", "content": {"application/json": {"schema": ref("DraftChanges")}}}
}


@router.get("/{number}/changes", summary="What a draft changes", responses=_CHANGES | problems(401, 403, 404, 422, 503))
def list_changes(
    number: Number, request: Request, access: MayReadDrafts, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """Features that differ from the base, by layer and key, and how many of each kind there are in each layer."""
    store = access.services.store
    draft, changes = store.get_draft(number), store.describe_changes(number)
    counted = Counter((layer, kind) for layer, _, kind in changes)
    hidden = set() if sees_all_of_draft(access) else {Layer.COMPONENTS}
    layers = [layer for layer in Layer if layer not in hidden and any(counted[layer, kind] for kind in ChangeKind)]
    counts = {layer.value: {kind.value.lower(): counted[layer, kind] for kind in ChangeKind} for layer in layers}
    items = [
        {"layer": layer.value, "scheme": key.scheme, "code": key.code, "change": kind.value}
        for layer, key, kind in changes
        if layer not in hidden
    ]
    order = [layer.value for layer in Layer]
    rest = items if cursor is None else _after(items, cursor, order)
    page = rest[:limit]
    document = {
        "draft": number,
        "revision": draft.revision,
        "counts": counts,
        "items": page,
        "next_cursor": _place(page[-1]) if len(rest) > limit else None,
    }
    return packed_reply(request, orjson.dumps(document), "application/json", _NO_STORE)


@router.get(
    "/{number}/issues", summary="Findings of a draft", responses=_ISSUES | problems(401, 403, 404, 406, 422, 503)
)
def list_issues(
    number: Number, request: Request, access: MayReadDrafts, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """Of the last check or publish; `is_current` is false where the draft was changed since. 404 before the first.

    `Accept: application/geo+json` gives the places as features.
    """
    media_type = choose_type(request.headers.get("accept", "*/*"), ["application/json", GEOJSON])
    if media_type is None:
        raise RequestProblem(NOT_ACCEPTABLE, f"Findings come as application/json or {GEOJSON}.")
    draft = access.services.store.get_draft(number)
    job, offset = _job_and_offset(access, number, cursor)
    findings = shown_findings(access, job.findings)
    page = list(findings[offset : offset + limit])
    end = offset + limit
    about = {
        "draft": number,
        "revision": draft.revision,
        "checked_revision": job.result.get("revision"),
        "is_current": job.result.get("revision") == draft.revision,
        "job": job.number,
        "counts": job.result.get("counts", {}),
        "next_cursor": f"{job.number}-{end}" if end < len(findings) else None,
    }
    body = {**about, "items": page} if media_type != GEOJSON else {**about, **_collection(page)}
    return packed_reply(request, orjson.dumps(body), media_type, _NO_STORE)


def _job_and_offset(access: Access, number: int, cursor: str | None) -> tuple[Job, int]:
    store = access.services.store
    if cursor is None:
        job = store.find_last_job_of_draft(number)
        if job is None:
            raise NotFound(f"Draft {number} was never checked: POST /api/v1/drafts/{number}/check first.")
        return job, 0
    name, _, offset = cursor.partition("-")
    is_cursor = name.isdecimal() and offset.isdecimal() and len(name) < 16 and len(offset) < 16
    job = store.find_job(int(name)) if is_cursor else None
    if job is None or job.input.get("draft") != number:
        raise InvalidInput("cursor: use the next_cursor of the page before, unchanged.")
    return job, int(offset)


def _collection(findings: list[dict[str, Any]]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "geometry": finding.get("geometry"),
            "properties": {name: value for name, value in finding.items() if name != "geometry"},
        }
        for finding in findings
    ]
    return {"type": "FeatureCollection", "features": features}


def _place(item: dict[str, str]) -> str:
    return "/".join((item["layer"], item["scheme"], item["code"]))


def _after(items: list[dict[str, str]], cursor: str, order: list[str]) -> list[dict[str, str]]:
    layer, _, rest = cursor.partition("/")
    scheme, slash, code = rest.partition("/")
    if layer not in order or not slash:
        raise InvalidInput("cursor: use the next_cursor of the page before, unchanged.")
    place = (order.index(layer), scheme, code)
    return [item for item in items if (order.index(item["layer"]), item["scheme"], item["code"]) > place]
