"""What a change of the roster did or would do, as JSON: added, changed field by field, removed, and the findings."""

from typing import Any

from api.access.allowing import Access
from api.roster.phones import note_rows
from api.roster.writing import Outcome, find_row, issues_of
from api.schemas.documents import row_document
from api.schemas.issues import issue_documents


def difference(outcome: Outcome, access: Access, *, written: bool, unchanged: int = 0) -> dict[str, Any]:
    """What a change did or would do: rows added, changed field by field, and removed; and the findings.

    Who may change a row may read it (`writing` sees to that); that names and phones were read is noted.
    """
    zone = access.services.settings.zone
    note_rows(access, [(change.table, find_row(outcome.before, change)) for change in outcome.changes])
    added, changed, removed = [], [], []
    for change in outcome.changes:
        before = find_row(outcome.before, change)
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
        "brought": len(outcome.compared.new),
        "blocking": len(outcome.compared.blocking),
    }
