"""Tiles of a small city, read back by an independent library."""

import gzip
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely

from geodata.tiles.archive import Archive
from geodata.tiles.files import archive_path
from geodata.tiles.grid import EXTENT, to_world, units_across
from geodata.tiles.writing import cut_tiles
from gridsvc.model.territory import Territory


def cut(territory: Territory, folder: Path) -> Path:
    """The folder of a territory's tiles."""
    cut_tiles(territory, "d", folder, lambda done, total: None)
    return folder


def open_layer(folder: Path, layer: str) -> Archive:
    return Archive(archive_path(folder, "d", layer))


def features(
    archive: Archive, name: str, zoom: int, box: tuple[float, float, float, float]
) -> list[tuple[Any, Any, Any]]:
    """(properties, shape in units of the zoom, tile) of every feature of every tile that meets a box of degrees."""
    corners = to_world(np.array([[box[0], box[3]], [box[2], box[1]]])) * (1 << zoom)
    (west, north), (east, south) = np.floor(corners).astype(int).tolist()
    found = []
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            data = archive.find(zoom, x, y)
            if data is None:
                continue
            tile = mapbox_vector_tile.decode(gzip.decompress(data), default_options={"y_coord_down": True})
            for feature in tile.get(name, {}).get("features", []):
                shape = shapely.geometry.shape(feature["geometry"])
                moved = shapely.get_coordinates(shape) + np.array([x * EXTENT, y * EXTENT])
                found.append((feature["properties"], shapely.set_coordinates(shape, moved), (x, y)))
    return found


def in_units(geometry: shapely.Geometry, zoom: int) -> shapely.Geometry:
    """A shape of degrees in units of a zoom."""
    return shapely.transform(geometry, lambda lonlat: to_world(lonlat) * units_across(zoom))
