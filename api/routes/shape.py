"""A line or polygon: who is concerned, with shares."""

from typing import Annotated

import numpy as np
import shapely
from fastapi import APIRouter, Query, Request
from shapely.geometry.base import BaseGeometry
from starlette.responses import Response

from api.access.allowing import MayResolve
from api.batch.shape import check_work
from api.http.askers import asker_of
from api.http.bodies import parse_json
from api.http.parsing import parse_instant
from api.http.spool import read_body
from api.http.turns import Turns
from api.routes.replies import json_reply
from api.routes.resolve import snapshot_of
from api.schemas.openapi import SHAPE_BODY, answers, problems
from api.schemas.shape import ShownShape, shown_shape
from gridsvc.datum import parse_datum, reasons, to_wgs84
from gridsvc.errors import InvalidLocation
from gridsvc.geojson import geometry_from_geojson
from gridsvc.index.shape import resolve_shape

MAX_SHAPE_BYTES = 4 * 1024 * 1024
router = APIRouter(prefix="/api/v1", tags=["resolve"])


@router.post(
    "/resolve/shape",
    summary="Who is concerned by a line or polygon",
    responses=answers("ShapeResolution", "Shares of the shape.") | problems(400, 401, 404, 408, 413, 415, 422, 503),
    openapi_extra={"requestBody": SHAPE_BODY},
)
async def resolve_whole_shape(
    request: Request,
    access: MayResolve,
    datum: Annotated[str, Query(description="Datum of the coordinates; never guessed.", examples=["WGS84"])],
    at: Annotated[str | None, Query(description="Instant with offset; the present if not said.")] = None,
    edition: Annotated[int | None, Query(ge=1, description="The edition to ask; the one in force if not said.")] = None,
    roster: Annotated[
        int | None, Query(ge=0, description="The roster revision to ask; the latest if not said.")
    ] = None,
) -> Response:
    """Cells, areas, segments, chiefs, stewards and departments of a burst pipe's zone or a parade's way.

    A line may have 1,000 vertices, a polygon 5,000; either may meet 10,000 cells and segments, and pass from cell to
    cell and over itself 10,000 times.
    """
    services = access.services
    turns: Turns = request.app.state.shapes
    with turns.admitted(asker_of(request, access.caller)) as place:
        document = parse_json(await read_body(request, MAX_SHAPE_BYTES, "A shape", place))
        instant = services.settings.now() if at is None else parse_instant(at)
        snapshot = await snapshot_of(services, None if at is None else instant, edition, roster)

        def work() -> ShownShape:
            geometry = _in_wgs84(geometry_from_geojson(document), parse_datum(datum))
            check_work(snapshot.edition, geometry)
            answer = resolve_shape(snapshot.edition, snapshot.duties, geometry, at=instant, options=services.options)
            return shown_shape(answer, access, snapshot)

        return json_reply(await turns.compute(work))


def _in_wgs84(geometry: BaseGeometry, datum: str) -> BaseGeometry:
    x, y = shapely.get_coordinates(geometry).T
    lon, lat = to_wgs84(x, y, datum)
    wrong = np.flatnonzero(np.isnan(lon) | np.isnan(lat))
    if len(wrong):
        reason = reasons(x[wrong[:1]], y[wrong[:1]], datum)[0]
        raise InvalidLocation(f"Vertex {int(wrong[0]) + 1} is no place on earth: {reason}")
    converted: BaseGeometry = shapely.set_coordinates(geometry, np.column_stack([lon, lat]))
    return converted
