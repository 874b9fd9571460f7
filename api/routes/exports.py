"""A layer of an edition as a file: made by a job, fetched by who asked for it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from api.access.allowing import RIGHT_OF_LAYER, opening_of
from api.jobs.exporting import export_input, find_export, find_same
from api.routes.editions import EditionName, find_edition
from api.routes.job_start import STARTED, job_reply, start_job
from api.routes.jobs import JobNumber, MayReadJobs
from api.schemas.openapi import Responses, problems
from gridsvc.accounts.rights import check_right
from gridsvc.datum import parse_datum
from gridsvc.errors import SignInRequired
from gridsvc.model.territory import Layer
from gridsvc.model.work import JobKind

router = APIRouter(prefix="/api/v1", tags=["jobs"])
Name = Literal["areas", "cells", "groups", "segments", "components", "places"]
Ending = Literal["geojson", "gpkg", "fgb", "parquet", "zip", "csv", "xlsx"]
ANY_FILE = "application/octet-stream"
_FILE: Responses = {
    200: {"description": "The file.", "content": {ANY_FILE: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post(
    "/editions/{number}/export",
    summary="Export a layer",
    status_code=202,
    responses=STARTED | problems(401, 403, 404, 422, 429, 503),
)
def export_layer(
    number: EditionName,
    request: Request,
    access: MayReadJobs,
    layer: Annotated[Name, Query(description="Which layer.")],
    ending: Annotated[Ending, Query(alias="format", description="Of the file; zip is a Shapefile.")],
    datum: Annotated[str, Query(max_length=10_000, description="Of the coordinates in the file.")] = "WGS84",
) -> Response:
    """All features with every column, as the import takes them back; of components those that you may see.

    For who may see the layer; a token needs READ_JOBS too. The file is at `/api/v1/jobs/{number}/result` when the job
    is DONE, for as long as the job is kept; who asks for the same again gets the same job.
    """
    services, wanted = access.services, Layer(layer)
    check_right(access.caller, RIGHT_OF_LAYER[wanted], opening_of(services))
    if access.caller.account is None:
        raise SignInRequired("Sign in to export: the file is made for one account.")
    edition = find_edition(services, number)
    given = export_input(access, edition.number, wanted, ending, parse_datum(datum))
    same = find_same(access, given)
    if same is not None:
        return job_reply(access, same)
    return start_job(request, access, JobKind.EXPORT_LAYER, given, f"edition {edition.number}")


@router.get(
    "/jobs/{number}/result",
    summary="The file that a job has made",
    response_class=FileResponse,
    responses=_FILE | problems(401, 403, 404, 422, 503),
)
def get_result(number: JobNumber, access: MayReadJobs) -> Response:
    """For who asked for it, as long as they may see what is in it. Parts of it can be asked for (Range)."""
    file = find_export(access, access.services.store.find_job(number))
    return FileResponse(file, filename=file.name, media_type=ANY_FILE, headers={"Cache-Control": "private, no-store"})
