"""Roster tables as CSV and XLSX: rows become changes for the log, or, where one is wrong, nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from geodata.formats.delimited import Grid, read_grid
from geodata.formats.workbook import read_workbook
from geodata.issues import list_blocking, settle
from geodata.roster_files.checking import check_changes, find_ground
from geodata.roster_files.reading import RosterReading, RosterRequest, RosterRows, list_roster_columns
from geodata.safety import refuse
from gridsvc.errors import Busy, Conflict, InvalidInput, LayerRefused
from gridsvc.model.issue import Issue
from gridsvc.model.people import Shift
from gridsvc.model.roster import ROSTER_TABLES, Roster, RosterChange, Row
from gridsvc.ports import Store

__all__ = [
    "RosterPlan",
    "RosterReport",
    "RosterRequest",
    "RosterRows",
    "import_roster",
    "list_roster_columns",
    "plan_import",
    "read_roster",
]
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What the import did, or would do. `revision` is the new one, or the latest where nothing was written."""

    revision: int
    added: int
    changed: int
    removed: int
    unchanged: int
    issues: tuple[Issue, ...]
    committed: bool


def _read(request: RosterRequest) -> Grid:
    suffix = request.file.suffix.lower()
    if suffix == ".xlsx":
        return read_workbook(request.file, request.table, request.limits)
    if suffix in {".csv", ".tsv", ".txt"}:
        return read_grid(request.file, request.table, request.encoding, request.limits)
    return refuse("FILE_KIND_UNKNOWN", request.table, request.file.name, kinds=".csv, .tsv, .xlsx")


def _gone(key: str, row: Row, request: RosterRequest) -> RosterChange:
    if request.valid_from is None or isinstance(row, Shift):
        return RosterChange(request.table, key, None)
    return RosterChange(request.table, key, replace(row, valid_to=request.valid_from))


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What a file would change: rows that are added or changed, then those that go."""

    put: tuple[RosterChange, ...]
    gone: tuple[RosterChange, ...]
    unchanged: int


def read_roster(request: RosterRequest, now: datetime) -> tuple[RosterRows, list[Issue]]:
    """Rows of a file by key, with its findings; LayerRefused carries every one of them where one blocks.

    Times without an offset are in the zone of `now`. Whether rows name things that exist is for the checks.
    """
    if request.table not in ROSTER_TABLES:
        raise InvalidInput(f"{request.table} is no roster table: use one of {', '.join(ROSTER_TABLES)}")
    reading = RosterReading(request, _read(request), now)
    complete = reading.required <= set(reading.fields)
    rows = reading.rows() if complete else RosterRows({}, frozenset())
    issues = reading.findings.as_list()
    blocking = list_blocking(issues)
    if blocking:
        raise LayerRefused(f"{request.table} cannot be imported: findings that block: {len(blocking)}", issues)
    return rows, issues


def plan_import(roster: Roster, request: RosterRequest, read: RosterRows) -> RosterPlan:
    """What the rows of a file change in a roster."""
    existing = roster.tables.get(request.table, {})
    rows = dict(read.rows)
    if request.mode == "merge":
        rows = {key: read.merged(key, existing.get(key)) for key in rows}
    put = [RosterChange(request.table, key, row) for key, row in rows.items() if existing.get(key) != row]
    lost = [key for key in existing if key not in rows] if request.mode == "replace" else []
    gone = [change for key in lost if (change := _gone(key, existing[key], request)).row != existing[key]]
    return RosterPlan(tuple(put), tuple(gone), len(rows) - len(put))


def import_roster(store: Store, request: RosterRequest, now: datetime) -> RosterReport:
    """Log the rows of a file as one revision; LayerRefused carries every finding and means that nothing was written.

    Whoever changes the roster meanwhile is not overwritten: the file is then compared with what they left.
    """
    if any(not reason.strip() for reason in request.accept.values()):
        raise InvalidInput("a finding is accepted only with a reason")
    rows, told = read_roster(request, now)
    ground = find_ground(store, now, request.draft)
    for _ in range(ATTEMPTS):
        roster = store.load_roster()
        plan = plan_import(roster, request, rows)
        changes = [*plan.put, *plan.gone]
        brought = check_changes(ground, roster, changes, now) if ground is not None and changes else ()
        issues = [*told, *settle(brought, {**store.list_acceptances(), **request.accept})]
        if blocking := list_blocking(issues):
            raise LayerRefused(f"{request.table} cannot be imported: findings that block: {len(blocking)}", issues)
        revision = roster.revision
        if request.commit and changes:
            try:
                revision = store.append_roster(changes, now, f"import of {request.file.name}", onto=revision)
            except Conflict:
                continue
            _keep_acceptances(store, request, brought, now)
        return _report(request, roster, plan, issues, revision)
    raise Busy("others keep changing the roster; try again", retry_after_s=1)


def _keep_acceptances(store: Store, request: RosterRequest, issues: Sequence[Issue], now: datetime) -> None:
    """Those that met a finding, so that it stays a note in later checks."""
    for issue in issues:
        if (reason := request.accept.get(issue.id)) is not None:
            store.accept_issues([issue.id], reason, now)


def _report(
    request: RosterRequest, roster: Roster, plan: RosterPlan, issues: Sequence[Issue], revision: int
) -> RosterReport:
    existing = roster.tables.get(request.table, {})
    added = sum(change.key not in existing for change in plan.put)
    changed, gone = len(plan.put) - added, len(plan.gone)
    return RosterReport(revision, added, changed, gone, plan.unchanged, tuple(issues), request.commit)
