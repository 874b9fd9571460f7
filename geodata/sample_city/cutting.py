"""Cuts quads into smaller quads, all of one generation at once, until each is one part."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from geodata.sample_city.plan import Bools, Floats, Ints, LineKind, Lines, Plan, Quads


@dataclass(frozen=True)
class Manner:
    """How a generation of cuts looks: `jitter` moves a cut, `slant` tilts it, `bow` bends it (shares of the length)."""

    kind: LineKind
    jitter: float
    slant: float
    bow: float


def cut_all(plan: Plan, quads: Quads, manner: Manner, rng: np.random.Generator) -> Quads:
    """Cut until every quad's count is 1; parts of one quad keep its tag and stay together."""
    done: list[Quads] = []
    while len(quads):
        ready = quads.count <= 1
        done.append(quads.take(ready))
        quads = quads.take(~ready)
        if len(quads):
            quads = _cut_once(plan, quads, manner, rng)
    whole = Quads.join(done)
    return whole.take(np.argsort(whole.tag, kind="stable"))


def _cut_once(plan: Plan, quads: Quads, manner: Manner, rng: np.random.Generator) -> Quads:
    """Each quad becomes two: west and east, or south and north."""
    turned = _cut_lying(plan, quads, rng)
    order = np.where(turned[:, None], [1, 2, 3, 0], [0, 1, 2, 3])
    rows = np.arange(len(quads))[:, None]
    line, t0, t1 = quads.line[rows, order], quads.t0[rows, order], quads.t1[rows, order]
    count0 = np.where(rng.random(len(quads)) < 0.5, quads.count // 2, quads.count - quads.count // 2)
    share = count0 / quads.count + rng.uniform(-manner.jitter, manner.jitter, len(quads))
    slant = rng.uniform(-manner.slant, manner.slant, len(quads))
    low, high = (np.clip(s, 0.25, 0.75) for s in (share + slant, 1 - share + slant))
    near = t0[:, 0] + low * (t1[:, 0] - t0[:, 0])
    far = t0[:, 2] + high * (t1[:, 2] - t0[:, 2])
    cut = _add_cuts(plan, quads, (line[:, 0], near, line[:, 2], far), manner, rng)
    zero, one = np.zeros(len(quads)), np.ones(len(quads))
    first = _child(
        quads, count0, (_with(line, 1, cut), _with(_with(t0, 1, zero), 2, far), _with(_with(t1, 0, near), 1, one))
    )
    second = _child(
        quads,
        quads.count - count0,
        (_with(line, 3, cut), _with(_with(t0, 0, near), 3, one), _with(_with(t1, 2, far), 3, zero)),
    )
    both = Quads.join([first, second])
    back = np.where(np.concatenate([turned, turned])[:, None], [3, 0, 1, 2], [0, 1, 2, 3])
    rows = np.arange(len(both))[:, None]
    both.line, both.t0, both.t1 = both.line[rows, back], both.t0[rows, back], both.t1[rows, back]
    return both


def _cut_lying(plan: Plan, quads: Quads, rng: np.random.Generator) -> Bools:
    """Whether the cut runs west-east: the longer way is cut, `stretch` and a little chance weighed in."""
    corner = quads.corners(plan)
    side = np.hypot(*np.moveaxis(np.roll(corner, -1, axis=1) - corner, -1, 0))
    wide, high = side[:, 0] + side[:, 2], side[:, 1] + side[:, 3]
    lying: Bools = wide < high * quads.stretch * rng.uniform(0.85, 1.18, len(quads))
    return lying


def _add_cuts(
    plan: Plan, quads: Quads, ends: tuple[Ints, Floats, Ints, Floats], manner: Manner, rng: np.random.Generator
) -> Ints:
    """The new lines, from (line, t) to (line, t)."""
    line0, near, line2, far = ends
    start, end = plan.add_vertices(plan.points(line0, near)), plan.add_vertices(plan.points(line2, far))
    plan.add_marks(line0, near, start)
    plan.add_marks(line2, far, end)
    n = len(quads)
    bow, wave = rng.normal(0, manner.bow, n), rng.normal(0, manner.bow / 2, n)
    limit = 2.5 * manner.bow
    new = Lines(
        start,
        end,
        np.clip(bow, -limit, limit),
        np.clip(wave, -limit, limit),
        np.full(n, int(manner.kind)),
        quads.depth.copy(),
        quads.tag.copy(),
    )
    return plan.add_lines(new)


def _child(quads: Quads, count: Ints, sides: tuple[Ints, Floats, Floats]) -> Quads:
    return Quads(*sides, count, quads.depth + 1, quads.tag, quads.stretch)


def _with(values: Any, column: int, new: Any) -> Any:
    copy = values.copy()
    copy[:, column] = new
    return copy
