"""The tile pyramid of web maps: Web Mercator as a square of one, x east and y south, halved at every zoom."""

import numpy as np
import shapely
from numpy.typing import NDArray

from gridsvc.datum.arrays import FloatArray, IntArray

EXTENT = 4096
"""Units across a tile."""

MAX_LATITUDE = 85.0511287798066
Shapes = NDArray[np.object_]


def to_world(lonlat: FloatArray) -> FloatArray:
    """Degrees (lon, lat) to the unit square; latitudes beyond the map lie on its edge."""
    lat = np.radians(np.clip(lonlat[:, 1], -MAX_LATITUDE, MAX_LATITUDE))
    north = np.arcsinh(np.tan(lat)) / (2 * np.pi)
    return np.stack([lonlat[:, 0] / 360 + 0.5, 0.5 - north], axis=1)


def units_across(zoom: int) -> float:
    """Tile units along the side of the whole map."""
    return float(EXTENT << zoom)


def scaled(world: Shapes, zoom: int) -> Shapes:
    """Shapes of the unit square in tile units of a zoom."""
    coordinates = shapely.get_coordinates(world) * units_across(zoom)
    return np.asarray(shapely.set_coordinates(world.copy(), coordinates), dtype=object)


def tiles_met(bounds: FloatArray, buffer: float, zoom: int) -> tuple[IntArray, IntArray, IntArray]:
    """(row, tile x, tile y) of every tile that boxes in tile units come nearer to than `buffer`; row by row."""
    last = (1 << zoom) - 1
    low = np.clip(np.floor((bounds[:, :2] - buffer) / EXTENT), 0, last).astype(np.int64)
    high = np.clip(np.floor((bounds[:, 2:] + buffer) / EXTENT), 0, last).astype(np.int64)
    across = high - low + 1
    count = across[:, 0] * across[:, 1]
    row = np.repeat(np.arange(len(bounds)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, low[row, 0] + within % across[row, 0], low[row, 1] + within // across[row, 0]
