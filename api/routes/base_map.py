"""What the pages' maps are made of: the base map, its tiles where they are served here, and the layers."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, MayReadLayers
from api.routes.editions import find_edition
from api.routes.replies import json_reply
from api.routes.tiles import RIGHT_OF, Column, Row, Zoom
from api.schemas.openapi import Responses, answers, problems
from api.tiles.base_maps import BaseMap
from api.tiles.keeping import RETRY_AFTER_S, TileKeeper
from gridsvc.errors import NoEdition, NotFound, NotReady
from gridsvc.model.edition import Edition

router = APIRouter(tags=["map"])
_PICTURE: Responses = {
    200: {"description": "A picture.", "content": {name: {} for name in ("image/png", "image/jpeg", "image/webp")}},
    204: {"description": "None there."},
}


Number = Annotated[
    int | None, Query(ge=1, le=999_999_999, description="Of this edition; the one in force if not said.")
]


@router.get(
    "/api/v1/map", summary="What maps are made of", responses=answers("Map", "It.") | problems(401, 403, 404, 422)
)
async def describe_map(request: Request, access: MayReadLayers, edition: Number = None) -> Response:
    """The base map with the datum that it is drawn in, the review number, and the layers that the caller may see.

    `ready` tells whether the edition's tiles are cut; until then layers lack `minzoom`, `maxzoom` and `bounds`, and
    `Retry-After` says when to ask again.
    """
    base: BaseMap | None = request.app.state.base_map
    drawn = _find_drawn(access, edition)
    layers = [_layer_document(request, layer, drawn) for layer, action in RIGHT_OF.items() if access.may(action)]
    is_ready = drawn is not None and all("bounds" in layer for layer in layers)
    document = {
        "base": None if base is None else _base_document(request, base),
        "review_number": access.services.settings.map_review_number,
        "edition": None if drawn is None else drawn.number,
        "roster": access.services.serving.state().roster_revision,
        "ready": is_ready,
        "layers": layers,
    }
    return json_reply(document, headers={} if is_ready else {"Retry-After": str(RETRY_AFTER_S)})


def _find_drawn(access: Access, number: int | None) -> Edition | None:
    """The edition that is drawn; None while there is none yet. Raises NotFound for a number that there is not."""
    try:
        return find_edition(access.services, "current" if number is None else str(number))
    except (NoEdition, NotReady):
        return None


def _base_document(request: Request, base: BaseMap) -> dict[str, object]:
    least, greatest = base.zooms
    return {
        "kind": base.kind,
        "url": base.template or f"{request.base_url}base/{{z}}/{{x}}/{{y}}",
        "datum": base.datum,
        "attribution": base.attribution,
        "min_zoom": least,
        "max_zoom": greatest,
    }


def _layer_document(request: Request, layer: str, drawn: Edition | None) -> dict[str, Any]:
    """Named with the address of its TileJSON, and with where its tiles are once they are cut."""
    told: dict[str, Any] = {"name": layer, "tilejson": f"{request.base_url}tiles/{layer}.json"}
    keeper: TileKeeper = request.app.state.tiles
    try:
        archive = None if drawn is None else keeper.find(drawn, layer)
    except NotReady:
        archive = None
    if archive is None:
        return told
    zooms = {name: archive.told[name] for name in ("minzoom", "maxzoom")}
    return {**told, **zooms, "bounds": archive.bounds()}


@router.get(
    "/base/{z}/{x}/{y}",
    summary="A tile of the base map",
    response_class=Response,
    responses=_PICTURE | problems(401, 403, 404, 422),
)
def get_base_tile(z: Zoom, x: Column, y: Row, request: Request, _: MayReadLayers) -> Response:
    """From the folder or archive that is set; 404 where none is set, or where the base map is another host's."""
    base: BaseMap | None = request.app.state.base_map
    if base is None or base.template is not None:
        raise NotFound("No base map is served here.")
    tile, headers = base.find(z, x, y), {"Cache-Control": "private, max-age=86400"}
    if tile is None:
        return Response(status_code=204, headers=headers)
    return Response(tile.data, 200, headers, tile.media_type)
