"""A layer cut into tiles, zoom by zoom and many features at a time."""

import gzip
from collections.abc import Iterator

import numpy as np
import shapely

from geodata.tiles.geometry_commands import POINT, encode_shapes
from geodata.tiles.grid import EXTENT, Shapes, tiles_met
from geodata.tiles.layers import Sheet, TileLayer
from geodata.tiles.messages import LayerMessage, Tags, tile_bytes
from geodata.tiles.simplify import simplified
from gridsvc.datum.arrays import IntArray

BUFFER = 96
"""Units beyond a tile's border that are kept, so that lines drawn there show in both tiles: six pixels."""

WHOLE_UP_TO = EXTENT // 2
"""Features no larger than this stay whole in every tile that they meet: no border of theirs is ever cut."""

LEVEL = 6
Address = tuple[int, int, int]


def cut_zoom(layer: TileLayer, zoom: int) -> Iterator[tuple[Address, bytes]]:
    """((zoom, x, y), gzipped tile) of every tile of one zoom that is not empty."""
    tiles: dict[tuple[int, int], dict[str, LayerMessage]] = {}
    for sheet in layer.sheets:
        if zoom < sheet.first or not sheet.tags:
            continue
        for tile, tags, geometry in _placed(sheet, zoom, layer.last):
            messages = tiles.setdefault(tile, {})
            if sheet.name not in messages:
                messages[sheet.name] = LayerMessage(sheet.name, sheet.keys, sheet.kind)
            messages[sheet.name].add(tags, geometry)
    for (x, y), messages in tiles.items():
        yield (zoom, x, y), gzip.compress(tile_bytes(messages.values()), LEVEL, mtime=0)


def _placed(sheet: Sheet, zoom: int, deepest: int) -> Iterator[tuple[tuple[int, int], Tags, bytes]]:
    """What each tile shows of each feature."""
    shapes = simplified(sheet, zoom, deepest)
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    bounds = shapely.bounds(shapes[there])
    row, x, y = tiles_met(bounds, 0 if sheet.kind == POINT else BUFFER, zoom)
    pieces = shapes[there][row]
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    pieces = _clipped(pieces, size[row] > WHOLE_UP_TO, x, y)
    fields = encode_shapes(pieces, x * EXTENT, y * EXTENT, sheet.kind)
    features = there[row].tolist()
    for feature, tile_x, tile_y, geometry in zip(features, x.tolist(), y.tolist(), fields, strict=True):
        if geometry:
            yield (tile_x, tile_y), sheet.tags[feature], geometry


def _clipped(pieces: Shapes, large: np.ndarray, x: IntArray, y: IntArray) -> Shapes:
    """Large features are cut along their tile's border; one that the tile lies wholly in becomes its square."""
    at = np.flatnonzero(large)
    if len(at) == 0:
        return pieces
    west, north = x[at] * EXTENT - BUFFER, y[at] * EXTENT - BUFFER
    squares = shapely.box(west, north, west + EXTENT + 2 * BUFFER, north + EXTENT + 2 * BUFFER)
    shapely.prepare(pieces[at])
    meets = shapely.intersects(pieces[at], squares)
    filled = meets & (shapely.get_dimensions(pieces[at]) == 2)
    filled[filled] = shapely.contains_properly(pieces[at[filled]], squares[filled])
    cut = meets & ~filled
    pieces[at[~meets]] = None
    pieces[at[filled]] = squares[filled]
    pieces[at[cut]] = shapely.intersection(pieces[at[cut]], squares[cut])
    return pieces
