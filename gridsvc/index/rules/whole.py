"""The answer for any location, by all the rules in their order."""

from collections.abc import Hashable
from datetime import datetime
from typing import NamedTuple

from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.candidates import weigh_candidates
from gridsvc.index.rules.chiefs import find_chief
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.find_place import Placed, find_place
from gridsvc.index.rules.flags import Doubts, list_flags
from gridsvc.index.rules.known import known_of
from gridsvc.index.rules.neighbourhood import find_neighbourhood
from gridsvc.index.rules.next_step import suggest_next_step
from gridsvc.index.rules.people import list_people
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Matter, Question, add_component, frame_matter, tell_conversion
from gridsvc.index.rules.suspect_datum import suspect_for_reporter, suspect_outside
from gridsvc.index.rules.ties import tell_tie
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.ground import outside_coverage
from gridsvc.index.territory.reach import check_reach
from gridsvc.index.territory.spot import Spot
from gridsvc.model.places import Key, Location
from gridsvc.model.resolution import Resolution
from gridsvc.model.territory import key_of


class Asked(NamedTuple):
    """What is asked of an edition and its duties: see `gridsvc.index.resolve.resolve`."""

    location: Location
    at: datetime
    category: Key | None
    component: Key | None
    reporter: str | None
    options: ResolveOptions


def answer_whole(spot: Spot, duties: Duties, asked: Asked, *, detail: bool = True) -> Resolution:
    """Put the question to one rule after the other; raises what `resolve` does."""
    edition, (location, at, category, component, reporter, options) = spot.edition, asked
    trace = Trace()
    matter = frame_matter(duties, at, category, options)
    tell_conversion(location, trace)
    known = known_of(edition, duties)
    check_reach(spot, location.accuracy_m)
    near_m = max(location.accuracy_m or 0.0, options.tolerance_m)
    look = spot.look(known.sight, near_m, options.segment_radius_m)
    question = Question(spot, duties, location, matter, known.memory(duties, matter.at, options), look)
    question = add_component(question, component, trace)
    suspect = suspect_for_reporter(question, reporter) if reporter is not None else None
    placed = find_place(question, trace)
    if placed is None:
        raise outside_coverage(edition, location.lon, location.lat, suspect or suspect_outside(question))
    suspicion = (reporter, suspect) if reporter is not None and suspect is not None else None
    return _answer(question, placed, suspicion, trace, detail=detail)


def _answer(
    question: Question, placed: Placed, suspicion: tuple[str, str] | None, trace: Trace, *, detail: bool
) -> Resolution:
    """Ask the rules in the order in which the trace tells them."""
    duties, location, matter, recall = question.duties, question.location, question.matter, question.memory.recall
    standing, place = placed.standing, placed.place
    tell_tie(question, placed, trace)
    chief = recall(standing.keys.chief, trace, find_chief, duties.staff, place, matter.day)
    people = recall(standing.keys.people, trace, list_people, duties.staff, place, matter)
    about = _key_of(matter, standing.keys.ground)
    competent = recall(about, trace, find_competent, Inquiry(duties, place, matter))
    neighbourhood = find_neighbourhood(question, placed)
    across = about and ("next", about, neighbourhood.subdistricts)
    next_step = recall(across, trace, suggest_next_step, matter, competent, neighbourhood.subdistricts)
    candidacy = weigh_candidates(question.spot, location.accuracy_m, placed.cell, placed.distance_m)
    doubts = Doubts(neighbourhood, candidacy, placed.nearest_segment is not None, suspicion)
    return Resolution(
        location=location,
        edition=question.edition.number,
        roster=duties.revision,
        at=matter.at.isoformat(),
        flags=list_flags(location, doubts, trace),
        cell=standing.cell,
        match=placed.match.value,
        distance_m=placed.distance_m,
        areas=standing.areas,
        groups=standing.groups,
        candidates=candidacy.candidates if detail else (),
        outside_probability=candidacy.outside,
        other_probability=candidacy.other,
        segment=placed.segment,
        nearest_segment=placed.nearest_segment,
        chief=chief,
        people=people,
        departments=competent.answers,
        next_step=next_step.value if next_step is not None else None,
        trace=trace.lines() if detail else (),
    )


def _key_of(matter: Matter, ground: Hashable) -> Hashable:
    """What departments are remembered by: the ground and the matter; None where they are not."""
    if ground is None:
        return None
    component = matter.component
    return ground, matter.category_key, None if component is None else key_of(component)
