"""The coarse frame of the city: avenues that cross it whole, with a river between two of them."""

from dataclasses import dataclass

import numpy as np

from geodata.sample_city.plan import Floats, Ints, LineKind, Lines, Plan, Quads

QUARTER_HA = 121.0
RIVER_WIDTH_M = 58.0


@dataclass(frozen=True)
class Lattice:
    """`quads` row by row from the south-west; `across` and `along` are the avenues' pieces by number.

    across[r, c]: piece of the west-east avenue r in column c; along[r, c]: piece of the south-north avenue c in row r.
    """

    quads: Quads
    across: Ints
    along: Ints
    river_column: int
    width_m: float
    height_m: float
    river_x: float


def build_lattice(plan: Plan, hectares: float, rng: np.random.Generator) -> Lattice:
    """Avenues about 1.1 km apart, never quite the same distance, around a city of that area."""
    quarters = hectares / QUARTER_HA
    columns = max(2, round(float(np.sqrt(quarters * 1.25))))
    rows = max(1, round(quarters / columns))
    side = float(np.sqrt(hectares * 1e4 / (columns * rows)))
    river = min(columns - 1, round(columns * 0.62))
    widths = side * rng.uniform(0.82, 1.18, columns)
    widths *= side * columns / widths.sum()
    heights = side * rng.uniform(0.82, 1.18, rows)
    heights *= side * rows / heights.sum()
    x = np.concatenate([[0.0], np.cumsum(np.insert(widths, river, min(RIVER_WIDTH_M, side / 6)))]) - widths.sum() / 2
    y = np.concatenate([[0.0], np.cumsum(heights)]) - heights.sum() / 2
    nodes = _nodes(x, y, river, side, rng)
    ids = plan.add_vertices(nodes.reshape(-1, 2)).reshape(nodes.shape[:2])
    across = _pieces(plan, ids[:, :-1], ids[:, 1:], rng)
    along = _pieces(plan, ids[:-1, :], ids[1:, :], rng)
    for bend in (plan.lines.bow, plan.lines.wave):
        bend[along[:, river + 1]] = bend[along[:, river]]
    return Lattice(
        _quads(across, along), across, along, river, float(widths.sum()), float(heights.sum()), float(x[river])
    )


def _nodes(x: Floats, y: Floats, river: int, side: float, rng: np.random.Generator) -> Floats:
    """Crossings, shaken a little inside the city; both banks of the river move together."""
    nodes = np.stack(np.meshgrid(x, y), axis=-1)
    shake = rng.uniform(-0.045, 0.045, nodes.shape) * side
    shake[:, river + 1] = shake[:, river]
    shaken: Floats = nodes + shake
    return shaken


def _pieces(plan: Plan, start: Ints, end: Ints, rng: np.random.Generator) -> Ints:
    n = start.size
    zeros = np.zeros(n, np.int64)
    lines = Lines(
        start.ravel(),
        end.ravel(),
        rng.uniform(-0.025, 0.025, n),
        rng.uniform(-0.012, 0.012, n),
        np.full(n, int(LineKind.AVENUE)),
        zeros,
        zeros - 1,
    )
    return plan.add_lines(lines).reshape(start.shape)


def _quads(across: Ints, along: Ints) -> Quads:
    """One quad between each two avenues and the next two."""
    south, north = across[:-1].ravel(), across[1:].ravel()
    west, east = along[:, :-1].ravel(), along[:, 1:].ravel()
    n = len(south)
    return Quads(
        line=np.stack([south, east, north, west], axis=1),
        t0=np.tile([0.0, 0.0, 1.0, 1.0], (n, 1)),
        t1=np.tile([1.0, 1.0, 0.0, 0.0], (n, 1)),
        count=np.ones(n, np.int64),
        depth=np.zeros(n, np.int64),
        tag=np.arange(n),
        stretch=np.ones(n),
    )
