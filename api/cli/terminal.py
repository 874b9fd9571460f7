"""How commands talk: progress, tables and messages on stderr; data, as text or JSON, on stdout."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from shapely import centroid

from geodata.issues import text_of
from gridsvc.model.issue import Issue, Severity
from gridsvc.ports import Progress as ProgressCall

_SHOWN = 50
_STYLES = {Severity.BLOCK: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def say(message: str, style: str | None = None) -> None:
    """One line to the person at the terminal."""
    Console(stderr=True, soft_wrap=True).print(message, style=style, markup=False, highlight=False)


def put_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n")
    sys.stdout.buffer.flush()


@contextmanager
def progress_bar(label: str) -> Iterator[ProgressCall]:
    """A bar while work goes on; nothing at all when stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


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
            table.add_row(issue.severity.value, issue.code, features, place, text, style=_STYLES[issue.severity])
        Console(stderr=True, width=None if sys.stderr.isatty() else 160).print(table, markup=False)
    if len(ranked) > _SHOWN:
        say(f"… and {len(ranked) - _SHOWN} more: see them all with --json or --geojson FILE")
    counts = {severity: sum(issue.severity is severity for issue in issues) for severity in _STYLES}
    say("Findings: " + ", ".join(f"{n} {severity.value.lower()}" for severity, n in counts.items()))


def blocks(issues: Sequence[Issue]) -> bool:
    """Whether any finding blocks."""
    return any(issue.severity is Severity.BLOCK for issue in issues)
