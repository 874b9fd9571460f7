"""From the finished plan to a mesh: one shared vertex list, cell rings, and who lies on either side of each edge."""

from dataclasses import dataclass

import numpy as np

from geodata.sample_city.plan import Bools, Floats, Ints, LineKind, Plan, Quads

NEAR_M = 9.0
"""Junctions on the two sides of a street that are closer than this become one crossing."""


@dataclass(frozen=True)
class Mesh:
    """`ring` holds the vertices of cell i, counterclockwise and not closed, in `offsets[i]:offsets[i + 1]`.

    `line_vertices` are the vertices along line i, in `line_offsets[i]:line_offsets[i + 1]`.
    """

    xy: Floats
    ring: Ints
    offsets: Ints
    line_vertices: Ints
    line_offsets: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def owner(self) -> Ints:
        """Cell of each entry of `ring`."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def line(self, number: int) -> Ints:
        """Vertices along one line."""
        return self.line_vertices[self.line_offsets[number] : self.line_offsets[number + 1]]


def build_mesh(plan: Plan, quads: Quads) -> Mesh:
    """Join near junctions, round the curves with further vertices, and read the rings off the lines."""
    _round_curves(plan)
    order = np.lexsort((plan.mark_t, plan.mark_line))
    line, t, vertex = plan.mark_line[order], plan.mark_t[order], plan.mark_vertex[order]
    alias = _join_near(plan, line, t, vertex)
    vertex = alias[vertex]
    ring, offsets = _rings(quads, line * 2.0 + t, vertex)
    fresh = np.concatenate([[True], (vertex[1:] != vertex[:-1]) | (line[1:] != line[:-1])])
    counts = np.bincount(line[fresh], minlength=len(plan.lines))
    return Mesh(plan.xy, ring, offsets, vertex[fresh], np.concatenate([[0], np.cumsum(counts)]))


def _round_curves(plan: Plan) -> None:
    """Vertices between marks that lie far apart, so that bent lines are drawn bent."""
    order = np.lexsort((plan.mark_t, plan.mark_line))
    line, t = plan.mark_line[order], plan.mark_t[order]
    same = line[1:] == line[:-1]
    gap = (t[1:] - t[:-1]) * plan.lengths()[line[:-1]]
    spacing = np.where(plan.lines.kind[line[:-1]] == int(LineKind.BLOCK_CUT), 75.0, 45.0)
    extra = np.where(same, np.maximum(np.floor(gap / spacing - 0.4), 0), 0).astype(np.int64)
    at = np.repeat(np.arange(len(extra)), extra)
    step = np.arange(len(at)) - np.repeat(np.cumsum(extra) - extra, extra) + 1
    new_t = t[:-1][at] + (t[1:] - t[:-1])[at] * step / (extra[at] + 1)
    plan.add_marks(line[:-1][at], new_t, plan.add_vertices(plan.points(line[:-1][at], new_t)))


def _join_near(plan: Plan, line: Ints, t: Floats, vertex: Ints) -> Ints:
    """Which vertex stands for each: of two near each other on a line, the first."""
    gap = (t[1:] - t[:-1]) * plan.lengths()[line[:-1]]
    near = (line[1:] == line[:-1]) & (gap < NEAR_M)
    near[1:] &= ~near[:-1]
    alias = np.arange(len(plan.xy))
    alias[vertex[1:][near]] = vertex[:-1][near]
    return alias


def _rings(quads: Quads, keys: Floats, vertex: Ints) -> tuple[Ints, Ints]:
    """Walk the four sides of each quad over the sorted marks; a side leaves its last vertex to the next side."""
    first = np.searchsorted(keys, (quads.line * 2.0 + quads.t0).ravel())
    last = np.searchsorted(keys, (quads.line * 2.0 + quads.t1).ravel())
    counts = np.abs(last - first)
    step = np.repeat(np.sign(last - first), counts)
    position = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    ring = vertex[np.repeat(first, counts) + step * position]
    owner = np.repeat(np.arange(len(quads)), counts.reshape(-1, 4).sum(axis=1))
    keep = _not_repeated(ring, owner)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owner[keep], minlength=len(quads)))])
    return ring[keep], offsets


def _not_repeated(ring: Ints, owner: Ints) -> Bools:
    """False where an entry equals the next one of its ring (joined junctions)."""
    ends = np.concatenate([np.flatnonzero(owner[1:] != owner[:-1]), [len(owner) - 1]])
    starts = np.concatenate([[0], ends[:-1] + 1])
    following = np.append(ring[1:], 0)
    following[ends] = ring[starts]
    fresh: Bools = ring != following
    return fresh
