"""Long work: what became of it."""

from dataclasses import replace
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, allow
from api.access.guarded import shown_findings
from api.routes.replies import json_reply, packed_reply
from api.schemas.openapi import answers, page_answers, problems
from api.schemas.work import job_document
from gridsvc.errors import NotFound
from gridsvc.model.accounts import Action, Reach

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
MayReadJobs = Annotated[Access, Depends(allow(Action.READ_JOBS))]
MAX_NUMBER = 2**53 - 1
JobNumber = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="Number of the job.")]
_NO_STORE = {"Cache-Control": "no-store"}


@router.get("", summary="Jobs", responses=page_answers("Job") | problems(401, 403, 422, 503))
def list_jobs(
    access: MayReadJobs,
    cursor: Annotated[int | None, Query(ge=1, le=MAX_NUMBER, description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """One's own, for who may all; newest first, without their findings."""
    services, own = access.services, access.far is not Reach.ALL
    found = services.store.list_jobs(made_by=access.caller.login if own else None, before=cursor, limit=limit + 1)
    page, zone = found[:limit], services.settings.zone
    next_cursor = str(page[-1].number) if len(found) > limit else None
    return json_reply(
        {"items": [job_document(job, zone, 0) for job in page], "next_cursor": next_cursor}, 200, _NO_STORE
    )


@router.get("/{number}", summary="One job", responses=answers("Job", "It.") | problems(401, 403, 404, 422, 503))
def get_job(
    number: JobNumber,
    request: Request,
    access: MayReadJobs,
    findings: Annotated[int, Query(ge=0, le=5000, description="How many findings to tell, the gravest first.")] = 100,
) -> Response:
    """State, progress, findings and result; `result.counts` counts all findings. 404 for somebody else's.

    WAITING and RUNNING go on; DONE, REFUSED (something blocks: see `error` and `findings`) and FAILED are ends.
    """
    services = access.services
    job = services.store.find_job(number)
    if job is None or not access.covers(areas=(), made_by=job.made_by):
        raise NotFound(f"There is no job {number}.")
    shown = replace(job, findings=tuple(shown_findings(access, job.findings)))
    body = orjson.dumps(job_document(shown, services.settings.zone, findings))
    return packed_reply(request, body, "application/json", _NO_STORE)
