"""The ordered list of all checks: the one place to add another."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from geodata.checks import area_tree, codes, containment, crs, outlines, outside, places, references
from geodata.checks.context import CheckContext
from geodata.checks.gaps import check_gaps
from geodata.checks.overlaps import check_overlaps
from geodata.checks.roster_checks import ROSTER_CHECKS
from geodata.checks.sheets import make_sheets
from geodata.checks.t_junctions import check_t_junctions
from geodata.issues import Findings, settle
from geodata.schemes import Schemes
from gridsvc.model.issue import Issue
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Territory
from gridsvc.ports import Progress

Check = Callable[[CheckContext], Iterator[Issue]]

NOT_ON_A_MAP = frozenset({"ANTIMERIDIAN", "ANTIMERIDIAN_BETWEEN", "POLAR", "EMPTY_OUTLINE", "COORDINATES_NOT_FINITE"})
"""After these nothing else about the geometry can be looked at."""


def check_topology(context: CheckContext) -> Iterator[Issue]:
    """Overlaps, gaps and T-junctions of every sheet of polygons, each sheet taken apart once."""
    for sheet in make_sheets(context):
        yield from check_overlaps(context, sheet)
        yield from check_gaps(context, sheet)
        yield from check_t_junctions(context, sheet)


def check_people(context: CheckContext) -> Iterator[Issue]:
    """The roster that is to be in force with the layers."""
    for check in ROSTER_CHECKS:
        yield from check.find(context.people)


PLAIN_CHECKS: tuple[Check, ...] = (
    codes.check_codes,
    codes.check_code_parents,
    area_tree.check_area_tree,
    area_tree.check_cell_areas,
    references.check_groups,
    references.check_departments_of_features,
    references.check_component_categories,
    places.check_places,
    check_people,
)

MAP_CHECKS: tuple[Check, ...] = (
    crs.check_crs,
    check_topology,
    containment.check_containment,
    outside.check_outside,
    outside.check_segment_subdistricts,
)


def check_territory(
    territory: Territory,
    roster: Roster,
    schemes: Schemes,
    *,
    today: date,
    progress: Progress | None = None,
    acceptances: Mapping[str, str] | None = None,
) -> list[Issue]:
    """All findings of a territory together with the roster that will serve it.

    `today` is the local day from which the two hold. Accepted findings (`acceptances`: issue id → reason) are told
    as notes. Of one code at most a thousand are listed.
    """
    context = CheckContext(territory, roster, schemes, today)
    findings = Findings()
    total = 1 + len(PLAIN_CHECKS) + len(MAP_CHECKS)

    def take(issues: Iterable[Issue], done: int) -> None:
        findings.extend(settle(issues, acceptances or {}))
        if progress is not None:
            progress(done, total)

    outline_issues = list(outlines.check_outlines(context))
    take(outline_issues, 1)
    on_a_map = NOT_ON_A_MAP.isdisjoint(issue.code for issue in outline_issues)
    for done, check in enumerate(PLAIN_CHECKS + (MAP_CHECKS if on_a_map else ()), start=2):
        take(check(context), done)
    return findings.as_list()


def check_overlaps_among(territory: Territory, schemes: Schemes, *, today: date) -> list[Issue]:
    """Outlines, overlaps and T-junctions of a few features; without their surroundings gaps cannot be told."""
    context = CheckContext(territory, Roster(), schemes, today)
    issues = list(outlines.check_outlines(context))
    if NOT_ON_A_MAP.isdisjoint(issue.code for issue in issues):
        for sheet in make_sheets(context):
            issues += [*check_overlaps(context, sheet), *check_t_junctions(context, sheet)]
    return issues
