"""Findings as documents that a job keeps: both languages, and the place as GeoJSON."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
from shapely import to_geojson

from geodata.issues import is_acceptable, text_of
from gridsvc.model.issue import Issue, Severity

MOST_KEPT = 5_000
_ORDER = {severity: place for place, severity in enumerate((Severity.BLOCK, Severity.WARNING, Severity.NOTE))}


def documents(issues: Sequence[Issue]) -> tuple[dict[str, Any], ...]:
    """The gravest first, MOST_KEPT of them."""
    ranked = sorted(issues, key=lambda issue: _ORDER[issue.severity])
    return tuple(_document(issue) for issue in ranked[:MOST_KEPT])


def counts(issues: Sequence[Issue]) -> dict[str, int]:
    """How many there are of each severity."""
    found = Counter(issue.severity for issue in issues)
    return {severity.value: found[severity] for severity in _ORDER}


def _document(issue: Issue) -> dict[str, Any]:
    (message, remedy), (message_zh, remedy_zh) = text_of(issue, "en"), text_of(issue, "zh")
    return {
        "id": issue.id,
        "code": issue.code,
        "severity": issue.severity.value,
        "layer": issue.layer,
        "features": list(issue.features),
        "message": message,
        "message_zh": message_zh,
        "remedy": remedy,
        "remedy_zh": remedy_zh,
        "acceptable": is_acceptable(issue),
        "geometry": None if issue.geometry is None else orjson.loads(to_geojson(issue.geometry)),
    }
