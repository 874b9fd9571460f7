"""The lead for many points: by ground and matter, and apart from these where something lies above."""

from dataclasses import dataclass, replace

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int32Array, IntArray
from gridsvc.index.batch.above import NOTHING, AboveFinder
from gridsvc.index.batch.answers import Answers, Words
from gridsvc.index.batch.dictionaries import Dictionary
from gridsvc.index.batch.matters import Matters
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.ground import Ground
from gridsvc.model.places import Key
from gridsvc.model.territory import COMMUNITY_RANK


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Points inside coverage with the ground they lie on; `matter` by number, `accuracy_m` 0 where none was said."""

    lon: FloatArray
    lat: FloatArray
    accuracy_m: FloatArray
    ground: Ground
    matter: Int32Array


_MOST_APART = 500_000
"""Answers that are kept about places with something above them: some 100 MB."""


class LeadFinder:
    """Codes of leading departments on one day. May be used from several threads."""

    def __init__(self, edition: CompiledEdition, duties: Duties, matters: Matters, options: ResolveOptions) -> None:
        self._edition, self._duties, self._matters = edition, duties, matters
        self._radius_m = options.component_radius_m
        self._bodies, self._departments = Words(), Words()
        self._body_of_cell = Answers(len(edition.cells), self._bodies, edition.cells.responsible_body.__getitem__)
        self._deciding = _deciding_areas(edition, duties)
        self._grounds: list[tuple[str | None, int]] = []
        self._ground_numbers: dict[tuple[int, int], int] = {}
        self._plainly = Answers(0, self._departments, self._ask_plainly)
        self._above = AboveFinder(edition, duties, matters)
        self._apart: dict[tuple[int, int], int] = {}

    def codes(self, found: Found) -> Dictionary:
        """The lead department's code for each point."""
        questions = self._number_grounds(found.ground) * len(self._matters) + found.matter
        above = np.zeros(len(questions), np.int64)
        self._above.lay_zones(above, found.lon, found.lat, found.ground)
        self._above.stand_components(above, found.lon, found.lat, found.matter, self._radius_m + found.accuracy_m)
        plain = above == NOTHING
        numbers = self._plainly.numbers(np.where(plain, questions, -1))
        rest = np.flatnonzero(~plain)
        numbers[rest] = self._numbers_apart(questions[rest], above[rest])
        return self._departments.column(numbers)

    def _number_grounds(self, ground: Ground) -> IntArray:
        """Number each different pair of responsible body and area."""
        body, areas = self._body_of_cell.numbers(ground.cell).astype(np.int64), len(self._edition.areas) + 1
        kinds, where = np.unique((body + 1) * areas + self._deciding[ground.area] + 1, return_inverse=True)
        pairs = [divmod(kind, areas) for kind in kinds.tolist()]
        return np.array([self._number_ground(body - 1, area - 1) for body, area in pairs], np.int64)[where]

    def _number_ground(self, body: int, area: int) -> int:
        if (number := self._ground_numbers.get((body, area))) is not None:
            return number
        with self._departments.lock:
            number = self._ground_numbers.get((body, area), len(self._grounds))
            if number == len(self._grounds):
                self._grounds.append((self._bodies[body] if body >= 0 else None, area))
                self._plainly.grow(len(self._grounds) * len(self._matters))
                self._ground_numbers[body, area] = number
            return number

    def _numbers_apart(self, questions: IntArray, above: IntArray) -> Int32Array:
        stride = len(self._grounds) * len(self._matters) + 1
        kinds, where = np.unique(above * stride + questions, return_inverse=True)
        pairs = (divmod(kind, stride) for kind in kinds.tolist())
        return np.array([self._number_apart(*pair) for pair in pairs], np.int32)[where]

    def _number_apart(self, above: int, question: int) -> int:
        if (number := self._apart.get((above, question))) is None:
            with self._departments.lock:
                number = self._departments.number(self._ask(question, above))
                if len(self._apart) >= _MOST_APART:
                    self._apart.clear()
                self._apart[above, question] = number
        return number

    def _ask_plainly(self, question: int) -> str:
        return self._ask(question, NOTHING)

    def _ask(self, question: int, above: int) -> str:
        ground, matter = divmod(question, len(self._matters))
        (body, area), over = self._grounds[ground], self._above[above]
        place = Place(
            _SOME_CELL,
            body,
            lineage_of(self._edition, area),
            determinations=tuple(self._duties.determinations.rows[row] for row in over.determinations),
            patches=tuple(self._duties.patches.rows[row] for row in over.patches),
        )
        component = None if over.component is None else self._edition.components.items[over.component]
        about = replace(self._matters[matter], component=component)
        return find_competent(Inquiry(self._duties, place, about), Trace()).lead.code


def _deciding_areas(edition: CompiledEdition, duties: Duties) -> Int32Array:
    """For each area the one that decides who leads; the last entry is for places without any.

    Of communities the rules read competences and duty lists alone: one that has none answers as its subdistrict does.
    """
    areas = edition.areas
    named = {area for _, area in duties.competences.rows} | set(duties.duty_lists.lists)
    deciding = np.arange(len(areas) + 1, dtype=np.int32)
    deciding[-1] = -1
    for area in np.flatnonzero(areas.rank == COMMUNITY_RANK).tolist():
        if areas.items.keys.codes[area] not in named:
            deciding[area] = areas.parent[area]
    return deciding


_SOME_CELL = Key("", "")
"""Which cell has the body does not change who leads."""
