"""Findings as JSON, told in both languages."""

from collections.abc import Iterable
from typing import Any

from geodata.issues import text_of
from gridsvc.model.issue import Issue


def issue_document(issue: Issue) -> dict[str, Any]:
    """One finding: what was found and what to do, in English and Chinese; of a file's cell, its row and column too."""
    told = {lang: dict(zip(("message", "remedy"), text_of(issue, lang), strict=True)) for lang in ("en", "zh")}
    return {
        "id": issue.id,
        "code": issue.code,
        "severity": issue.severity.value,
        "layer": issue.layer,
        "features": list(issue.features),
        "row": issue.values.get("row"),
        "column": issue.values.get("column"),
        **told,
    }


def issue_documents(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    """Several, in their order."""
    return [issue_document(issue) for issue in issues]
