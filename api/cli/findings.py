"""Findings of imports, checks and publishing: a table for people, documents for programs."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from shapely import centroid

from api.cli.terminal import is_terminal, say, shown, talk
from geodata.issues import is_acceptable, text_of
from gridsvc.errors import InvalidInput
from gridsvc.model.issue import Issue, Severity

_SHOWN = 50
_LISTED = 20
_STYLES = {Severity.BLOCK: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def issue_document(issue: Issue, lang: str = "en") -> dict[str, Any]:
    """An issue as JSON: where, what and what to do."""
    message, remedy = text_of(issue, lang)
    place = None if issue.geometry is None else centroid(issue.geometry)
    return {
        "id": issue.id,
        "code": issue.code,
        "severity": issue.severity.value,
        "layer": issue.layer,
        "features": list(issue.features),
        "place": None if place is None or place.is_empty else [round(place.x, 7), round(place.y, 7)],
        "message": message,
        "remedy": remedy,
        "values": issue.values,
    }


def put_issues(issues: Sequence[Issue], lang: str = "en") -> None:
    """The findings as a table, the gravest first, and a line that counts them."""
    order = list(_STYLES)
    ranked = sorted(issues, key=lambda issue: order.index(issue.severity))
    if ranked:
        table = Table("severity", "code", "feature", "place", "what and what to do", box=None, pad_edge=False)
        for issue in ranked[:_SHOWN]:
            document = issue_document(issue, lang)
            features = ", ".join(issue.features[:3]) + (" …" if len(issue.features) > 3 else "")
            place = "" if document["place"] is None else "{:.6f}, {:.6f}".format(*document["place"])
            text = f"{document['message']} → {document['remedy']}"
            table.add_row(
                issue.severity.value, issue.code, shown(features), place, shown(text), style=_STYLES[issue.severity]
            )
        talk(width=None if is_terminal() else 160).print(table, markup=False)
    if len(ranked) > _SHOWN:
        say(f"… and {len(ranked) - _SHOWN} more: see them all with --json or --geojson FILE")
    counts = {severity: sum(issue.severity is severity for issue in issues) for severity in _STYLES}
    say("Findings: " + ", ".join(f"{n} {severity.value.lower()}" for severity, n in counts.items()))


def blocks(issues: Sequence[Issue]) -> bool:
    """Whether any finding blocks."""
    return any(issue.severity is Severity.BLOCK for issue in issues)


def refuse_unknown(issue_ids: Sequence[str], issues: Sequence[Issue]) -> None:
    """InvalidInput where an id is none of a finding that can be accepted; the message lists those that wait for it."""
    acceptable = {issue.id: issue for issue in issues if is_acceptable(issue)}
    unknown = [name for name in issue_ids if name not in acceptable]
    if not unknown:
        return
    waiting = [name for name, issue in acceptable.items() if issue.severity is not Severity.NOTE]
    listed = ", ".join(waiting[:_LISTED]) or "none"
    more = f" and {len(waiting) - _LISTED} more, see check --json" if len(waiting) > _LISTED else ""
    raise InvalidInput(
        f"no finding to accept has the id {', '.join(unknown)}; those that can be accepted: {listed}{more}"
    )
