"""Findings of imports, checks and publishing: a table for people, documents for programs."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from shapely import centroid

from api.cli.terminal import say, shown
from geodata.issues import text_of
from gridsvc.model.issue import Issue, Severity

_SHOWN = 50
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
        Console(stderr=True, width=None if sys.stderr.isatty() else 160).print(table, markup=False)
    if len(ranked) > _SHOWN:
        say(f"… and {len(ranked) - _SHOWN} more: see them all with --json or --geojson FILE")
    counts = {severity: sum(issue.severity is severity for issue in issues) for severity in _STYLES}
    say("Findings: " + ", ".join(f"{n} {severity.value.lower()}" for severity, n in counts.items()))


def blocks(issues: Sequence[Issue]) -> bool:
    """Whether any finding blocks."""
    return any(issue.severity is Severity.BLOCK for issue in issues)
