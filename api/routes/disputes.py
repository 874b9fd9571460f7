"""Disputes: "this answer is wrong", decided by an officer, and remembered from then on."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, allow
from api.access.sight import sight_of
from api.cases.disputing import decline, determine, prepare_dispute, tag_of
from api.cases.foreseeing import foresee
from api.cases.idempotency import Answer, answer_once, claim_of, find_key
from api.http.askers import asker_of
from api.http.bodies import parse_model, read_json_body
from api.http.preconditions import check_match
from api.http.turns import Turns
from api.http.wide import run_for_circle
from api.roster.base import grounds_of
from api.routes.replies import find_unchanged, json_reply
from api.schemas.disputes import DecisionBody, DeclineBody, DisputeBody, dispute_again, dispute_document, dispute_item
from api.schemas.incident_components import key_parameter
from api.schemas.openapi import answers, page_answers, problems
from api.schemas.roster import request_body
from gridsvc.errors import InvalidInput, NotAllowed
from gridsvc.model.accounts import Action
from gridsvc.model.incidents import Dispute, DisputeState

MAX_BODY_BYTES = 512 * 1024
MAX_NUMBER = 2**53
PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
ROUTE = "POST /api/v1/disputes"
MayDispute = Annotated[Access, Depends(allow(Action.DISPUTE))]
MayReadDisputes = Annotated[Access, Depends(allow(Action.READ_DISPUTES))]
MayDetermine = Annotated[Access, Depends(allow(Action.DETERMINE))]
CHANGES = problems(400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 503)
router = APIRouter(prefix="/api/v1/disputes", tags=["disputes"])


@router.post(
    "",
    summary="Dispute an answer",
    status_code=201,
    responses=answers("Dispute", "The dispute with the answer as it stood.", status=201)
    | problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
    openapi_extra={**request_body(DisputeBody), "parameters": [key_parameter()]},
)
async def open_dispute(request: Request, access: MayDispute) -> Response:
    """The answer at the place, or the one frozen with an incident, is kept as evidence with who says it is wrong.

    With an Idempotency-Key the request can be sent again for seven days.
    """
    sent = await read_json_body(request, MAX_BODY_BYTES, "A dispute")
    body = parse_model(DisputeBody, sent)
    claim = claim_of(find_key(request), access.caller.login, ROUTE, sent)

    def work() -> Answer:
        return answer_once(access, claim, lambda: prepare_dispute(access, body))

    answer = await run_for_circle(request, access.caller, body.location.accuracy_m, work)
    headers, shown = {**PRIVATE, "ETag": '"v1"'}, answer.body
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
        shown = await to_thread.run_sync(dispute_again, answer.body, access)
    return Response(shown, answer.status, headers, "application/json")


@router.get("", summary="List disputes", responses=page_answers("DisputeItem") | problems(401, 403, 422, 503))
def list_disputes(
    access: MayReadDisputes,
    state: DisputeState | None = None,
    cursor: Annotated[str | None, Query(description="Where the page before ended: its `next_cursor`.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Newest first, within one's territory and department."""
    before = None if cursor is None else _number(cursor)
    found = access.services.store.list_disputes(state, sight_of(access), before=before, limit=limit + 1)
    page = found[:limit]
    organisation = access.services.serving.current().duties.organisation
    items = [dispute_item(dispute, access, organisation) for dispute in page]
    next_cursor = str(page[-1].number) if len(found) > limit else None
    return json_reply({"items": items, "next_cursor": next_cursor}, 200, PRIVATE)


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 16):
        raise InvalidInput("cursor: use the next_cursor of the page before, unchanged.")
    return int(cursor)


@router.get(
    "/{number}",
    summary="One dispute",
    responses=answers("Dispute", "The dispute with the answer as it stood.") | problems(401, 403, 404, 422, 503),
)
def get_dispute(number: int, request: Request, access: MayReadDisputes) -> Response:
    """`sides` names both departments: who was answered, and who should be."""
    dispute = _find(number, access)
    unchanged = find_unchanged(request, tag_of(dispute), PRIVATE)
    return _reply(dispute, access) if unchanged is None else unchanged


@router.post(
    "/{number}/determine",
    summary="Decide a dispute",
    responses=answers("Dispute", "The dispute, over; its determination is in the roster.") | CHANGES,
    openapi_extra=request_body(DecisionBody),
)
async def determine_dispute(number: int, request: Request, access: MayDetermine) -> Response:
    """Writes the determination and closes the dispute at once: from `decided_on` on it goes before every other rule.

    The polygon holds the disputed place, lies in the city and in the officer's territory. Who opened a dispute does
    not decide it. If-Match carries the ETag of its GET.
    """
    body = parse_model(DecisionBody, await read_json_body(request, MAX_BODY_BYTES, "A decision"))
    dispute = await to_thread.run_sync(_find, number, access)

    def work() -> Response:
        check_match(request, tag_of(dispute))
        closed, outcome = determine(grounds_of(request), access, dispute, body)
        return _reply(closed, access, {"Gridsvc-Roster": str(outcome.after.revision)})

    return await run_for_circle(request, access.caller, dispute.location.accuracy_m, work)


@router.post(
    "/{number}/determine/preview",
    summary="What deciding a dispute would change",
    responses=answers("DecisionForeseen", "The row, its findings, and who leads on the ground.") | CHANGES,
    openapi_extra=request_body(DecisionBody),
)
async def preview_decision(number: int, request: Request, access: MayDetermine) -> Response:
    """What `determine` would do with the same body and If-Match; nothing is written. Findings that block are answered.

    `ground.leads` is what resolving answers now and with the decision, category by category, asked today at a place in
    each part of the ground; what differs comes first. Of a wide ground some of its cells are `asked`, evenly; none of
    one that too many borders of patches and older decisions run through, and nobody is told then.
    """
    body = parse_model(DecisionBody, await read_json_body(request, MAX_BODY_BYTES, "A decision"))
    dispute = await to_thread.run_sync(_find, number, access)
    turns: Turns = request.app.state.shapes

    def work() -> Response:
        check_match(request, tag_of(dispute))
        return json_reply(foresee(grounds_of(request), access, dispute, body), 200, PRIVATE)

    with turns.admitted(asker_of(request, access.caller)):
        return await turns.compute(work)


@router.post(
    "/{number}/decline",
    summary="Decline a dispute",
    responses=answers("Dispute", "The dispute, over; the answer stays.") | CHANGES,
    openapi_extra=request_body(DeclineBody),
)
async def decline_dispute(number: int, request: Request, access: MayDetermine) -> Response:
    """The answer was right; the reason is told to who asked. If-Match carries the ETag of its GET."""
    body = parse_model(DeclineBody, await read_json_body(request, MAX_BODY_BYTES, "A reason"))

    def work() -> Response:
        dispute = _find(number, access)
        check_match(request, tag_of(dispute))
        return _reply(decline(access, dispute, body.reason), access)

    return await to_thread.run_sync(work)


def _find(number: int, access: Access) -> Dispute:
    """A dispute within the asked right's reach. Raises NotFound and NotAllowed."""
    if not 0 < number < MAX_NUMBER:
        raise InvalidInput("number: disputes are numbered from 1.")
    dispute = access.services.store.get_dispute(number)
    departments = [*dispute.answer.departments, dispute.claimed or ""]
    if not access.covers(areas=dispute.answer.areas, departments=departments, made_by=dispute.made_by):
        msg = "This dispute lies outside your territory or department."
        raise NotAllowed(msg, zh="该异议不在您的辖区或部门范围内。")
    return dispute


def _reply(dispute: Dispute, access: Access, headers: dict[str, str] | None = None) -> Response:
    organisation = access.services.serving.current().duties.organisation
    document = dispute_document(dispute, access, organisation)
    return json_reply(document, 200, {**PRIVATE, "ETag": tag_of(dispute), **(headers or {})})
