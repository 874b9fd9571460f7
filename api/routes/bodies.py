"""The responsible bodies of an edition's cells, for a map that is coloured by them."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.access.allowing import MayResolve
from api.http.parsing import parse_instant
from api.routes.replies import json_reply
from api.routes.resolve import snapshot_of
from api.schemas.openapi import answers, problems
from gridsvc.index.rules.cell_bodies import Ground, bodies_of_cells
from gridsvc.index.rules.question import frame_matter

router = APIRouter(prefix="/api/v1", tags=["map"])


@router.get(
    "/bodies",
    summary="Who answers for which cells",
    responses=answers("Bodies", "Bodies by code, and where they answer.") | problems(401, 404, 422, 503),
)
async def list_bodies(
    access: MayResolve,
    at: Annotated[str | None, Query(description="Instant with offset; the present if not said.")] = None,
    edition: Annotated[int | None, Query(ge=1, description="The edition to ask; the one in force if not said.")] = None,
    roster: Annotated[
        int | None, Query(ge=0, description="The roster revision to ask; the latest if not said.")
    ] = None,
) -> Response:
    """The body that answers for a cell as such: its own, else its subdistrict, else its district.

    `grounds` say which body that is for the `responsible_body` and `area` that a cell names; cells that name neither
    are in none. Determinations, patches and competences may name others for single places and matters.
    """
    services = access.services
    instant = services.settings.now() if at is None else parse_instant(at)
    snapshot = await snapshot_of(services, None if at is None else instant, edition, roster)
    matter = frame_matter(snapshot.duties, instant, None, services.options)
    grounds = await to_thread.run_sync(bodies_of_cells, snapshot.edition, snapshot.duties, matter)
    return json_reply(
        {
            "edition": snapshot.edition.number,
            "roster": snapshot.duties.revision,
            "bodies": _bodies(grounds),
            "grounds": [
                {"responsible_body": one.responsible_body, "area": one.area, "body": one.body.code} for one in grounds
            ],
        }
    )


def _bodies(grounds: list[Ground]) -> list[dict[str, object]]:
    """Each body once, with how many cells it answers for."""
    names = {ground.body.code: ground.body.name for ground in grounds}
    return [
        {"code": code, "name": names[code], "cells": sum(one.number for one in grounds if one.body.code == code)}
        for code in sorted(names)
    ]
