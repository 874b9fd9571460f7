"""Cell borders seen as ways: for each piece of a line its ends, its length and the subdistricts on its two sides."""

from dataclasses import dataclass

import numpy as np

from geodata.sample_city.hierarchy import Hierarchy
from geodata.sample_city.plan import Bools, Floats, Ints, LineKind
from geodata.sample_city.tract import Ground, Tract

SHORTEST_M, LONGEST_M = 200.0, 1400.0


@dataclass(frozen=True)
class Network:
    """Arrays by step, the way from one vertex of a line to the next; `left` and `right` are subdistricts or -1.

    `park` is true where a park or the river lies on both sides.
    """

    start: Ints
    end: Ints
    length_m: Floats
    left: Ints
    right: Ints
    junction: Bools
    park: Bools

    def walked(self, steps: Ints) -> float:
        """Length of a walk in metres."""
        return float(self.length_m[steps].sum())

    def vertices(self, steps: Ints) -> Ints:
        """The vertices along a walk."""
        return np.append(self.start[steps], self.end[steps[-1]])


def build_network(tract: Tract, hierarchy: Hierarchy) -> Network:
    """Every step of every line; junctions are where avenues cross and where cuts of quarters begin or end."""
    mesh = tract.mesh
    start, end = mesh.line_vertices, np.append(mesh.line_vertices[1:], 0)
    length = np.hypot(*(tract.metres[end] - tract.metres[start]).T)
    subdistrict = np.append(hierarchy.subdistrict[hierarchy.community], -1)
    left_cell, right_cell = hierarchy.edges.left_of(start, end), hierarchy.edges.left_of(end, start)
    open_ground = np.append(np.isin(tract.ground[tract.block], (Ground.PARK, Ground.RIVER)), False)
    junction = np.zeros(len(mesh.xy), bool)
    main = np.flatnonzero(tract.plan.lines.kind != int(LineKind.BLOCK_CUT))
    junction[mesh.line_vertices[mesh.line_offsets[main]]] = True
    junction[mesh.line_vertices[mesh.line_offsets[main + 1] - 1]] = True
    return Network(
        start=start,
        end=end,
        length_m=length,
        left=subdistrict[left_cell],
        right=subdistrict[right_cell],
        junction=junction,
        park=open_ground[left_cell] & open_ground[right_cell],
    )


def steps_of(tract: Tract, line: int) -> Ints:
    """The steps along one line."""
    offsets = tract.mesh.line_offsets
    return np.arange(offsets[line], offsets[line + 1] - 1)


def walks_inside(network: Network, steps: Ints) -> list[Ints]:
    """The stretches of a walk that touch the city."""
    inside = (network.left[steps] >= 0) | (network.right[steps] >= 0)
    if inside.all():
        return [steps]
    cuts = np.flatnonzero(np.diff(inside)) + 1
    parts = np.split(steps, cuts)
    return [part for part in parts if len(part) and (network.left[part[0]] >= 0 or network.right[part[0]] >= 0)]


def split_walk(network: Network, steps: Ints, target_m: float) -> list[Ints]:
    """Sections of 200 to 1,400 m, ending at junctions where one lies near the wanted length; [] if too short."""
    after = np.cumsum(network.length_m[steps])
    total = float(after[-1])
    if total < SHORTEST_M:
        return []
    if total <= max(1.45 * target_m, 2 * SHORTEST_M):
        return [steps]
    cost = np.abs(after - target_m) + np.where(network.junction[network.end[steps]], 0.0, 400.0)
    cost[(after < SHORTEST_M) | (total - after < SHORTEST_M)] = np.inf
    at = int(np.argmin(cost)) + 1
    if not np.isfinite(cost[at - 1]):
        return [steps]
    return [steps[:at], *split_walk(network, steps[at:], target_m)]
