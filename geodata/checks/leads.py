"""Who leads: every category in every area has one LEAD, and never two on one day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from geodata.checks.cycles import chain
from geodata.checks.rows import RosterContext
from geodata.issues import found
from gridsvc.model.departments import Category, Competence, Part
from gridsvc.model.issue import Issue
from gridsvc.model.places import Key


def check_leads(context: RosterContext) -> Iterator[Issue]:
    """Two LEAD rows for one category, area and day; they are told even when both name one department."""
    claims: dict[tuple[Key, str], list[Competence]] = defaultdict(list)
    for row in _leads(context):
        claims[row.category, row.area].append(row)
    for (category, area), leads in claims.items():
        for one, other in combinations(leads, 2):
            start, end = max(_first(one), _first(other)), min(_end(one), _end(other))
            if start < end:
                codes = tuple(sorted((one.code, other.code)))
                told = {"category": ":".join(category), "area": area, "day": max(start, context.today).isoformat()}
                yield context.found("TWO_LEADS", "competences", codes, **told)


def check_missing_leads(context: RosterContext) -> Iterator[Issue]:
    """Categories without a LEAD today: one finding per widest area in which nobody leads.

    Only areas that cells hang on count, or all deepest ones where there are no cells.
    """
    leads: dict[Key, set[str]] = defaultdict(set)
    for row in _leads(context):
        if row.valid_on(context.today):
            leads[row.category].add(row.area)
    for category in context.rows("categories", Category):
        key = Key(category.scheme, category.code)
        led = leads[key]
        lacking = {code for code in context.ground.counting if led.isdisjoint(chain(context.ground.parents, code))}
        for area, below in _widest(context, led, lacking):
            features = (area, ":".join(key))
            place = context.ground.areas[area].geometry
            yield found("NO_LEAD", "competences", features, place, name=category.name, areas=below)


def _widest(context: RosterContext, led: set[str], lacking: set[str]) -> list[tuple[str, int]]:
    """The topmost areas over the lacking ones that hold no LEAD anywhere below, with how many lack one there."""
    holding = {above for area in led for above in chain(context.ground.parents, area)}
    tops: dict[str, int] = defaultdict(int)
    for code in lacking:
        top = code
        for above in chain(context.ground.parents, code):
            if above in holding or above not in context.ground.areas:
                break
            top = above
        tops[top] += 1
    return sorted(tops.items())


def _leads(context: RosterContext) -> list[Competence]:
    return [row for row in context.rows("competences", Competence) if row.part is Part.LEAD]


def _first(row: Competence) -> date:
    return row.valid_from or date.min


def _end(row: Competence) -> date:
    return row.valid_to or date.max
