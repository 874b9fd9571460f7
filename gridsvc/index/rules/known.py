"""What rules answered, kept for as long as it holds: places are many, what answers for them is the same for most.

Kept of an edition by the duties that it was asked with, and gone with either of them. Nothing that is kept holds on to
an edition.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar, cast

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.layout import Sight
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.roster.rota import Watch
from gridsvc.index.rules.trace import Trace
from gridsvc.model.resolution import TraceLine

MOST_ANSWERS = 16_384
"""Half of what a memory holds at most: those that were not asked for while as many others came are forgotten."""
_MOST_WATCHES = 2

T = TypeVar("T")
_Answer = tuple[Any, tuple[TraceLine, ...]]


class Memory:
    """Answers of rules that hold during one watch, each with the lines that it leaves in a trace.

    May be used from many threads: what two of them find out at once is the same.
    """

    def __init__(self, watch: Watch, options: ResolveOptions) -> None:
        self.watch, self.options = watch, options
        self._answers: dict[Hashable, _Answer] = {}
        self._before: dict[Hashable, _Answer] = {}

    def recall(self, key: Hashable, trace: Trace, rule: Callable[..., T], *asked: Any) -> T:
        """What the rule says to what is asked, by its own words the first time. `key` tells apart all that it may
        look at, except what is the same for a whole watch; under None nothing is kept.
        """
        if key is None:
            return rule(*asked, trace)
        known = self._answers.get(key)
        if known is None:
            known = self._before.get(key)
            if known is None:
                own = Trace()
                known = rule(*asked, own), own.lines()
            if len(self._answers) >= MOST_ANSWERS:
                self._before, self._answers = self._answers, {}
            self._answers[key] = known
        trace.extend(known[1])
        return cast("T", known[0])


class Known:
    """What is kept of one edition with one roster: what places are looked at in, and the memories of few watches."""

    def __init__(self, edition: CompiledEdition, duties: Duties) -> None:
        self.sight = sight_of(edition, duties)
        self._memories: tuple[Memory, ...] = ()

    def memory(self, duties: Duties, local: datetime, options: ResolveOptions) -> Memory:
        """That of an instant, given in the city's zone."""
        for memory in self._memories:
            if memory.watch.holds(local) and (memory.options is options or memory.options == options):
                return memory
        fresh = Memory(duties.watches.at(local), options)
        self._memories = (fresh, *self._memories[: _MOST_WATCHES - 1])
        return fresh


def known_of(edition: CompiledEdition, duties: Duties) -> Known:
    """What is kept of an edition by these duties."""
    known = duties.kept.get(edition)
    if known is None:
        known = duties.kept.setdefault(edition, Known(edition, duties))
    return cast("Known", known)


def sight_of(edition: CompiledEdition, duties: Duties) -> Sight:
    """The arrays that a kernel looks at a place in."""
    cells, segments = edition.cells, edition.segments
    table = cells.polygons
    trees = (cells.loose_tree, duties.determinations.polygons.tree, duties.patches.polygons.tree)
    lines = segments.arrays
    return (
        (*cells.raster, *table.tree.arrays, table.x, table.y, table.ring_offsets, table.polygon_offsets, cells.area),
        tuple(array for tree in trees for array in tree.arrays),
        (*lines.raster, *lines.pieces, *lines.facts, segments.numbers),
    )
