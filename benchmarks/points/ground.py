"""The ground that is asked about: jittered cells of 21 vertices, a street network, and places in two orders."""

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

WEST, SOUTH, STEP_DEG = 116.0, 39.6, 0.001
PIECES = 5
"""Straight pieces of each side of a cell."""


def make_cells(count: int) -> Shapes:
    """At least so many cells on a jittered lattice, without gap or overlap, made as arrays."""
    rows = round(count**0.5)
    columns = -(-count // rows)
    rng = np.random.default_rng(2026)
    x = WEST + np.arange(columns + 1) * STEP_DEG
    y = SOUTH + np.arange(rows + 1) * STEP_DEG
    nodes = np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1)
    nodes = nodes + rng.uniform(-0.15, 0.15, nodes.shape) * STEP_DEG
    across, up = _sides(rng, nodes[:, :-1], nodes[:, 1:]), _sides(rng, nodes[:-1], nodes[1:])
    rings = np.concatenate(
        [
            across[:-1, :, :-1],
            up[:, 1:, :-1],
            across[1:, :, :0:-1],
            up[:, :-1, ::-1],
        ],
        axis=2,
    )
    cells: Shapes = shapely.polygons(rings.reshape(-1, rings.shape[2], 2))
    return cells


def _sides(rng: np.random.Generator, start: Floats, end: Floats) -> Floats:
    """Every side with its ends and the jittered vertices between them."""
    share = np.linspace(0.0, 1.0, PIECES + 1)[:, None]
    sides = start[..., None, :] + share * (end - start)[..., None, :]
    sides[..., 1:-1, :] += rng.uniform(-0.03, 0.03, sides[..., 1:-1, :].shape) * STEP_DEG
    # the last vertex is the next side's first, to the bit
    sides[..., -1, :] = end
    return sides


def make_streets(count: int) -> Shapes:
    """At least so many centre lines of about 100 m between the crossings of a jittered net, in degrees."""
    size = int(np.ceil((count / 2) ** 0.5))
    rng = np.random.default_rng(7)
    at = np.arange(size + 1) * STEP_DEG
    nodes = np.stack(np.broadcast_arrays(WEST + at[None, :], SOUTH + at[:, None]), axis=-1)
    nodes = nodes + rng.uniform(-0.2, 0.2, nodes.shape) * STEP_DEG
    across, up = _sides(rng, nodes[:-1, :-1], nodes[:-1, 1:]), _sides(rng, nodes[:-1, :-1], nodes[1:, :-1])
    lines: Shapes = shapely.linestrings(np.concatenate([across, up]).reshape(-1, PIECES + 1, 2))
    return lines


def make_places(bounds: Floats, count: int, order: str) -> tuple[Floats, Floats]:
    """Longitudes and latitudes all over the ground, in random order or from row to row of half a cell."""
    rng = np.random.default_rng(11)
    lon, lat = (rng.uniform(bounds[axis], bounds[axis + 2], count) for axis in (0, 1))
    if order == "random":
        return lon, lat
    row = ((lat - bounds[1]) / (STEP_DEG / 2)).astype(np.int32)
    local = np.lexsort((lon, row))
    return lon[local], lat[local]
