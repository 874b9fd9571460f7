"""The roster as the resolver asks it: compiled once for each revision, read by many threads, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

from gridsvc.errors import NotFound, UnknownCategory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duty_lists import Competences, DutyLists, compile_competences, compile_duty_lists
from gridsvc.index.roster.organisation import Organisation, compile_organisation
from gridsvc.index.roster.rota import Watches, watches_of
from gridsvc.index.roster.rows import grouped, rows_of
from gridsvc.index.roster.staff import Staff, compile_staff
from gridsvc.index.roster.zones import Zones, compile_zones
from gridsvc.model.departments import Category, Determination, Patch
from gridsvc.model.people import Person, Shift
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything that the rules ask of a roster; answers depend on the day, the arrangement does not.

    `kept` is for the rules: what they remember of an edition, and forget with it or with these duties.
    """

    revision: int
    staff: Staff
    organisation: Organisation
    duty_lists: DutyLists
    competences: Competences
    categories: Mapping[Key, Category]
    patches: Zones[Patch]
    determinations: Zones[Determination]
    determined_components: Mapping[Key, tuple[Determination, ...]]
    watches: Watches
    kept: WeakKeyDictionary[CompiledEdition, object] = field(
        default_factory=WeakKeyDictionary, init=False, repr=False, compare=False
    )

    def get_category(self, key: Key, day: date) -> Category:
        """The category as it holds on the day; UnknownCategory where the roster has none."""
        category = self.categories.get(key)
        if category is None:
            msg = f"category {key.scheme}:{key.code} is not in the roster: see /api/v1/categories for those that are"
            zh = f"名册中没有类别 {key.scheme}:{key.code}：请从类别表中选择。"
            raise UnknownCategory(msg, zh=zh, category=f"{key.scheme}:{key.code}")
        if not category.valid_on(day):
            msg = f"category {key.scheme}:{key.code} does not hold on {day}: use one that is valid on that day"
            zh = f"类别 {key.scheme}:{key.code} 在 {day} 无效：请选用当日有效的类别。"
            raise UnknownCategory(msg, zh=zh, category=f"{key.scheme}:{key.code}")
        return category

    def get_person(self, code: str) -> Person:
        """Somebody of the roster, in service or not; NotFound for an unknown code."""
        if (person := self.staff.people.get(code)) is None:
            msg = f"nobody in the roster has the code {code!r}: give the code of a person"
            raise NotFound(msg, person=code)
        return person

    def determinations_of(self, component: Key, day: date) -> tuple[Determination, ...]:
        """What was determined about a component itself and holds on the day."""
        return tuple(row for row in self.determined_components.get(component, ()) if row.valid_on(day))


def compile_duties(roster: Roster) -> Duties:
    """Arrange a roster for the resolver. Loose ends (unknown people, targets) stay: the rules pass them by."""
    determinations = _last_first(rows_of(roster, "determinations", Determination))
    categories = rows_of(roster, "categories", Category)
    return Duties(
        revision=roster.revision,
        staff=compile_staff(roster),
        organisation=compile_organisation(roster),
        duty_lists=compile_duty_lists(roster),
        competences=compile_competences(roster),
        categories={Key(category.scheme, category.code): category for category in categories},
        patches=compile_zones(rows_of(roster, "patches", Patch)),
        determinations=compile_zones(determinations),
        determined_components=grouped((row.component, row) for row in determinations if row.component is not None),
        watches=watches_of(rows_of(roster, "shifts", Shift)),
    )


def _last_first(rows: list[Determination]) -> list[Determination]:
    """The last decision first: what was settled anew goes before what it overruled. Those without a day come after."""
    dated = [(row.decided_on, row.code, row) for row in rows if row.decided_on is not None]
    dated.sort(key=lambda item: item[:2], reverse=True)
    return [*(row for _, _, row in dated), *(row for row in rows if row.decided_on is None)]
