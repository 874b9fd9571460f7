"""Doubts about an answer: near another body's ground, too inaccurate, a chief across the border, a suspect datum."""

from typing import NamedTuple

from gridsvc.index.rules.candidates import Candidacy
from gridsvc.index.rules.neighbourhood import Neighbourhood
from gridsvc.index.rules.trace import Trace
from gridsvc.model.places import Location
from gridsvc.model.resolution import Flag

LEAST_SURE = 0.5
"""Below this probability the winner is less likely than all others together."""


class Doubts(NamedTuple):
    """What the flags are drawn from; `suspect` is (person, datum) where another datum seems to be meant."""

    neighbourhood: Neighbourhood
    candidacy: Candidacy
    passed_over: bool
    suspect: tuple[str, str] | None


def list_flags(location: Location, doubts: Doubts, trace: Trace) -> tuple[str, ...]:
    """The flags in the order of `Flag`; none is the good case."""
    near = doubts.neighbourhood
    flags: list[Flag] = []
    if near.bodies:
        radius = f"{near.radius_m:g}"
        trace.add("FLAG_NEAR_BOUNDARY", *(body.code for body in near.bodies), radius=radius, bodies=near.bodies)
    if near.uncovered:
        trace.add("FLAG_NEAR_EDGE", radius=f"{near.radius_m:g}")
    if near.bodies or near.uncovered:
        flags.append(Flag.NEAR_BOUNDARY)
    if location.accuracy_m is not None and doubts.candidacy.winner < LEAST_SURE:
        probability = f"{doubts.candidacy.winner:.3f}"
        trace.add("FLAG_LOW_ACCURACY", accuracy=f"{location.accuracy_m:g}", probability=probability)
        flags.append(Flag.LOW_ACCURACY)
    if doubts.passed_over:
        flags.append(Flag.CHIEF_ACROSS_BORDER)
    if doubts.suspect is not None:
        person, datum = doubts.suspect
        trace.add("FLAG_SUSPECT_DATUM", person, declared=location.submitted.datum, person=person, datum=datum)
        flags.append(Flag.SUSPECT_DATUM)
    return tuple(flag.value for flag in flags)
