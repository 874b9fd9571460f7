"""Drafts: begun, filled with layers, looked at, checked, published or discarded."""

from functools import partial
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.access.allowing import Access, allow, record
from api.http.bodies import json_body
from api.http.parsing import parse_instant
from api.http.preconditions import check_match, version_tag
from api.jobs.importing import LayerQuery, import_input
from api.jobs.uploads import check_name, receive, remove
from api.routes.job_start import STARTED, MayPublish, start_job
from api.routes.replies import json_reply
from api.schemas.incidents import Text
from api.schemas.openapi import answers, page_answers, problems
from api.schemas.roster import request_body
from api.schemas.work import draft_document
from gridsvc.datum.plane import Plane
from gridsvc.errors import Conflict
from gridsvc.model.accounts import Action
from gridsvc.model.edition import Draft, DraftState
from gridsvc.model.work import JobKind
from gridsvc.ports import Work

MAX_PUBLISH_BYTES = 4 * 1024 * 1024

router = APIRouter(prefix="/api/v1/drafts", tags=["drafts"])
MayReadDrafts = Annotated[Access, Depends(allow(Action.READ_DRAFTS))]
MayEditDrafts = Annotated[Access, Depends(allow(Action.EDIT_DRAFTS))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the draft.")]
LayerName = Literal["areas", "cells", "groups", "segments", "components", "places"]
FILE_BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


class DraftBody(BaseModel):
    """How a draft begins."""

    model_config = ConfigDict(extra="forbid")

    comment: Annotated[Text, Field(max_length=500)] = ""
    crs: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None


class PublishBody(BaseModel):
    """How a draft is published: when it takes effect, and findings accepted with a reason each."""

    model_config = ConfigDict(extra="forbid")

    effective_from: Annotated[str, Field(max_length=40)] | None = None
    comment: Annotated[Text, Field(max_length=500)] = ""
    accept: dict[
        Annotated[str, Field(min_length=1, max_length=500)],
        Annotated[Text, Field(min_length=1, max_length=500, pattern=r"\S")],
    ] = Field(default={}, max_length=1000)


@router.get("", summary="Drafts", responses=page_answers("Draft") | problems(401, 403, 422, 503))
def list_drafts(
    access: MayReadDrafts,
    cursor: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Newest first, published and discarded ones too."""
    drafts = sorted(access.services.store.list_drafts(), key=lambda draft: -draft.number)
    rest = [draft for draft in drafts if cursor is None or draft.number < cursor]
    page, zone = rest[:limit], access.services.settings.zone
    next_cursor = str(page[-1].number) if len(rest) > limit else None
    return json_reply({"items": [draft_document(draft, zone) for draft in page], "next_cursor": next_cursor})


@router.post(
    "",
    summary="Begin a draft",
    status_code=201,
    responses=answers("Draft", "Begun.", status=201) | problems(401, 403, 422, 503),
    openapi_extra=request_body(DraftBody),
)
def create_draft(access: MayEditDrafts, body: Annotated[DraftBody, json_body(DraftBody)]) -> Response:
    """Based on the newest edition. `crs`: what the coming edition measures in; not said: as before."""
    services = access.services
    crs = body.crs if body.crs is not None else services.settings.crs
    if crs is not None:
        Plane(crs)
    draft = services.store.create_draft(
        services.settings.now(), body.comment, crs, also=partial(_log, access, "CREATE_DRAFT")
    )
    where = f"{services.settings.root_path}/api/v1/drafts/{draft.number}"
    return _reply(access, draft, 201, {"Location": where})


@router.get("/{number}", summary="One draft", responses=answers("Draft", "It.") | problems(401, 403, 404, 422, 503))
def get_draft(number: Number, access: MayReadDrafts) -> Response:
    """Its ETag goes with every change of it as If-Match."""
    return _reply(access, access.services.store.get_draft(number))


@router.delete(
    "/{number}",
    summary="Discard a draft",
    status_code=204,
    responses=problems(401, 403, 404, 409, 412, 422, 428, 503),
)
def discard_draft(number: Number, request: Request, access: MayEditDrafts) -> Response:
    """An end: it can still be read."""
    draft = _open_draft(request, access, number)
    also = partial(_log, access, "DISCARD_DRAFT")
    access.services.store.discard_draft(number, revision=draft.revision, also=also)
    return Response(status_code=204)


@router.put(
    "/{number}/layers/{layer}",
    summary="Import a file into a layer",
    status_code=202,
    responses=STARTED | problems(401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 503),
    openapi_extra={"requestBody": FILE_BODY},
)
async def put_layer(
    number: Number, layer: LayerName, request: Request, access: MayEditDrafts, query: Annotated[LayerQuery, Query()]
) -> Response:
    """The body is the file itself (GeoJSON, zipped Shapefile, GeoPackage, FlatGeobuf, GeoParquet, KML, CSV, XLSX).

    Its ending, in `name`, says the format. `datum` may be left out only where the file carries its CRS.
    """
    settings = access.services.settings
    await to_thread.run_sync(_open_draft, request, access, number)
    await to_thread.run_sync(check_name, query.name)
    given = await to_thread.run_sync(import_input, query, layer, number, settings)
    token = await receive(request, settings, query.name)
    given["upload"] = token
    try:
        return await to_thread.run_sync(start_job, request, access, JobKind.IMPORT_LAYER, given, f"draft {number}")
    except BaseException:
        remove(settings, token)
        raise


@router.post(
    "/{number}/check",
    summary="Check a draft",
    status_code=202,
    responses=STARTED | problems(401, 403, 404, 409, 422, 503),
)
def check_draft(number: Number, request: Request, access: MayEditDrafts) -> Response:
    """All checks, as a publish runs them; the findings are at `/issues` when the job is done."""
    _check_open(access.services.store.get_draft(number))
    return start_job(request, access, JobKind.CHECK_DRAFT, {"draft": number}, f"draft {number}")


@router.post(
    "/{number}/publish",
    summary="Publish a draft",
    status_code=202,
    responses=STARTED | problems(401, 403, 404, 409, 412, 422, 428, 503),
    openapi_extra=request_body(PublishBody),
)
def publish_draft(
    number: Number,
    request: Request,
    access: MayPublish,
    body: Annotated[PublishBody, json_body(PublishBody, MAX_PUBLISH_BYTES)],
) -> Response:
    """Checks and publishes all layers at once, in force from `effective_from` or from the moment it is done.

    `accept` is finding id → reason. The job is REFUSED when a finding blocks.
    """
    draft = _open_draft(request, access, number)
    if body.effective_from is not None:
        parse_instant(body.effective_from, "effective_from")
    given = {"draft": number, "revision": draft.revision, **body.model_dump()}
    return start_job(request, access, JobKind.PUBLISH, given, f"draft {number}")


def _open_draft(request: Request, access: Access, number: int) -> Draft:
    draft = access.services.store.get_draft(number)
    check_match(request, version_tag(draft.revision))
    _check_open(draft)
    return draft


def _check_open(draft: Draft) -> None:
    if draft.state is not DraftState.OPEN:
        raise Conflict(f"Draft {draft.number} is {draft.in_words} and takes no changes: begin a new one.")


def _log(access: Access, action: str, work: Work, draft: Draft) -> None:
    details: dict[str, object] = {"based_on": draft.based_on, "revision": draft.revision}
    work.log([record(access.services, access.caller, action, f"draft {draft.number}", details, access.request)])


def _reply(access: Access, draft: Draft, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    fixed = {"ETag": version_tag(draft.revision), "Cache-Control": "no-store"}
    return json_reply(draft_document(draft, access.services.settings.zone), status, fixed | (headers or {}))
