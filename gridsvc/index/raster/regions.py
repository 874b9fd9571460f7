"""Convex regions of squares: cut by lines, and the place in the middle of each."""

from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray, IntArray
from gridsvc.index.geometry.ranges import expand_ranges
from gridsvc.index.layout import STRIP

_ROOM = 3 * STRIP
"""How far the middle of a region has to be from its rim to speak for all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """v = m u + c, or u = m v + c where `steep`; m and c are float32 values, which is what places are held against."""

    m: FloatArray
    c: FloatArray
    steep: BoolArray

    def take(self, rows: IntArray) -> "Lines":
        """Some of them, in that order."""
        return Lines(self.m[rows], self.c[rows], self.steep[rows])

    def above(self, u: FloatArray, v: FloatArray) -> FloatArray:
        """How far above its line each place is, along v, or along u where the line is steep."""
        across, along = np.where(self.steep, u, v), np.where(self.steep, v, u)
        return across - (self.m * along + self.c)


def lines_through(u0: FloatArray, v0: FloatArray, u1: FloatArray, v1: FloatArray) -> Lines:
    """The line of each piece; its ends are nearer to it than half a strip."""
    along_u, along_v = u1 - u0, v1 - v0
    steep = np.abs(along_v) > np.abs(along_u)
    with np.errstate(divide="ignore", invalid="ignore"):
        m = np.where(steep, along_u / along_v, along_v / along_u).astype(np.float32).astype(np.float64)
    middle_u, middle_v = 0.5 * (u0 + u1), 0.5 * (v0 + v1)
    c = np.where(steep, middle_u - m * middle_v, middle_v - m * middle_u)
    return Lines(m, c.astype(np.float32).astype(np.float64), steep)


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Convex polygons: region k has corners offsets[k]:offsets[k + 1], counter-clockwise."""

    u: FloatArray
    v: FloatArray
    offsets: IntArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def take(self, rows: IntArray) -> "Regions":
        """Some of them, in that order."""
        counts = (self.offsets[1:] - self.offsets[:-1])[rows]
        corners = expand_ranges(self.offsets[rows], counts)
        return Regions(self.u[corners], self.v[corners], np.concatenate([[0], np.cumsum(counts)]))

    def _next(self) -> IntArray:
        """For each corner the one after it."""
        following = np.arange(1, len(self.u) + 1)
        has_corners = self.offsets[1:] > self.offsets[:-1]
        following[self.offsets[1:][has_corners] - 1] = self.offsets[:-1][has_corners]
        return following

    def cut(self, lines: Lines) -> "Regions":
        """By one line each; region 2 k is the part of region k above its line, 2 k + 1 the one below."""
        counts = self.offsets[1:] - self.offsets[:-1]
        owner = np.repeat(np.arange(len(self)), counts)
        d = lines.take(owner).above(self.u, self.v)
        after = self._next()
        crosses = ((d > 0) & (d[after] < 0)) | ((d < 0) & (d[after] > 0))
        along = np.where(crosses, d / np.where(crosses, d - d[after], 1.0), 0.0)
        at_u, at_v = self.u + along * (self.u[after] - self.u), self.v + along * (self.v[after] - self.v)
        # of each corner itself, then the place where the side after it crosses the line
        u, v = np.stack([self.u, at_u], axis=-1).ravel(), np.stack([self.v, at_v], axis=-1).ravel()
        parts = [(np.stack([side, crosses], axis=-1).ravel(), which) for which, side in enumerate((d >= 0, d <= 0))]
        kept = np.concatenate([np.flatnonzero(mask) for mask, _ in parts])
        region = np.concatenate([2 * np.repeat(owner, 2)[mask] + which for mask, which in parts])
        order = np.argsort(region, kind="stable")
        sizes = np.bincount(region, minlength=2 * len(self))
        return Regions(u[kept[order]], v[kept[order]], np.concatenate([[0], np.cumsum(sizes)]))

    def middles(self) -> tuple[FloatArray, FloatArray, BoolArray]:
        """U and v of each centre of gravity, and whether there is room around it."""
        counts = self.offsets[1:] - self.offsets[:-1]
        owner, after = np.repeat(np.arange(len(self)), counts), self._next()
        base = self.offsets[:-1][owner]
        # from the first corner of each, so that small regions lose no digits
        u, v = self.u - self.u[base], self.v - self.v[base]
        across = u * v[after] - u[after] * v
        area = np.bincount(owner, across, len(self))
        with np.errstate(divide="ignore", invalid="ignore"):
            middle_u = np.bincount(owner, (u + u[after]) * across, len(self)) / (3 * area)
            middle_v = np.bincount(owner, (v + v[after]) * across, len(self)) / (3 * area)
            along_u, along_v = u[after] - u, v[after] - v
            length = np.hypot(along_u, along_v)
            inward = (along_u * (middle_v[owner] - v) - along_v * (middle_u[owner] - u)) / length
        has_room = np.ones(len(self), np.bool_)
        has_room[owner[~(inward >= _ROOM) & (length > 0)]] = False
        has_room &= (area > 0) & (counts > 2)
        first = self.offsets[:-1] if len(self.u) else self.offsets[:0]
        return (
            middle_u + self.u[np.minimum(first, len(self.u) - 1)],
            middle_v + self.v[np.minimum(first, len(self.u) - 1)],
            has_room,
        )


def whole_squares(count: int) -> Regions:
    """As many whole squares."""
    return Regions(np.tile([0.0, 1.0, 1.0, 0.0], count), np.tile([0.0, 0.0, 1.0, 1.0], count), np.arange(count + 1) * 4)
