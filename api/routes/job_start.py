"""Putting long work into the queue for who asked: with an entry in the audit log, answered by 202."""

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from api.access.allowing import Access, allow, record
from api.jobs.keeper import Keeper
from api.routes.replies import json_reply
from api.schemas.openapi import answers
from api.schemas.work import job_document
from gridsvc.model.accounts import Action
from gridsvc.model.work import Job, JobKind, JobState

MayPublish = Annotated[Access, Depends(allow(Action.PUBLISH))]
STARTED = answers("Job", "Begun: ask the job, at Location, for its end.", status=202)


def start_job(request: Request, access: Access, kind: JobKind, given: dict[str, Any], target: str) -> Response:
    """202 with the job and where to ask for it. `target` is the thing that it is about, for the audit log."""
    services, caller = access.services, access.caller
    now = services.settings.now()
    job = Job(
        number=0, kind=kind, state=JobState.WAITING, made_by=caller.login or "", created_at=now, input=dict(given)
    )
    told = {name: value for name, value in given.items() if name != "upload" and value not in (None, {}, "")}
    with services.store.begin() as work:
        work.log([record(services, caller, kind.value, target, told, access.request)])
        job = work.add_job(job)
    keeper: Keeper = request.app.state.jobs
    keeper.wake()
    return job_reply(access, job)


def job_reply(access: Access, job: Job) -> Response:
    """202: where the job can be asked for its end."""
    settings = access.services.settings
    where = f"{settings.root_path}/api/v1/jobs/{job.number}"
    return json_reply(job_document(job, settings.zone, 0), 202, {"Location": where})
