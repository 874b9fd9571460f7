"""What a file does to the roster as a whole: the same checks as of any other change of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from geodata.checks.ground import Ground, ground_of_territory
from geodata.checks.roster_checks import compare_findings
from geodata.checks.rows import RosterContext
from gridsvc.model.issue import Issue
from gridsvc.model.roster import Roster, RosterChange, lay_over
from gridsvc.ports import Store


def find_ground(store: Store, now: datetime, draft: int | None = None) -> Ground | None:
    """What rows can name: the edition in force, the last one to come, and a draft where it is said.

    None before the first edition: whatever the roster lacks is found when that is published.
    """
    editions = sorted(store.list_editions(), key=lambda edition: (edition.effective_from, edition.number))
    if not editions:
        return None
    begun = [edition for edition in editions if edition.effective_from <= now]
    wanted = dict.fromkeys(edition.number for edition in (*(begun or editions[:1])[-1:], editions[-1]))
    grounds = [ground_of_territory(store.load_territory(number)) for number in wanted]
    if draft is not None:
        grounds.append(ground_of_territory(store.load_draft(draft)))
    return reduce(Ground.also, grounds)


def check_changes(ground: Ground, roster: Roster, changes: Sequence[RosterChange], now: datetime) -> Sequence[Issue]:
    """Findings that changes bring; those that the roster had before are left in peace. Days are those of `now`."""
    before = RosterContext(ground, roster, now.date())
    after = RosterContext(ground, lay_over(roster, changes), now.date())
    return compare_findings(before, after, {change.table for change in changes}).new
