"""Run the checks and look at what they found."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from geodata.checks import check_territory
from geodata.issues import text_of
from geodata.schemes import Schemes, load_schemes
from gridsvc.model.issue import Issue
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Territory

TODAY = date(2026, 3, 2)


@cache
def shipped_schemes() -> Schemes:
    """The schemes of the distribution, read once."""
    return load_schemes(None)


def findings(
    territory: Territory, roster: Roster | None = None, acceptances: Mapping[str, str] | None = None
) -> list[Issue]:
    """All findings, but for the note that cells have no area; each can be told in both languages."""
    issues = check_territory(territory, roster or Roster(), shipped_schemes(), today=TODAY, acceptances=acceptances)
    for issue in issues:
        texts = [*text_of(issue, "en"), *text_of(issue, "zh")]
        assert not [text for text in texts if "–" in text or "{" in text], f"{issue.code} lacks values for its texts"
    return [issue for issue in issues if issue.code != "CELLS_WITHOUT_AREA"]


def told(issues: list[Issue]) -> list[tuple[str, tuple[str, ...]]]:
    """(code, features) of each."""
    return [(issue.code, issue.features) for issue in issues]
