"""Vector tiles of editions, read from archives that were cut once. Memory-mapped, async, without the database."""

import gzip
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.access.allowing import RIGHT_OF_LAYER, CallerOf, opening_of, services_of
from api.bootstrap import Services
from api.routes.editions import find_edition
from api.routes.replies import find_unchanged, json_reply
from api.schemas.openapi import SAME, answers, problems
from api.tiles.keeping import TileKeeper
from geodata.tiles.archive import Archive
from geodata.tiles.files import FORMAT, TILE_LAYERS
from gridsvc.accounts.rights import check_right
from gridsvc.errors import NotFound
from gridsvc.model.accounts import Action, Caller
from gridsvc.model.edition import Edition
from gridsvc.model.territory import Layer

MVT = "application/vnd.mapbox-vector-tile"
RIGHT_OF = {name: RIGHT_OF_LAYER[Layer(name)] for name in TILE_LAYERS}
LayerName = Literal["areas", "cells", "segments", "components", "places"]
Zoom = Annotated[int, Path(description="Zoom level.", examples=[14])]
Column = Annotated[int, Path(description="Tiles from the west.", examples=[13490])]
Row = Annotated[int, Path(description="Tiles from the north.", examples=[6208])]
Number = Annotated[int, Path(description="Number of the edition.", ge=1, le=999_999_999)]
_DONE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The tile, gzipped.", "content": {MVT: {"schema": {"type": "string", "format": "binary"}}}},
    204: {"description": "Nothing is drawn there."},
}
_TROUBLES = problems(401, 403, 404, 422, 503)
router = APIRouter(prefix="/tiles", tags=["tiles"])


@router.get(
    "/{layer}.json", summary="TileJSON of a layer", responses=answers("TileJSON", "TileJSON 3.0.") | SAME | _TROUBLES
)
async def describe_layer(layer: LayerName, request: Request, caller: CallerOf) -> Response:
    """Where the tiles of the edition in force are, at which zooms and what they hold; its addresses never change."""
    edition, archive = _open(request, caller, layer, "current")
    headers = {"ETag": _etag(edition), "Cache-Control": "no-cache", "Vary": "Host, Authorization, Cookie"}
    if unchanged := find_unchanged(request, _etag(edition), headers):
        return unchanged
    told = archive.told
    document = {
        "tilejson": "3.0.0",
        "name": layer,
        "version": f"{edition.number}.0.0",
        "tiles": [f"{request.base_url}tiles/e{edition.number}/{layer}/{{z}}/{{x}}/{{y}}.mvt"],
        "vector_layers": told["vector_layers"],
        "minzoom": told["minzoom"],
        "maxzoom": told["maxzoom"],
        "bounds": archive.bounds(),
        "edition": edition.number,
    }
    return json_reply(document, headers=headers)


@router.get(
    "/e{number}/{layer}/{z}/{x}/{y}.mvt",
    summary="A tile of an edition, for ever",
    response_class=Response,
    responses=_DONE | _TROUBLES,
)
async def get_tile(
    number: Number, layer: LayerName, z: Zoom, x: Column, y: Row, request: Request, caller: CallerOf
) -> Response:
    """Published editions never change, so neither does their tile: keep it."""
    _, archive = _open(request, caller, layer, str(number))
    far = "public" if _is_public(services_of(request), layer) else "private"
    headers = {"Cache-Control": f"{far}, max-age=31536000, immutable"}
    return _tile(request, archive, (z, x, y), headers)


@router.get(
    "/{layer}/{z}/{x}/{y}.mvt",
    summary="A tile of the edition in force",
    response_class=Response,
    responses=_DONE | SAME | _TROUBLES,
)
async def get_current_tile(
    layer: LayerName, z: Zoom, x: Column, y: Row, request: Request, caller: CallerOf
) -> Response:
    """For programs that keep one address; ask again with its ETag."""
    edition, archive = _open(request, caller, layer, "current")
    headers = {"ETag": _etag(edition), "Cache-Control": "no-cache"}
    return find_unchanged(request, _etag(edition), headers) or _tile(request, archive, (z, x, y), headers)


def _open(request: Request, caller: Caller, layer: str, number: str) -> tuple[Edition, Archive]:
    """The edition and the layer's archive, for who may see the layer."""
    services = services_of(request)
    check_right(caller, RIGHT_OF[layer], opening_of(services))
    edition = find_edition(services, number)
    keeper: TileKeeper = request.app.state.tiles
    return edition, keeper.find(edition, layer)


def _is_public(services: Services, layer: str) -> bool:
    return services.settings.public_read and RIGHT_OF[layer] is Action.READ_LAYERS


def _etag(edition: Edition) -> str:
    return f'W/"{FORMAT}-e{edition.number}-{edition.digest[:16]}"'


def _tile(request: Request, archive: Archive, address: tuple[int, int, int], headers: dict[str, str]) -> Response:
    told = archive.told
    if not told["minzoom"] <= address[0] <= told["maxzoom"]:
        raise NotFound(f"This layer has tiles of zoom {told['minzoom']} to {told['maxzoom']}.")
    tile = archive.find(*address)
    headers = {**headers, "Vary": "Accept-Encoding, Authorization, Cookie"}
    if tile is None:
        return Response(status_code=204, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        tile = gzip.decompress(tile)
    return Response(tile, 200, headers, MVT)
