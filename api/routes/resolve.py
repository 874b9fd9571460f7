"""One place: which cell, which chief, which departments, and why."""

from datetime import datetime
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, MayResolve
from api.access.guarded import conceal, snapshot_for, snapshot_for_many
from api.access.personal import note_shown
from api.bootstrap import Services
from api.http.parsing import parse_instant, parse_key
from api.http.wide import is_wide, run_for_circle
from api.routes.replies import JSON, json_reply
from api.schemas.openapi import answers, problems
from api.schemas.resolve import PlainQuery, ResolveQuery, audience_of, masked
from gridsvc.datum import locate
from gridsvc.datum.names import NAMED
from gridsvc.errors import OutsideCoverage
from gridsvc.index.ready import find_ready
from gridsvc.index.resolve import resolve
from gridsvc.index.rules.whole import Asked
from gridsvc.model.resolution import Resolution
from gridsvc.serving import Snapshot

router = APIRouter(prefix="/api/v1", tags=["resolve"])


@router.get(
    "/resolve",
    summary="Who answers for this place",
    responses=answers("Resolution", "The whole answer with its reasons.") | problems(401, 404, 422, 503),
)
async def resolve_place(request: Request, query: Annotated[ResolveQuery, Query()], access: MayResolve) -> Response:
    """The cell, its areas, the segment, the chief, the people and departments of a place, with the trace of rules.

    Outside the city the answer is a 404 of type `/problems/outside-coverage` with `nearest` and `suspect_datum`; before
    the first edition one of type `/problems/no-edition`. `edition`, `roster` and `at` together reproduce an answer;
    without them the edition in force at `at` and the latest roster answer. Fixes less accurate than 500 m take turns
    (503), and 422 tells of one whose circle reaches over too many cells.
    """
    return await answer_place(request, query, access)


async def answer_place(request: Request, query: ResolveQuery | PlainQuery, access: Access) -> Response:
    """The answer to a question whose parameters are read."""
    services = access.services
    place = (query.lon, query.lat, query.datum, query.accuracy_m, float(query.accuracy_level))
    location = locate(*place) if query.datum in NAMED else await to_thread.run_sync(locate, *place)
    category = None if query.category is None else parse_key(query.category, "category")
    component = None if query.component is None else parse_key(query.component, "component")
    at = services.settings.now() if query.at is None else parse_instant(query.at)
    whole = await snapshot_of(services, None if query.at is None else at, query.edition, query.roster)
    is_about = category is not None or component is not None
    if is_about and (location.accuracy_m or 0.0) > services.options.component_radius_m:
        # A circle of any size would measure how far away a hidden component is.
        snapshot = await to_thread.run_sync(snapshot_for_many, access, whole)
    else:
        snapshot = snapshot_for(access, whole)
    asked = Asked(location, at, category, component, query.reporter, services.options)
    if not is_about and (ready := _find_ready(access, snapshot, asked)) is not None:
        return ready
    ask = partial(_resolve, snapshot, asked)
    try:
        wide = is_wide(location.accuracy_m)
        resolution = await run_for_circle(request, access.caller, location.accuracy_m, ask) if wide else ask()
    except OutsideCoverage:
        services.serving.answers.note_outside()
        raise
    services.serving.note(resolution)
    if is_about:
        resolution = conceal(resolution, access, snapshot.edition, component)
    return json_reply(masked(resolution, access))


def _find_ready(access: Access, snapshot: Snapshot, asked: Asked) -> Response | None:
    """Where the place is a plain one, and what the asker sees of people does not depend on it."""
    if (audience := audience_of(access)) is None:
        return None
    ready = find_ready(snapshot.edition, snapshot.duties, asked, audience)
    if ready is None:
        return None
    access.services.serving.note(ready.like)
    note_shown(access, ready.like.people)
    return Response(ready.body, media_type=JSON)


def _resolve(snapshot: Snapshot, asked: Asked) -> Resolution:
    return resolve(
        snapshot.edition,
        snapshot.duties,
        asked.location,
        at=asked.at,
        category=asked.category,
        component=asked.component,
        reporter=asked.reporter,
        options=asked.options,
    )


async def snapshot_of(services: Services, at: datetime | None, edition: int | None, roster: int | None) -> Snapshot:
    """What answers at an instant (None: now), or the edition and the roster revision that are named instead."""
    if edition is None and roster is None:
        return await snapshot_at(services, at)
    return await to_thread.run_sync(_named, services, at, edition, roster)


def _named(services: Services, at: datetime | None, edition: int | None, roster: int | None) -> Snapshot:
    serving = services.serving
    revision = serving.state().roster_revision if roster is None else roster
    if edition is None:
        edition = (serving.current() if at is None else serving.at(at)).edition.number
    return serving.snapshot(edition, revision)


async def snapshot_at(services: Services, at: datetime | None) -> Snapshot:
    """What answers at an instant (None: now); takes a thread only when an edition has to be compiled for it."""
    if at is None:
        return services.serving.current()
    loaded = services.serving.find_loaded(at)
    return loaded if loaded is not None else await to_thread.run_sync(services.serving.at, at)
