"""Photos of incidents: re-encoded when they come, shown to who may read the incident."""

from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, allow, record
from api.cases.recording import incident_message
from api.http.askers import asker_of
from api.http.errors import RequestProblem
from api.http.problems import MEDIA_TYPE
from api.http.spool import read_body
from api.http.turns import Turns
from api.routes.incidents import MayReadIncidents, MayRecord, get_readable
from api.routes.replies import find_unchanged, json_reply
from api.schemas.incidents import incident_item, photo_item
from api.schemas.openapi import Responses, answers, problems
from gridsvc.errors import Conflict
from gridsvc.incidents.pictures import MAX_BYTES, MEDIA_TYPES, Picture, read_picture
from gridsvc.model.accounts import Action
from gridsvc.model.incidents import Photo
from gridsvc.model.work import Topic

MOST_PHOTOS = 9
SHOWN = {
    # Asked for again each time, which the ETag makes cheap: the next one at the same desk may not see it.
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie, Authorization",
    # Opened by itself a picture is no page of ours, whatever a browser takes it for.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_PICTURE: Responses = {200: {"description": "The picture.", "content": {"image/jpeg": _BYTES}}}
_DIGEST = Path(pattern="^[0-9a-f]{64}$")
router = APIRouter(prefix="/api/v1/incidents/{number}/photos", tags=["incidents"])


@router.post(
    "",
    summary="Add a photo",
    status_code=201,
    responses=answers("Photo", "The photo as it is kept.", status=201)
    | problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
    openapi_extra={"requestBody": {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _BYTES)}},
)
async def add_photo(
    number: str,
    request: Request,
    access: MayRecord,
    reading: Annotated[Access, Depends(allow(Action.READ_INCIDENTS))],
) -> Response:
    """The body is the picture itself, up to 12 MB and 50 megapixels. It is kept as a JPEG of at most 2048 pixels a
    side, upright and without any metadata. The same picture again is the same photo; an incident has nine at most.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        detail = f"A photo is sent as {', '.join(MEDIA_TYPES)}."
        raise RequestProblem(MEDIA_TYPE, detail, zh="照片须为 JPEG、PNG 或 WebP。")
    await to_thread.run_sync(get_readable, reading, number)
    turns: Turns = request.app.state.photos
    with turns.admitted(asker_of(request, access.caller)) as place:
        sent = await read_body(request, MAX_BYTES, "A photo", place)
        picture = await turns.compute(read_picture, sent)
        photo = await to_thread.run_sync(_keep, access, number, picture)
    document = photo_item(photo, access.services)
    return json_reply(document, 201, {"Location": document["url"]})


@router.get(
    "/{digest}",
    summary="A photo",
    responses=_PICTURE | problems(401, 403, 404, 422, 503),
)
def get_photo(
    number: str,
    digest: Annotated[str, _DIGEST],
    request: Request,
    access: MayReadIncidents,
    size: Annotated[Literal["full", "thumb"], Query(description="As it is kept, or small.")] = "full",
) -> Response:
    """For who may read the incident; a browser that keeps it asks each time whether it still may be shown."""
    get_readable(access, number)
    is_thumb = size == "thumb"
    etag = f'"{digest[:32]}{"-thumb" if is_thumb else ""}"'
    unchanged = find_unchanged(request, etag, SHOWN)
    if unchanged is not None:
        return unchanged
    photo = access.services.store.get_photo(number, digest, thumb=is_thumb)
    name = f'inline; filename="{photo.incident}-{digest[:8]}.jpg"'
    headers = {**SHOWN, "ETag": etag, "Content-Disposition": name}
    return Response(photo.thumb if is_thumb else photo.data, 200, headers, photo.media_type)


def _keep(access: Access, number: str, picture: Picture) -> Photo:
    """The photo, new or the one that is there. Raises Conflict when the incident has enough."""
    services = access.services
    now = services.settings.now()
    photo = Photo(
        digest=picture.digest,
        incident=number,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        added_at=now,
        added_by=access.caller.login,
        data=picture.data,
        thumb=picture.thumb,
    )
    with services.store.begin() as work:
        work.hold_incident(number)
        there = work.list_photos(number)
        known = next((other for other in there if other.digest == photo.digest), None)
        if known is not None:
            return known
        if len(there) >= MOST_PHOTOS:
            msg = f"An incident has {MOST_PHOTOS} photos at most."
            raise Conflict(msg, zh=f"每个案件最多 {MOST_PHOTOS} 张照片。")
        incident = work.touch_incident(number)
        work.add_photo(photo)
        details: dict[str, object] = {"photo": photo.digest, "bytes": len(photo.data)}
        work.log([record(services, access.caller, "ADD_PHOTO", number, details, access.request)])
        item = incident_item(incident, work.list_photos(number), services)
        work.tell([incident_message(Topic.INCIDENT_CHANGED, now, incident, item)])
    return photo
