"""Fixes of field staff: single ones and pieces of a track, warned of when something seems wrong; and tracks."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, allow, record
from api.access.sight import sight_of
from api.http.bodies import parse_model, read_json_body
from api.http.cursors import read_cursor, write_cursor
from api.http.parsing import parse_instant
from api.http.turns import Turns
from api.routes.replies import json_reply
from api.schemas.fixes import FixBody, FixesBody, fix_document
from api.schemas.incident_components import FIXES_BODY
from api.schemas.incidents import Text
from api.schemas.openapi import answers, page_answers, problems
from gridsvc.datum import locate
from gridsvc.errors import InvalidInput, UnknownDatum
from gridsvc.incidents.tracks import Placed, home_of, place_fixes
from gridsvc.model.accounts import Action
from gridsvc.model.incidents import Fix, FixFilter
from gridsvc.model.places import Location

MAX_FIXES_BYTES = 512 * 1024
FARTHEST_AHEAD = timedelta(minutes=5)
MAX_LIMIT = 1000
MAX_DATUMS = 5
router = APIRouter(prefix="/api/v1/fixes", tags=["fixes"])


@router.post(
    "",
    summary="Send fixes of one's own way",
    responses=answers("FixesAnswer", "Where each lies, and what seems wrong with it.")
    | problems(400, 401, 403, 404, 408, 413, 415, 422, 503),
    openapi_extra={"requestBody": FIXES_BODY},
)
async def send_fixes(request: Request, access: Annotated[Access, Depends(allow(Action.SEND_FIXES))]) -> Response:
    """Up to 1,000 at once. A fix is told from others by its sender and its instant, so a batch can be sent again.

    A datum that is nowhere said refuses the batch; a fix with a fault of its own is INVALID and the others are kept.
    """
    body = parse_model(FixesBody, await read_json_body(request, MAX_FIXES_BYTES, "A batch of fixes"))
    turns: Turns = request.app.state.tracks
    return json_reply(await turns.compute(_take, access, body), 200, {"Cache-Control": "no-store"})


@router.get("", summary="Fixes of field staff", responses=page_answers("Fix") | problems(401, 403, 422, 503))
def list_fixes(
    access: Annotated[Access, Depends(allow(Action.READ_TRACKS))],
    login: Annotated[Text | None, Query(max_length=100, description="Whose; everybody's within one's rights.")] = None,
    since: Annotated[str | None, Query(alias="from", description="Device's instant with offset; a day ago.")] = None,
    until: Annotated[str | None, Query(alias="to", description="Before this instant with offset; now.")] = None,
    cursor: Annotated[str | None, Query(description="Where the page before ended: its `next_cursor`.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100,
) -> Response:
    """By the device's instant. That somebody read the way of others is logged before it is given."""
    services = access.services
    end = services.settings.now() + FARTHEST_AHEAD if until is None else parse_instant(until, "to")
    start = end - timedelta(days=1) if since is None else parse_instant(since, "from")
    after = None if cursor is None else read_cursor(cursor, str)
    wanted = FixFilter(login=login, since=start, until=end, after=after)
    found = services.store.list_fixes(wanted, sight_of(access), limit + 1)
    page = found[:limit]
    others = sorted({fix.login for fix in page} - {access.caller.login})
    if others:
        details: dict[str, object] = {"logins": others, "from": start.isoformat(), "to": end.isoformat()}
        with services.store.begin() as work:
            work.log([record(services, access.caller, Action.READ_TRACKS.value, others[0], details, access.request)])
    next_cursor = write_cursor(page[-1].device_at, page[-1].login) if len(found) > limit else None
    items = [fix_document(fix, services) for fix in page]
    return json_reply({"items": items, "next_cursor": next_cursor}, 200, {"Cache-Control": "no-store"})


def _take(access: Access, body: FixesBody) -> dict[str, Any]:
    services, account = access.services, access.caller.account
    assert account is not None  # noqa: S101  no visitor has the right
    now = services.settings.now()
    oldest = now - timedelta(days=services.settings.track_days)
    if len({fix.datum or body.datum for fix in body.fixes}) > MAX_DATUMS:
        raise InvalidInput(f"fixes: at most {MAX_DATUMS} different datums at once; reading a CRS takes its time.")
    read = [_read(fix, body.datum, row, oldest, now) for row, fix in enumerate(body.fixes)]
    good = [fix for fix in read if not isinstance(fix, str)]
    snapshot = services.serving.current()
    day = now.astimezone(services.settings.zone).date()
    home = home_of(account, snapshot.edition, snapshot.duties, day, services.options)
    placed = place_fixes(home, [location for _, location in good])
    fixes = [
        Fix(login=account.login, at=now, device_at=device_at, location=location, areas=place.areas)
        for (device_at, location), place in zip(good, placed, strict=True)
    ]
    with services.store.begin() as work:
        accepted = work.add_fixes(fixes)
    places = iter(placed)
    results = [_result(fix if isinstance(fix, str) else next(places)) for fix in read]
    return {"accepted": accepted, "repeated": len(fixes) - accepted, "results": results}


def _read(
    fix: FixBody, datum: str | None, row: int, oldest: datetime, now: datetime
) -> tuple[datetime, Location] | str:
    """A fix that can be kept, or why it cannot. Raises the problem for a datum that is nowhere said."""
    said = fix.datum or datum
    if said is None:
        raise UnknownDatum(
            f"fixes.{row}.datum: say WGS84, CGCS2000, GCJ02, BD09 or EPSG:n, here or for all; it is never guessed."
        )
    try:
        device_at = parse_instant(fix.at)
        location = locate(fix.lon, fix.lat, said, fix.accuracy_m)
    except InvalidInput as error:
        return error.message
    if not oldest <= device_at <= now + FARTHEST_AHEAD:
        return f"at: {fix.at} is older than what is kept, or ahead of the clock: check the device's."
    return device_at, location


def _result(place: Placed | str) -> dict[str, Any]:
    if isinstance(place, str):
        return {"status": "INVALID", "error": place, "cell": None, "subdistrict": None, "warnings": []}
    return {
        "status": place.status,
        "error": None,
        "cell": place.cell,
        "subdistrict": place.subdistrict,
        "warnings": place.warnings,
    }
