"""What a change of the roster did or would do, as JSON: added, changed field by field, removed, and the findings."""

from typing import Any

from api.access.allowing import Access
from api.roster.shown import note_rows, shown_issues, without_components
from api.roster.writing import Outcome, find_row, issues_of
from api.schemas.documents import row_document
from api.schemas.issues import issue_documents
from gridsvc.index.roster.staff import compile_staff
from gridsvc.model.people import Absence
from gridsvc.model.roster import Row
from gridsvc.roster.passed_on import PassedOn, pass_on


def difference(outcome: Outcome, access: Access, *, written: bool, unchanged: int = 0) -> dict[str, Any]:
    """What a change did or would do: rows added, changed field by field, and removed; and the findings.

    Who may change a row may read its names and phones (`writing` sees to that); that they were read is noted. Of
    absences that are not written yet it tells who answers meanwhile.
    """

    def shown(row: Row) -> dict[str, Any]:
        [told] = without_components(access, [row])
        return row_document(told, access.services.settings.zone)

    note_rows(access, [(change.table, find_row(outcome.before, change)) for change in outcome.changes])
    added, changed, removed = [], [], []
    for change in outcome.changes:
        before = find_row(outcome.before, change)
        named = {"table": change.table, "key": change.key}
        if change.row is None:
            removed.append({**named, "row": None if before is None else shown(before)})
        elif before is None:
            added.append({**named, "row": shown(change.row)})
        else:
            old, new = shown(before), shown(change.row)
            fields = [name for name in new if getattr(before, name) != getattr(change.row, name)]
            changed.append({**named, "fields": fields, "before": old, "after": new})
    told, uncounted = ([], 0) if written else _passed_on(outcome, access)
    return {
        "roster": outcome.after.revision,
        "written": written,
        "added": added,
        "changed": changed,
        "removed": removed,
        "unchanged": unchanged,
        "issues": issue_documents(shown_issues(access, issues_of(outcome))),
        "passed_on": told,
        "passed_on_uncounted": uncounted,
        "brought": len(outcome.compared.new),
        "blocking": len(outcome.compared.blocking),
    }


def _passed_on(outcome: Outcome, access: Access) -> tuple[list[PassedOn], int]:
    """Of everybody who would be said to be away: who answers meanwhile; and for how many it is too much to count."""
    absences = [change.row for change in outcome.changes if isinstance(change.row, Absence)]
    if not absences:
        return [], 0
    return pass_on(compile_staff(outcome.after), absences, access.services.settings.now().date())
