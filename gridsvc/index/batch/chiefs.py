"""The chief for many points: whoever has a post on the segment, wherever it runs; else whoever has one for the area."""

from datetime import date

import numpy as np

from gridsvc.datum.arrays import Int32Array
from gridsvc.index.batch.answers import NO_WORD, Answers, Words
from gridsvc.index.batch.dictionaries import Dictionary
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.chiefs import find_chief
from gridsvc.index.rules.place import SIDES, Place
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.segment_choice import Picked
from gridsvc.model.people import TargetKind

_SIDES = len(SIDES) + 1


class ChiefFinder:
    """Person codes of chiefs on one day."""

    def __init__(self, edition: CompiledEdition, duties: Duties, day: date) -> None:
        self._edition, self._staff, self._day = edition, duties.staff, day
        self._people = Words()
        self._on_segment = Answers(_SIDES * len(edition.segments), self._people, self._ask_segment)
        self._of_area = Answers(len(edition.areas), self._people, self._ask_area)

    def codes(self, area: Int32Array, segment: Picked) -> Dictionary:
        """The chief's person code for each point."""
        numbers = self._on_segment.numbers(
            np.where(segment.segment < 0, -1, segment.segment * _SIDES + 1 + segment.side)
        )
        rest = np.flatnonzero(numbers == NO_WORD)
        numbers[rest] = self._of_area.numbers(area[rest])
        return self._people.column(numbers)

    def _ask_segment(self, question: int) -> str | None:
        number, side = divmod(question, _SIDES)
        items = self._edition.segments.items
        if (TargetKind.SEGMENT, items.keys.codes[number]) not in self._staff.posts_on:
            return None
        segment = items[number]
        return self._ask(Place(None, None, (), segment=segment, side=SIDES.get(side - 1)))

    def _ask_area(self, area: int) -> str | None:
        return self._ask(Place(None, None, lineage_of(self._edition, area)))

    def _ask(self, place: Place) -> str | None:
        chief = find_chief(self._staff, place, self._day, Trace())
        return chief.person if chief is not None else None
