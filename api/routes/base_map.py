"""What the pages' maps are made of: the base map, its tiles where they are served here, and the layers."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access.allowing import Access, MayReadLayers
from api.routes.replies import json_reply
from api.routes.tiles import RIGHT_OF, Column, Row, Zoom
from api.schemas.openapi import Responses, answers, problems
from api.tiles.base_maps import BaseMap
from gridsvc.errors import NotFound

router = APIRouter(tags=["map"])
_PICTURE: Responses = {
    200: {"description": "A picture.", "content": {name: {} for name in ("image/png", "image/jpeg", "image/webp")}},
    204: {"description": "None there."},
}


@router.get("/api/v1/map", summary="What maps are made of", responses=answers("Map", "It.") | problems(401, 403))
async def describe_map(request: Request, access: MayReadLayers) -> Response:
    """The base map with the datum that it is drawn in, the review number, and the layers that the caller may see."""
    base: BaseMap | None = request.app.state.base_map
    document = {
        "base": None if base is None else _base_document(request, base),
        "review_number": access.services.settings.map_review_number,
        "layers": _layers(request, access),
    }
    return json_reply(document, headers={"Cache-Control": "no-cache", "Vary": "Authorization, Cookie"})


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


def _layers(request: Request, access: Access) -> list[dict[str, str]]:
    """Named with the address of their TileJSON."""
    return [
        {"name": layer, "tilejson": f"{request.base_url}tiles/{layer}.json"}
        for layer, action in RIGHT_OF.items()
        if access.may(action)
    ]


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
