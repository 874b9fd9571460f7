"""What is asked: the local day, the category as it holds on that day, and the component that the matter is about."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from gridsvc.datum.checks import label_of
from gridsvc.datum.names import CGCS2000, WGS84
from gridsvc.errors import InvalidInput
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.layout import Look
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.known import Memory
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.index.territory.components import find_component, get_component
from gridsvc.index.territory.spot import Spot
from gridsvc.model.departments import Category, CategoryKind
from gridsvc.model.places import Key, Location
from gridsvc.model.territory import Component


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked: when (`day` is the local day of `at`), and about which category and component, if any.

    `city_name` names the department of last resort.
    """

    at: datetime
    day: date
    city_name: str
    category: Category | None = None
    component: Component | None = None

    @property
    def category_key(self) -> Key | None:
        """(scheme, code) of the category."""
        return None if self.category is None else Key(self.category.scheme, self.category.code)

    @property
    def is_about_component(self) -> bool:
        """Whether the category is one of fixed things."""
        return self.category is not None and self.category.kind is CategoryKind.COMPONENT


@dataclass(frozen=True, slots=True)
class Question:
    """A location and a matter, put to an edition and a roster; `spot` is the location in the edition.

    `look` is the place at a glance, None where only a closer look tells.
    """

    spot: Spot
    duties: Duties
    location: Location
    matter: Matter
    memory: Memory
    look: Look | None = None

    @property
    def options(self) -> ResolveOptions:
        """How it is asked."""
        return self.memory.options

    @property
    def radius_m(self) -> float:
        """How far around the place other ground matters."""
        return max(self.location.accuracy_m or 0.0, self.options.tolerance_m)

    @property
    def edition(self) -> CompiledEdition:
        """The edition that is asked."""
        return self.spot.edition


def frame_matter(duties: Duties, at: datetime, category: Key | None, options: ResolveOptions) -> Matter:
    """A matter on the local day of `at`; refuses (InvalidInput) an instant without a zone, and unknown categories."""
    if at.tzinfo is None:
        msg = f"the time {at.isoformat()} has no offset: add one, such as +08:00"
        raise InvalidInput(msg)
    local = at.astimezone(options.zone)
    known = duties.get_category(category, local.date()) if category is not None else None
    return Matter(local, local.date(), options.city_name, known)


def tell_conversion(location: Location, trace: Trace) -> None:
    """Degrees that are not those sent; WGS84 and CGCS2000 are taken as equal."""
    if location.submitted.datum not in (WGS84, CGCS2000):
        lon, lat = f"{location.lon:.7f}", f"{location.lat:.7f}"
        trace.add("DATUM_CONVERTED", datum=label_of(location.submitted.datum), lon=lon, lat=lat)


def add_component(question: Question, key: Key | None, trace: Trace) -> Question:
    """The question with the component it is about: the one named, else the nearest of a COMPONENT category.

    A component without a category is meant by its own category. Raises NotFound and UnknownCategory.
    """
    component = _nearest(question, trace) if key is None else _named(question, key, trace)
    if component is None:
        return question
    category = question.matter.category
    if category is None:
        category = question.duties.get_category(component.category, question.matter.day)
        code = f"{category.scheme}:{category.code}"
        trace.add("CATEGORY_OF_COMPONENT", code, category=Named(code, category.name))
    return replace(question, matter=replace(question.matter, category=category, component=component))


def _named(question: Question, key: Key, trace: Trace) -> Component:
    near = get_component(question.edition, key, question.location)
    trace.add("COMPONENT_GIVEN", key.code, component=Named(key.code, near.component.name), distance=near.distance_m)
    return near.component


def _nearest(question: Question, trace: Trace) -> Component | None:
    category, location = question.matter.category_key, question.location
    if category is None or not question.matter.is_about_component:
        return None
    radius = question.options.component_radius_m + (location.accuracy_m or 0.0)
    near = find_component(question.edition, category, location.lon, location.lat, radius)
    if near is None:
        trace.add("NO_COMPONENT", radius=f"{radius:g}")
        return None
    code, distance = near.component.code, near.distance_m
    named = Named(code, near.component.name)
    trace.add("COMPONENT_NEAREST", code, component=named, distance=distance, radius=f"{radius:g}")
    return near.component
