"""Duty lists and competences on a day: whose list counts at a place, and who has which part for a category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gridsvc.index.roster.rows import grouped, rows_of
from gridsvc.model.departments import Competence, DutyItem, DutyList
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster


@dataclass(frozen=True, slots=True)
class DutyLists:
    """Duty lists by area (None: the city's) and their items by category, in order of code."""

    lists: Mapping[str | None, tuple[DutyList, ...]]
    items: Mapping[tuple[str, Key], tuple[DutyItem, ...]]

    def find_list(self, path: Sequence[str], day: date) -> DutyList | None:
        """The list of the deepest area on the path (deepest first), else the city's."""
        for area in (*path, None):
            for duty_list in self.lists.get(area, ()):
                if duty_list.valid_on(day):
                    return duty_list
        return None

    def find_item(self, path: Sequence[str], category: Key, day: date) -> DutyItem | None:
        """The item of the list in force at the place that names the category; only that one list is asked."""
        duty_list = self.find_list(path, day)
        if duty_list is None:
            return None
        items = self.items.get((duty_list.code, category), ())
        return next((item for item in items if item.valid_on(day)), None)


@dataclass(frozen=True, slots=True)
class Competences:
    """权责 by category and area, in order of code."""

    rows: Mapping[tuple[Key, str], tuple[Competence, ...]]

    def list_rows(self, category: Key, area: str, day: date) -> list[Competence]:
        """Rows of exactly this area on the day."""
        return [row for row in self.rows.get((category, area), ()) if row.valid_on(day)]


def compile_duty_lists(roster: Roster) -> DutyLists:
    """Arrange duty lists for quick questions."""
    items = rows_of(roster, "duty_items", DutyItem)
    return DutyLists(
        lists=grouped((row.area, row) for row in rows_of(roster, "duty_lists", DutyList)),
        items=grouped(((item.duty_list, category), item) for item in items for category in item.categories),
    )


def compile_competences(roster: Roster) -> Competences:
    """Arrange competences for quick questions."""
    rows = rows_of(roster, "competences", Competence)
    return Competences(grouped(((row.category, row.area), row) for row in rows))
