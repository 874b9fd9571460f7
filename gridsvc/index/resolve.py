"""The whole answer for one location: a pure function of an edition, the duties, the location and the instant."""

from datetime import datetime

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import DEFAULT_OPTIONS, ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.candidates import weigh_candidates
from gridsvc.index.rules.chiefs import find_chief
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.find_place import Placed, find_place
from gridsvc.index.rules.flags import Doubts, list_flags
from gridsvc.index.rules.neighbourhood import find_neighbourhood
from gridsvc.index.rules.next_step import suggest_next_step
from gridsvc.index.rules.people import list_people
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Question, add_component, frame_matter, tell_conversion
from gridsvc.index.rules.suspect_datum import suspect_for_reporter, suspect_outside
from gridsvc.index.rules.ties import tell_tie
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.ground import outside_coverage
from gridsvc.index.territory.reach import check_reach
from gridsvc.index.territory.spot import Spot
from gridsvc.model.places import Key, Location
from gridsvc.model.resolution import AreaAnswer, CellAnswer, GroupAnswer, Resolution


def resolve(  # noqa: PLR0913 a question has this many sides
    edition: CompiledEdition,
    duties: Duties,
    location: Location,
    *,
    at: datetime,
    category: Key | None = None,
    component: Key | None = None,
    reporter: str | None = None,
    options: ResolveOptions = DEFAULT_OPTIONS,
) -> Resolution:
    """Who answers for a location at an instant, and why: the same arguments give the same bytes as JSON.

    A component without a category is meant by its own category. Raises OutsideCoverage, UnknownCategory, NotFound
    (component, reporter) and InvalidInput (`at` without a zone, a circle that reaches over too much).
    """
    trace = Trace()
    matter = frame_matter(duties, at, category, options)
    tell_conversion(location, trace)
    spot = Spot(edition, location.lon, location.lat)
    check_reach(spot, location.accuracy_m)
    question = add_component(Question(spot, duties, location, matter, options), component, trace)
    suspect = suspect_for_reporter(question, reporter) if reporter is not None else None
    placed = find_place(question, trace)
    if placed is None:
        raise outside_coverage(edition, location.lon, location.lat, suspect or suspect_outside(question))
    suspicion = (reporter, suspect) if reporter is not None and suspect is not None else None
    return _answer(question, placed, suspicion, trace)


def _answer(question: Question, placed: Placed, suspicion: tuple[str, str] | None, trace: Trace) -> Resolution:
    """Ask the rules in the order in which the trace tells them."""
    edition, duties, location, matter = question.edition, question.duties, question.location, question.matter
    place = placed.place
    tell_tie(question, placed, trace)
    chief = find_chief(duties.staff, place, matter.day, trace)
    people = list_people(duties.staff, place, matter, trace)
    competent = find_competent(Inquiry(duties, place, matter), trace)
    neighbourhood = find_neighbourhood(question, placed)
    next_step = suggest_next_step(matter, competent, neighbourhood.subdistricts, trace)
    candidacy = weigh_candidates(question.spot, location.accuracy_m, placed.cell, placed.distance_m)
    doubts = Doubts(neighbourhood, candidacy, placed.nearest_segment is not None, suspicion)
    return Resolution(
        location=location,
        edition=edition.number,
        roster=duties.revision,
        at=matter.at.isoformat(),
        flags=list_flags(location, doubts, trace),
        cell=CellAnswer(*place.cell, edition.cells.names[placed.cell]) if place.cell is not None else None,
        match=placed.match.value,
        distance_m=placed.distance_m,
        areas=tuple(AreaAnswer(area.level.value, area.code, area.name) for area in place.areas),
        groups=tuple(GroupAnswer(group.kind.value, group.code, group.name) for group in place.groups),
        candidates=candidacy.candidates,
        outside_probability=candidacy.outside,
        other_probability=candidacy.other,
        segment=placed.segment,
        nearest_segment=placed.nearest_segment,
        chief=chief,
        people=people,
        departments=competent.answers,
        next_step=next_step.value if next_step is not None else None,
        trace=trace.lines(),
    )
