"""Published editions, and their layers for the map."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.access.allowing import Access, MayReadEditions, MayReadLayers, opening_of
from api.access.guarded import is_guarded, sees_all, sight_of, visible
from api.bootstrap import Services
from api.http.askers import asker_of
from api.http.bodies import json_body
from api.http.layer_pages import LayerPages
from api.http.parsing import parse_instant
from api.routes.job_start import STARTED, MayPublish, start_job
from api.routes.replies import GEOJSON, JSON, find_unchanged, json_reply, packed_reply
from api.schemas.documents import edition_document
from api.schemas.openapi import SAME, answers, collection_answers, problems
from api.schemas.roster import request_body
from gridsvc.accounts.rights import check_right
from gridsvc.errors import NoEdition, NotFound
from gridsvc.geojson import box_from_text, write_collection
from gridsvc.model.accounts import Action
from gridsvc.model.edition import Edition
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Layer
from gridsvc.model.work import JobKind

MAX_FEATURES = 20_000
router = APIRouter(prefix="/api/v1/editions", tags=["editions"])
EditionName = Annotated[
    str, Path(description="Number, or `current` for the one in force.", pattern=r"^([0-9]{1,9}|current)$")
]
Drawn = Literal["areas", "cells", "segments", "components"]


class RestoreBody(BaseModel):
    """From when the content is in force again."""

    model_config = ConfigDict(extra="forbid")

    effective_from: Annotated[str, Field(max_length=40)] | None = None


@router.get("", summary="All editions", responses=collection_answers("editions", "Edition") | problems(401, 503))
async def list_editions(access: MayReadEditions) -> Response:
    """Every published edition by number, with the one in force marked."""
    services = access.services
    in_force = find_in_force(services)
    editions = sorted(services.serving.timeline(), key=lambda edition: edition.number)
    return json_reply({"editions": [_document(edition, in_force, access) for edition in editions]})


@router.get(
    "/{number}", summary="One edition", responses=answers("Edition", "It.") | SAME | problems(401, 404, 422, 503)
)
async def get_edition(number: EditionName, request: Request, access: MayReadEditions) -> Response:
    """Extent, counts and digest of an edition; `current` is the one in force (404 `no-edition` before the first)."""
    services = access.services
    edition = find_edition(services, number)
    body = orjson.dumps(_document(edition, find_in_force(services), access))
    # Of what is answered: whether it is in force changes, and its counts are not the same for everybody.
    headers = {"ETag": f'"e{edition.number}-{hashlib.sha256(body).hexdigest()[:16]}"'}
    return find_unchanged(request, headers["ETag"], headers) or Response(body, 200, headers, JSON)


def _document(edition: Edition, in_force: int | None, access: Access) -> dict[str, Any]:
    """How many components there are is for who may see all: to others it would tell how many are hidden."""
    document = edition_document(edition, in_force, access.services.settings.zone)
    if not sees_all(access):
        document["counts"].pop(Layer.COMPONENTS, None)
    return document


@router.get(
    "/{number}/layers/{layer}",
    summary="Features of an edition",
    responses=answers("FeatureCollection", "Features that meet the box.", GEOJSON)
    | SAME
    | problems(401, 404, 422, 503),
)
async def get_layer(
    number: EditionName,
    layer: Drawn,
    request: Request,
    access: MayReadLayers,
    bbox: Annotated[
        str | None, Query(description="west,south,east,north in degrees; the whole extent if not said.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_FEATURES)] = 5_000,
    untiled: Annotated[bool, Query(description="Only guarded components, which are in no tile.")] = False,
) -> Response:
    """GeoJSON with public fields only; `truncated` tells that there are more. The ETag of an edition never changes.
    Where more than 500 features meet the box, pages take turns (503 where too many wait).
    """
    services = access.services
    sight = ""
    if layer == "components":
        check_right(access.caller, Action.READ_COMPONENTS, opening_of(services))
        sight = "-" + sight_of(access)
    edition = find_edition(services, number)
    box = edition.bbox if bbox is None else box_from_text(bbox)
    where = "_".join(map(repr, box.as_list()))
    published = f"{edition.digest[:16]}-{edition.published_at.timestamp():.0f}"
    only = f"-{services.guarded.digest}" if untiled else ""
    etag = f'W/"e{edition.number}-{published}-{layer}-{where}-{limit}{sight}{only}"'
    headers = {"ETag": etag} if sight else {"ETag": etag, "Cache-Control": "no-cache"}
    if unchanged := find_unchanged(request, etag, headers):
        return unchanged
    page = _Page(edition, Layer(layer), box, limit, untiled)
    pages: LayerPages = request.app.state.layer_pages
    return await pages.make(
        asker_of(request, access.caller),
        lambda most: services.store.count_features_in_box(edition.number, page.layer, box, most),
        lambda: packed_reply(request, _write_page(access, page), GEOJSON, headers),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """What is asked of a layer."""

    edition: Edition
    layer: Layer
    box: BoundingBox
    limit: int
    untiled: bool


def _write_page(access: Access, page: _Page) -> bytes:
    services = access.services
    # What is hidden must not count: where a page ends would tell where it stands.
    read = MAX_FEATURES if page.layer is Layer.COMPONENTS else page.limit
    found = services.store.list_features_in_box(page.edition.number, page.layer, page.box, read + 1)
    more = len(found) > read
    if page.layer is Layer.COMPONENTS:
        found = visible(access, found[:read])
    if page.untiled:
        found = [item for item in found if is_guarded(item, services.guarded)]
    more, shown = more or len(found) > page.limit, found[: page.limit]
    return write_collection(page.layer, shown, edition=page.edition.number, truncated=more)


@router.post(
    "/{number}/restore",
    summary="Publish an older edition again",
    status_code=202,
    responses=STARTED | problems(401, 403, 404, 422, 503),
    openapi_extra=request_body(RestoreBody),
)
def restore_edition(
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    request: Request,
    access: MayPublish,
    body: Annotated[RestoreBody, json_body(RestoreBody)],
) -> Response:
    """Its content becomes a new edition, in force from `effective_from` or from the moment it is done."""
    access.services.store.get_edition(number)
    if body.effective_from is not None:
        parse_instant(body.effective_from, "effective_from")
    given = {"edition": number, "effective_from": body.effective_from}
    return start_job(request, access, JobKind.RESTORE, given, f"edition {number}")


def find_in_force(services: Services) -> int | None:
    """Number of the edition that answers now, None while none is in force."""
    try:
        return services.serving.current().edition.number
    except NoEdition:
        return None


def find_edition(services: Services, number: str) -> Edition:
    """An edition by number or `current`. Raises NotFound, NoEdition and NotReady."""
    wanted = services.serving.current().edition.number if number == "current" else int(number)
    for edition in services.serving.timeline():
        if edition.number == wanted:
            return edition
    raise NotFound(f"There is no edition {wanted}.", edition=wanted)
