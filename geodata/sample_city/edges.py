"""Which cells share an edge, found by matching every directed edge with its twin."""

from dataclasses import dataclass

import numpy as np

from geodata.sample_city.mesh import Mesh
from geodata.sample_city.plan import Floats, Ints


@dataclass(frozen=True)
class Edges:
    """Directed edges sorted by (start, end); `cell` lies on the left, -1 where none does."""

    start: Ints
    end: Ints
    cell: Ints
    vertices: int

    def left_of(self, start: Ints, end: Ints) -> Ints:
        """Cell on the left of each directed edge, -1 outside the city."""
        keys = self.start * self.vertices + self.end
        wanted = start * self.vertices + end
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, self.cell[at], -1)


def directed_edges(mesh: Mesh) -> Edges:
    """All edges of all rings, with their cells."""
    start = mesh.ring
    end = np.append(start[1:], 0)
    end[mesh.offsets[1:] - 1] = start[mesh.offsets[:-1]]
    owner = mesh.owner
    order = np.argsort(start * len(mesh.xy) + end, kind="stable")
    return Edges(start[order], end[order], owner[order], len(mesh.xy))


def shared_borders(edges: Edges, metres: Floats) -> tuple[Ints, Ints, Floats]:
    """(cell, cell, length) of every edge that two cells share, each edge once."""
    other = edges.left_of(edges.end, edges.start)
    both = (other >= 0) & (edges.start < edges.end)
    length = np.hypot(*(metres[edges.end[both]] - metres[edges.start[both]]).T)
    return edges.cell[both], other[both], length


def contract(pairs: tuple[Ints, Ints, Floats], label: Ints) -> tuple[Ints, Ints, Floats]:
    """Borders between labels: both directions, each pair once, lengths summed."""
    a, b = label[pairs[0]], label[pairs[1]]
    keep = a != b
    a, b, length = a[keep], b[keep], pairs[2][keep]
    a, b, length = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([length, length])
    size = int(label.max()) + 1
    keys, inverse = np.unique(a * size + b, return_inverse=True)
    return keys // size, keys % size, np.bincount(inverse, weights=length).astype(np.float64)
