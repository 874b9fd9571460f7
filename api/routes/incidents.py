"""Incidents: recording, lists within one's rights, one with its frozen answer, and the same question again."""

from typing import Annotated

import orjson
from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, allow, record
from api.access.sight import sight_of
from api.cases.idempotency import Answer, claim_of, find_key
from api.cases.recording import record_incident
from api.http.bodies import parse_model, read_json_body
from api.http.cursors import read_cursor, write_cursor
from api.http.errors import RequestProblem
from api.http.parsing import parse_instant, parse_key
from api.http.preconditions import version_tag
from api.http.problems import KEY_REQUIRED
from api.http.wide import run_for_circle
from api.routes.replies import find_unchanged, json_reply
from api.schemas.incident_components import INCIDENT_BODY, key_parameter
from api.schemas.incidents import (
    IncidentBody,
    Text,
    incident_document,
    incident_item,
    may_see_contact,
    shown_again,
    shown_answer,
)
from api.schemas.openapi import answers, page_answers, problems
from gridsvc.errors import NotAllowed, NotFound
from gridsvc.geojson import box_from_text
from gridsvc.incidents.freezing import ask_again, freeze
from gridsvc.incidents.reports import is_number
from gridsvc.model.accounts import AccountRole, Action
from gridsvc.model.incidents import Incident, IncidentFilter, IncidentState, Sight, Source

MAX_REPORT_BYTES = 64 * 1024
MAX_LIMIT = 1000
PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
ROUTE = "POST /api/v1/incidents"

MayRecord = Annotated[Access, Depends(allow(Action.RECORD_INCIDENT))]
MayReadIncidents = Annotated[Access, Depends(allow(Action.READ_INCIDENTS))]
router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])


@router.post(
    "",
    summary="Record an incident",
    status_code=201,
    responses=answers("Incident", "The incident with its number and its frozen answer.", status=201)
    | problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 428, 503),
    openapi_extra={"requestBody": INCIDENT_BODY, "parameters": [key_parameter()]},
)
async def create_incident(request: Request, access: MayRecord) -> Response:
    """Resolves the place and keeps the answer with edition, roster and instant, so that it can be given again.

    With an Idempotency-Key (source DEVICE must send one) the request can be sent again for seven days: the same answer
    comes back with `Idempotent-Replayed: true`, and nothing is recorded twice. Outside the city nothing is recorded.
    """
    sent = await read_json_body(request, MAX_REPORT_BYTES, "A report")
    body, key = parse_model(IncidentBody, sent), find_key(request)
    if key is None and (body.source is Source.DEVICE or access.caller.role is AccountRole.DEVICE):
        raise RequestProblem(KEY_REQUIRED, "A device sends an Idempotency-Key with each report.")
    claim = claim_of(key, access.caller.login, ROUTE, sent)
    return _created(access, await record_incident(request, access, body, claim))


@router.get("", summary="List incidents", responses=page_answers("IncidentItem") | problems(401, 403, 422, 503))
def list_incidents(
    request: Request,
    access: MayReadIncidents,
    bbox: Annotated[str | None, Query(description="west,south,east,north in degrees.")] = None,
    since: Annotated[str | None, Query(alias="from", description="Reported at or after; with offset.")] = None,
    until: Annotated[str | None, Query(alias="to", description="Reported before; with offset.")] = None,
    category: Annotated[Text | None, Query(description="SCHEME:CODE.")] = None,
    state: IncidentState | None = None,
    source: Source | None = None,
    subdistrict: Annotated[Text | None, Query(max_length=100, description="Code of a subdistrict.")] = None,
    q: Annotated[
        Text | None, Query(max_length=100, description="Part of the words or the address, or the start of a number.")
    ] = None,
    mine: Annotated[bool, Query(description="Only what I recorded.")] = False,
    cursor: Annotated[str | None, Query(description="Where the page before ended: its `next_cursor`.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100,
) -> Response:
    """Newest first, within one's territory and department. Pages fit together while new ones arrive."""
    wanted = IncidentFilter(
        box=None if bbox is None else box_from_text(bbox),
        since=None if since is None else parse_instant(since, "from"),
        until=None if until is None else parse_instant(until, "to"),
        category=None if category is None else parse_key(category, "category"),
        state=state,
        source=source,
        subdistrict=subdistrict,
        text=q or None,
        made_by=access.caller.login if mine else None,
        after=None if cursor is None else read_cursor(cursor, int),
    )
    services = access.services
    sight = Sight() if mine and access.caller.login is None else sight_of(access)
    found = services.store.list_incidents(wanted, sight, limit + 1)
    page = found[:limit]
    photos = services.store.list_photos([incident.number for _, incident in page])
    headers, next_cursor = dict(PRIVATE), None
    if len(found) > limit:
        last_id, last = page[-1]
        next_cursor = write_cursor(last.reported_at, last_id)
        headers["Link"] = f'<{request.url.include_query_params(cursor=next_cursor)}>; rel="next"'
    items = [incident_item(incident, photos.get(incident.number, ()), services) for _, incident in page]
    return json_reply({"items": items, "next_cursor": next_cursor}, 200, headers)


@router.get(
    "/{number}",
    summary="One incident",
    responses=answers("Incident", "The incident with its frozen answer.") | problems(401, 403, 404, 422, 503),
)
def get_incident(number: str, request: Request, access: MayReadIncidents) -> Response:
    """`contact` is there for who may ring the reporter back, and that they read it is logged before it is given."""
    incident = get_readable(access, number)
    etag = version_tag(incident.version)
    unchanged = find_unchanged(request, etag, PRIVATE)
    if unchanged is not None:
        return unchanged
    services = access.services
    if incident.contact is not None and may_see_contact(incident, access):
        with services.store.begin() as work:
            work.log([record(services, access.caller, Action.READ_CONTACTS.value, number, {}, access.request)])
    photos = services.store.list_photos([number]).get(number, [])
    item = incident_item(incident, photos, services)
    return json_reply(incident_document(incident, item, access), 200, {**PRIVATE, "ETag": etag})


@router.get(
    "/{number}/again",
    summary="Ask the question of an incident again",
    responses=answers("AnsweredAgain", "Whether the bytes are the frozen ones.") | problems(401, 403, 404, 422, 503),
)
async def resolve_again(number: str, request: Request, access: MayReadIncidents) -> Response:
    """By the edition, the roster and the instant that were frozen with it. A difference is told, never written over."""
    incident, services = await to_thread.run_sync(get_readable, access, number), access.services

    def work() -> dict[str, object]:
        snapshot = services.serving.snapshot(incident.answer.edition, incident.answer.roster)
        answer, same = ask_again(incident, snapshot.edition, snapshot.duties, services.options)
        return {"same": same, "resolution": shown_answer(freeze(answer), access)}

    return json_reply(await run_for_circle(request, access.caller, incident.location.accuracy_m, work), 200, PRIVATE)


def get_readable(access: Access, number: str) -> Incident:
    """An incident that the asker may read. Raises NotFound and NotAllowed."""
    if not is_number(number):
        msg = f"{number[:40]!r} is no number of an incident; one looks like 20261122-000017."
        raise NotFound(msg, zh="这不是案件编号；编号形如 20261122-000017。")
    incident = access.services.store.get_incident(number)
    answer = incident.answer
    if not access.covers(areas=answer.areas, departments=answer.departments, made_by=incident.made_by):
        msg = "This incident lies outside your territory or department."
        raise NotAllowed(msg, zh="该案件不在您的辖区或部门范围内。")
    return incident


def _created(access: Access, answer: Answer) -> Response:
    document = orjson.loads(answer.body)
    headers = {
        **PRIVATE,
        "Location": f"{access.services.settings.root_path}/api/v1/incidents/{document['number']}",
        "ETag": version_tag(document["version"]),
    }
    shown = answer.body
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
        shown = shown_again(answer.body, access)
    return Response(shown, answer.status, headers, "application/json")
