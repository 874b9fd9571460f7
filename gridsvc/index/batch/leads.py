"""Chief and lead for many points: every different combination of what they depend on is asked once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.index.batch.dictionaries import Dictionary, take
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.chiefs import find_chief
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.place import SIDES, Place
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.components import find_component
from gridsvc.index.territory.ground import Ground
from gridsvc.index.territory.segment_choice import Picked
from gridsvc.model.departments import Determination, Patch
from gridsvc.model.places import Key
from gridsvc.model.territory import Component, key_of


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Points inside coverage with what geometry found; `matter` is each point's index into `matters`.

    `accuracy_m` is 0 where none was said. All matters are of one day.
    """

    lon: FloatArray
    lat: FloatArray
    accuracy_m: FloatArray
    ground: Ground
    segment: Picked
    matter: IntArray
    matters: Sequence[Matter]


class ChiefFinder:
    """Asks for chiefs and remembers them, for any number of batches of one day."""

    def __init__(self, edition: CompiledEdition, duties: Duties) -> None:
        self._edition = edition
        self._duties = duties
        self._answers: dict[int, str | None] = {}

    def codes(self, found: Found) -> Dictionary:
        """The chief's person code for each point."""
        combined = (found.segment.segment.astype(np.int64) + 1) * 3 + found.segment.side + 1
        stride, day = len(self._edition.areas) + 1, found.matters[0].day
        kinds, where = np.unique(combined * stride + found.ground.area + 1, return_inverse=True)
        words = [self._chief(kind, day) for kind in kinds.tolist()]
        return take(where, words.__getitem__)

    def _chief(self, kind: int, day: date) -> str | None:
        if kind not in self._answers:
            rest, area = divmod(kind, len(self._edition.areas) + 1)
            segment, side = divmod(rest, 3)
            item = self._edition.segments.items[segment - 1] if segment else None
            areas = lineage_of(self._edition, area - 1)
            place = Place(None, None, areas, segment=item, side=SIDES.get(side - 1))
            chief = find_chief(self._duties.staff, place, day, Trace())
            self._answers[kind] = chief.person if chief is not None else None
        return self._answers[kind]


@dataclass(frozen=True, slots=True)
class _Above:
    """What lies over a point or stands beside it: the few points that have any are asked one by one."""

    determinations: tuple[Determination, ...] = ()
    patches: tuple[Patch, ...] = ()
    component: Component | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """What tells one from another."""
        component = () if self.component is None else key_of(self.component)
        return (*(row.code for row in self.determinations), "/", *(row.code for row in self.patches), "/", *component)


_NOTHING = _Above()


class LeadFinder:
    """Asks for leads and remembers them, for any number of batches of one day."""

    def __init__(self, edition: CompiledEdition, duties: Duties, options: ResolveOptions) -> None:
        self._edition = edition
        self._duties = duties
        self._options = options
        self._answers: dict[tuple[object, ...], str] = {}

    def codes(self, found: Found) -> Dictionary:
        """The lead department's code for each point."""
        bodies = take(found.ground.cell, self._edition.cells.responsible_body.__getitem__)
        ground = (bodies.indices.astype(np.int64) + 1) * (len(self._edition.areas) + 1) + found.ground.area + 1
        kinds = ground * len(found.matters) + found.matter
        _, first, where = np.unique(kinds, return_index=True, return_inverse=True)
        words = [self._lead(found, row, bodies[row], _NOTHING) for row in first.tolist()]
        index = where.astype(np.int64)
        for row, above in self._apart(found):
            index[row] = len(words)
            words.append(self._lead(found, row, bodies[row], above))
        return take(index, words.__getitem__)

    def _apart(self, found: Found) -> Iterator[tuple[int, _Above]]:
        """Rows with something above them, which decides apart from the ground."""
        day = found.matters[0].day
        determined = self._duties.determinations.covering_many(found.lon, found.lat, day)
        patched = self._duties.patches.covering_many(found.lon, found.lat, day)
        about = np.array([matter.is_about_component for matter in found.matters], np.bool_)
        rows = {*determined, *patched, *np.flatnonzero(about[found.matter]).tolist()}
        for row in sorted(rows):
            yield row, _Above(determined.get(row, ()), patched.get(row, ()), self._component(found, row))

    def _component(self, found: Found, row: int) -> Component | None:
        matter = found.matters[int(found.matter[row])]
        if not matter.is_about_component or (category := matter.category_key) is None:
            return None
        radius = self._options.component_radius_m + float(found.accuracy_m[row])
        near = find_component(self._edition, category, float(found.lon[row]), float(found.lat[row]), radius)
        return near.component if near is not None else None

    def _lead(self, found: Found, row: int, body: str | None, above: _Above) -> str:
        area, matter = int(found.ground.area[row]), found.matters[int(found.matter[row])]
        key = (body, area, matter.category_key, above.codes)
        if key not in self._answers:
            about = replace(matter, component=above.component)
            areas = lineage_of(self._edition, area)
            place = Place(_SOME_CELL, body, areas, determinations=above.determinations, patches=above.patches)
            self._answers[key] = find_competent(Inquiry(self._duties, place, about), Trace()).lead.code
        return self._answers[key]


_SOME_CELL = Key("", "")
"""Which cell has the body does not change who leads."""
