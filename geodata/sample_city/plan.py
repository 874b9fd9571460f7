"""The street plan under construction: curved lines, the vertices on them, and quads whose sides are pieces of lines.

Every vertex is made once and named by number, so that all who meet there share the same doubles. Plan coordinates
are metres, x east and y north; `warp` bends them later. A line runs from t = 0 to t = 1.
"""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class LineKind(IntEnum):
    """What made a line; streets are chosen by it later."""

    AVENUE = 0
    QUARTER_CUT = 1
    BLOCK_CUT = 2


@dataclass
class Lines:
    """Parallel arrays. `bow` and `wave` are sideways swings (half and full sine) as shares of the line's length.

    `depth` is 0 for the first cut of a quarter or block, `tag` the tag of the quad that was cut.
    """

    start: Ints
    end: Ints
    bow: Floats
    wave: Floats
    kind: Ints
    depth: Ints
    tag: Ints

    def __len__(self) -> int:
        return len(self.start)


@dataclass
class Plan:
    """Grows only. `marks` are (line, t, vertex) for every vertex on a line, both ends included."""

    xy: Floats = field(default_factory=lambda: np.empty((0, 2)))
    lines: Lines = field(
        default_factory=lambda: Lines(*(np.empty(0, d) for d in (int, int, float, float, int, int, int)))
    )
    mark_line: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    mark_t: Floats = field(default_factory=lambda: np.empty(0))
    mark_vertex: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def add_vertices(self, xy: Floats) -> Ints:
        """New vertices; their numbers."""
        first = len(self.xy)
        self.xy = np.concatenate([self.xy, xy])
        return np.arange(first, len(self.xy))

    def add_marks(self, line: Ints, t: Floats, vertex: Ints) -> None:
        """Say which vertices lie on which lines, and where."""
        self.mark_line = np.concatenate([self.mark_line, line])
        self.mark_t = np.concatenate([self.mark_t, t])
        self.mark_vertex = np.concatenate([self.mark_vertex, vertex])

    def add_lines(self, new: Lines) -> Ints:
        """New lines with their ends marked; their numbers."""
        ids = np.arange(len(self.lines), len(self.lines) + len(new))
        old = self.lines
        self.lines = Lines(*(np.concatenate([getattr(old, n), getattr(new, n)]) for n in Lines.__dataclass_fields__))
        both = np.concatenate([ids, ids])
        t = np.repeat([0.0, 1.0], len(new))
        self.add_marks(both, t, np.concatenate([new.start, new.end]))
        return ids

    def points(self, line: Ints, t: Floats) -> Floats:
        """Where the lines are at t."""
        start, end = self.xy[self.lines.start[line]], self.xy[self.lines.end[line]]
        along = end - start
        swing = self.lines.bow[line] * np.sin(np.pi * t) + self.lines.wave[line] * np.sin(2 * np.pi * t)
        sideways = np.stack([-along[..., 1], along[..., 0]], axis=-1)
        points: Floats = start + along * t[..., None] + sideways * swing[..., None]
        return points

    def lengths(self) -> Floats:
        """Straight length of every line in metres."""
        return np.asarray(np.hypot(*(self.xy[self.lines.end] - self.xy[self.lines.start]).T))


@dataclass
class Quads:
    """Faces with four sides, counterclockwise from the south; side i is `line[:, i]` from `t0` to `t1`.

    `count` is how many parts a face is still to become, `depth` how often it was cut, `tag` whose part it is,
    `stretch` how much wider than high its parts shall be.
    """

    line: Ints
    t0: Floats
    t1: Floats
    count: Ints
    depth: Ints
    tag: Ints
    stretch: Floats

    def __len__(self) -> int:
        return len(self.count)

    def take(self, index: Ints | Bools) -> "Quads":
        """Some of them."""
        return Quads(*(getattr(self, name)[index] for name in self.__dataclass_fields__))

    @staticmethod
    def join(parts: list["Quads"]) -> "Quads":
        """All of several."""
        return Quads(*(np.concatenate([getattr(p, n) for p in parts]) for n in Quads.__dataclass_fields__))

    def corners(self, plan: Plan) -> Floats:
        """(n, 4, 2) corner points."""
        return plan.points(self.line, self.t0)
