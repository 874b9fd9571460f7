"""The ground of the city: cuts quarters into blocks and blocks into cells, with a river, a park and an old quarter."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from geodata.sample_city.cutting import Manner, cut_all
from geodata.sample_city.lattice import Lattice, build_lattice
from geodata.sample_city.mesh import Mesh, build_mesh
from geodata.sample_city.plan import Bools, Floats, Ints, LineKind, Plan, Quads
from geodata.sample_city.warp import Warp, draw_warp

CELLS_PER_BLOCK = 10
QUARTER_MANNER = Manner(LineKind.QUARTER_CUT, jitter=0.07, slant=0.07, bow=0.035)
BLOCK_MANNER = Manner(LineKind.BLOCK_CUT, jitter=0.06, slant=0.035, bow=0.016)
RIVER_CELL_M = 190.0


class Ground(IntEnum):
    """What a quarter or block is."""

    NEW = 0
    OLD = 1
    OUTER = 2
    PARK = 3
    RIVER = 4


DENSITY = {Ground.NEW: 1.0, Ground.OLD: 1.12, Ground.OUTER: 0.86, Ground.PARK: 0.5, Ground.RIVER: 1.0}


@dataclass(frozen=True)
class Tract:
    """Cells by number, before they have names: `block` and `quarter` of each cell, `ground` of each block.

    `metres` are the bent plan coordinates of the mesh's vertices.
    """

    plan: Plan
    lattice: Lattice
    warp: Warp
    blocks: Quads
    mesh: Mesh
    metres: Floats
    block: Ints
    quarter_of_block: Ints
    ground: Ints
    quarter_ground: Ints


def build_tract(cells: int, rng: np.random.Generator) -> Tract:
    """Exactly that many cells, about 1 ha each."""
    plan = Plan()
    lattice = build_lattice(plan, cells * 1.19, rng)
    warp = draw_warp(lattice.width_m, lattice.height_m, lattice.river_x, rng)
    quarter_ground = _quarter_ground(lattice, rng)
    quarters = lattice.quads
    areas = _areas(plan, warp, quarters)
    river = quarter_ground == Ground.RIVER
    share = areas / areas.sum() * cells / CELLS_PER_BLOCK
    quarters.count = np.where(river, 1, np.maximum(np.round(share), 1)).astype(np.int64)
    quarters.stretch = np.where(quarter_ground == Ground.OLD, 1.9, 1.0)
    blocks = cut_all(plan, quarters, QUARTER_MANNER, rng)
    banks = np.abs(quarters.tag % lattice.across.shape[1] - lattice.river_column) <= 1
    blocks = blocks.take(_inside_outline(warp.metres(blocks.corners(plan).mean(axis=1)), banks[blocks.tag], rng))
    ground = _block_ground(quarter_ground, blocks.tag, warp.metres(blocks.corners(plan).mean(axis=1)), lattice)
    quarter_of_block = blocks.tag
    blocks.count = _cells_per_block(_areas(plan, warp, blocks), ground, cells, _lengths(plan, blocks))
    blocks.stretch = np.where(ground == Ground.OLD, 2.3, 1.0)
    blocks.tag = np.arange(len(blocks))
    blocks.depth = np.zeros(len(blocks), np.int64)
    faces = cut_all(plan, blocks, BLOCK_MANNER, rng)
    mesh = build_mesh(plan, faces)
    return Tract(
        plan=plan,
        lattice=lattice,
        warp=warp,
        blocks=blocks,
        mesh=mesh,
        metres=warp.metres(mesh.xy),
        block=faces.tag,
        quarter_of_block=quarter_of_block,
        ground=ground,
        quarter_ground=quarter_ground,
    )


def _inside_outline(centre: Floats, banks: Bools, rng: np.random.Generator) -> Bools:
    """A city does not end in corners: blocks far out are left to the countryside, but for those along the river."""
    off = np.abs(centre - (centre.max(axis=0) + centre.min(axis=0)) / 2) / (np.ptp(centre, axis=0) / 2)
    angle = np.arctan2(*(centre - centre.mean(axis=0)).T)
    limit = 1.08 + 0.1 * np.sin(3 * angle + rng.uniform(0, 2 * np.pi))
    inside: Bools = ((off**3).sum(axis=1) < limit) | banks
    return inside


def _areas(plan: Plan, warp: Warp, quads: Quads) -> Floats:
    """Areas in m² between the bent corners, the bends of the sides left out."""
    x, y = np.moveaxis(warp.metres(quads.corners(plan)), -1, 0)
    doubled: Floats = np.abs((x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y).sum(axis=1))
    return doubled / 2


def _lengths(plan: Plan, quads: Quads) -> Floats:
    """South-north extent in metres."""
    corner = quads.corners(plan)
    return np.asarray(np.hypot(*(corner[:, 2] - corner[:, 1]).T))


def _quarter_ground(lattice: Lattice, rng: np.random.Generator) -> Ints:
    """Old around the middle, outer at the rim, here and there an old village in a large city."""
    rows, columns = lattice.across.shape[0] - 1, lattice.across.shape[1]
    row, column = np.divmod(np.arange(rows * columns), columns)
    off = np.maximum(np.abs(row - (rows - 1) / 2) / max(rows, 2), np.abs(column - (columns - 1.8) / 2) / columns)
    ground = np.where(off <= 0.285, Ground.OLD, Ground.NEW)
    ground = np.where((off > 0.4) & (rng.random(len(off)) < 0.5), Ground.OUTER, ground)
    near = np.argsort(off, kind="stable")[:24]
    keep = np.isin(np.arange(len(off)), near) | (rng.random(len(off)) < 0.06)
    ground = np.where((ground == Ground.OLD) & ~keep, Ground.NEW, ground)
    ground[column == lattice.river_column] = Ground.RIVER
    return ground.astype(np.int64)


def _block_ground(quarter_ground: Ints, quarter: Ints, centre: Floats, lattice: Lattice) -> Ints:
    """The ground of each block's quarter, with one park of a few blocks north-east of the middle."""
    ground = quarter_ground[quarter]
    place = np.array([lattice.width_m * 0.1, lattice.height_m * 0.22])
    away = np.hypot(*(centre - place).T) + np.where(ground == Ground.RIVER, np.inf, 0.0)
    away[quarter != quarter[np.argmin(away)]] = np.inf
    ground[np.argsort(away, kind="stable")[: min(3, len(ground) // 12)]] = Ground.PARK
    return ground


def _cells_per_block(areas: Floats, ground: Ints, cells: int, lengths: Floats) -> Ints:
    """Whole numbers in proportion to area and density that sum to the wanted number of cells."""
    river = ground == Ground.RIVER
    count = np.where(river, np.maximum(np.round(lengths / RIVER_CELL_M), 1), 0).astype(np.int64)
    density = np.array([DENSITY[kind] for kind in Ground])[ground]
    share = np.where(river, 0.0, areas * density)
    share *= (cells - count.sum()) / share.sum()
    whole = np.where(river, 0, np.maximum(np.floor(share), 1)).astype(np.int64)
    missing = cells - int(count.sum() + whole.sum())
    order = np.argsort(np.where(river, np.inf, whole - share), kind="stable")
    if missing >= 0:
        whole[order[:missing]] += 1
    else:
        whole[[b for b in order[::-1] if whole[b] > 1][:-missing]] -= 1
    return count + whole
