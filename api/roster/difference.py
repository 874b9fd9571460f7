"""What a change of the roster did or would do, as JSON: added, changed field by field, removed, and the findings."""

from typing import Any
from zoneinfo import ZoneInfo

from api.roster.writing import Outcome, issues_of
from api.schemas.documents import row_document
from api.schemas.issues import issue_documents


def difference(outcome: Outcome, zone: ZoneInfo, *, written: bool, unchanged: int = 0) -> dict[str, Any]:
    """What a change did or would do: rows added, changed field by field, and removed; and the findings."""
    added, changed, removed = [], [], []
    for change in outcome.changes:
        before = outcome.before.tables.get(change.table, {}).get(change.key)
        named = {"table": change.table, "key": change.key}
        if change.row is None:
            removed.append({**named, "row": None if before is None else row_document(before, zone)})
        elif before is None:
            added.append({**named, "row": row_document(change.row, zone)})
        else:
            old, new = row_document(before, zone), row_document(change.row, zone)
            fields = [name for name in new if getattr(before, name) != getattr(change.row, name)]
            changed.append({**named, "fields": fields, "before": old, "after": new})
    return {
        "roster": outcome.after.revision,
        "written": written,
        "added": added,
        "changed": changed,
        "removed": removed,
        "unchanged": unchanged,
        "issues": issue_documents(issues_of(outcome)),
        "blocking": len(outcome.compared.blocking),
    }
