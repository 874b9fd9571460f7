"""A roster table as a CSV or XLSX file: what it would change, and changing it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.access.allowing import Access
from api.http.askers import asker_of
from api.http.errors import RequestProblem
from api.http.problems import KINDS, MEDIA_TYPE, PRECONDITION_FAILED, PRECONDITION_REQUIRED
from api.http.spool import read_body
from api.http.turns import Turns
from api.roster.base import Base, Grounds, grounds_of
from api.roster.difference import difference
from api.roster.rows import parse_seen, row_tag
from api.roster.shown import hidden_fields, with_component
from api.roster.table_files import LIMITS, SUFFIXES
from api.roster.writing import Order, Outcome, preview, write
from api.routes.replies import json_reply
from api.routes.roster_writes import MayWriteRoster
from api.schemas.incidents import Text
from api.schemas.issues import issue_documents
from api.schemas.openapi import answers, problems
from api.schemas.roster import Day
from geodata.issues import text_of
from geodata.roster_files import RosterRequest, RosterRows, plan_import, read_roster
from gridsvc.errors import InvalidInput, LayerRefused, TooLarge
from gridsvc.model.issue import Issue
from gridsvc.model.roster import ROSTER_TABLES, RosterChange

MAX_FILE_BYTES = 16 * 1024 * 1024
TOO_LARGE = frozenset({"FILE_TOO_LARGE", "ZIP_BOMB"})
VAGUE = ("application/octet-stream", "application/vnd.ms-excel")
"""What browsers say of files that they do not know, and of CSV where a spreadsheet program is installed."""
FILE_BODY: dict[str, Any] = {
    "required": True,
    "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in (*SUFFIXES, *VAGUE)},
}
router = APIRouter(prefix="/api/v1", tags=["roster"])


class FileQuery(BaseModel):
    """How a file is meant."""

    table: str = Field(max_length=40, description="The roster table that the file holds.")
    mode: Literal["merge", "replace"] = Field(
        default="merge", description="replace also takes back, or ends, the rows that the file lacks."
    )
    valid_from: Day | None = Field(
        default=None, description="Fills empty cells of that column; rows that are lacking end on it."
    )
    datum: str | None = Field(default=None, max_length=2000, description="Of the file's geometry; never guessed.")
    name: Text | None = Field(
        default=None, max_length=200, description="Of the file; its ending tells what the content type does not."
    )
    encoding: str | None = Field(default=None, max_length=40, description="Of a CSV that does not say it.")


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file that has come, on its way to a change; `issues` are those of reading it."""

    access: Access
    request: RosterRequest
    read: RosterRows
    issues: list[Issue]

    def check_unchanged(self, base: Base, seen: int) -> None:
        """Raise the 412 problem where a row of the file (with replace: of its table) has changed after a revision."""
        since = self.access.services.store.list_roster_changes(seen, base.roster.revision)
        keys = {change.key for change in since if change.table == self.request.table}
        if self.request.mode != "replace":
            keys &= self.read.rows.keys()
        if keys:
            msg = f"{len(keys)} rows that the file is about have changed since revision {seen}: compare again."
            zh = f"比较之后，他人又更改了文件涉及的 {len(keys)} 行：没有写入，请重新比较。"
            raise RequestProblem(PRECONDITION_FAILED, msg, zh=zh, current_etag=row_tag(base.roster.revision))

    def changes(self, base: Base) -> list[RosterChange]:
        """What it changes in a roster."""
        meant = self._meant(base)
        plan = plan_import(base.roster, self.request, meant)
        return [*self._said_again(base, meant), *plan.put, *plan.gone]

    def _said_again(self, base: Base, meant: RosterRows) -> list[RosterChange]:
        """Rows that stay, where the file says what is not shown to everybody: who sent it may be guessing."""
        table, there = self.request.table, base.roster.tables.get(self.request.table, {})
        if not hidden_fields(self.access, table) & meant.given:
            return []
        return [RosterChange(table, key, there[key]) for key in meant.rows if key in there]

    def _meant(self, base: Base) -> RosterRows:
        """The rows by somebody who is not shown all that the roster's say."""
        if "component" not in self.read.given:
            return self.read
        table, there = self.request.table, base.roster.tables.get(self.request.table, {})
        sent = [RosterChange(table, key, row) for key, row in self.read.rows.items()]
        meant = [with_component(self.access, change, there.get(change.key)) for change in sent]
        return replace(self.read, rows={change.key: change.row for change in meant if change.row is not None})


Asked = Annotated[FileQuery, Query()]
_ERRORS = problems(400, 401, 403, 408, 409, 413, 415, 422, 503)


@router.post(
    "/roster/preview",
    summary="What a file would change",
    responses=answers("RosterChanged", "The difference, and all findings; nothing is written.") | _ERRORS,
    openapi_extra={"requestBody": FILE_BODY},
)
async def preview_file(request: Request, access: MayWriteRoster, asked: Asked) -> Response:
    """Rows added, changed field by field, and removed. Cells that cannot be read are findings too: then no row is."""

    def work(grounds: Grounds, file: Path) -> dict[str, Any]:
        try:
            upload = _read(access, asked, file)
        except LayerRefused as refused:
            nothing = preview(grounds, Order(access), lambda _: [])
            return difference(nothing, access, written=False) | _refusal(refused)
        return _told(preview(grounds, Order(access), upload.changes), upload, access, written=False)

    return json_reply(await _with_file(request, access, asked, work))


@router.post(
    "/roster/import",
    summary="Change a table by a file",
    responses=answers("RosterChanged", "What was changed, and its findings.") | _ERRORS | problems(412, 428),
    openapi_extra={"requestBody": FILE_BODY},
)
async def import_file(request: Request, access: MayWriteRoster, asked: Asked) -> Response:
    """All rows of the file or none, as one revision: 422 for cells that cannot be read, 409 for findings that block.

    If-Match says which revision of the roster the preview compared ("r17"): 412 where one of the file's rows has
    changed since; with mode=replace, which also takes rows away, any row of the table.
    """
    seen = _seen(request)

    def work(grounds: Grounds, file: Path) -> dict[str, Any]:
        try:
            upload = _read(access, asked, file)
        except LayerRefused as refused:
            told = issue_documents(refused.issues)
            raise RequestProblem(KINDS["layer-refused"], f"{refused.message}.", issues=told) from refused

        def plan(base: Base) -> list[RosterChange]:
            upload.check_unchanged(base, seen)
            return upload.changes(base)

        order = Order(access, comment=f"import of {asked.name or asked.table}", action="IMPORT_ROSTER")
        return _told(write(grounds, order, plan), upload, access, written=True)

    return json_reply(await _with_file(request, access, asked, work))


def _seen(request: Request) -> int:
    """The revision that was compared. Raises the 428 problem, and InvalidInput."""
    given = request.headers.get("if-match")
    if given is None:
        msg = 'Send If-Match with the revision that the preview compared ("roster" in its answer), such as "r17".'
        raise RequestProblem(PRECONDITION_REQUIRED, msg, zh="请先比较差异，再写入。")
    return parse_seen(given)


async def _with_file(
    request: Request, access: Access, asked: FileQuery, work: Callable[[Grounds, Path], dict[str, Any]]
) -> dict[str, Any]:
    if asked.table not in ROSTER_TABLES:
        raise InvalidInput(f"table: {asked.table!r} is no roster table: use one of {', '.join(ROSTER_TABLES)}.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    suffix = SUFFIXES.get(kind) or Path(asked.name or "").suffix.lower()
    if suffix not in SUFFIXES.values() or kind not in {*SUFFIXES, *VAGUE}:
        detail = f"A roster table is a CSV or XLSX file: send it as {', '.join(SUFFIXES)}, or with its name."
        raise RequestProblem(MEDIA_TYPE, detail, zh="请上传 CSV 或 XLSX 文件。")
    turns: Turns = request.app.state.batches
    with turns.admitted(asker_of(request, access.caller)) as place:
        body = await read_body(request, MAX_FILE_BYTES, "A roster file", place)

        def run() -> dict[str, Any]:
            with _kept(body, asked.table + suffix) as file:
                return work(grounds_of(request), file)

        return await turns.compute(run)


@contextmanager
def _kept(body: bytes, name: str) -> Iterator[Path]:
    """A body as a file, as long as it is read: workbooks are read by pieces."""
    with tempfile.TemporaryDirectory(prefix="gridsvc-") as folder:
        file = Path(folder) / name
        file.write_bytes(body)
        yield file


def _read(access: Access, asked: FileQuery, file: Path) -> _Upload:
    request = RosterRequest(
        asked.table,
        file,
        asked.encoding,
        mode=asked.mode,
        datum=asked.datum,
        valid_from=asked.valid_from,
        limits=LIMITS[file.suffix],
    )
    try:
        read, issues = read_roster(request, access.services.settings.now())
    except LayerRefused as refused:
        for issue in refused.issues:
            if issue.code in TOO_LARGE:
                raise _too_large(issue) from refused
        raise
    return _Upload(access, request, read, issues)


def _too_large(issue: Issue) -> TooLarge:
    (told, _), (told_zh, _) = text_of(issue, "en"), text_of(issue, "zh")
    command = f"`gridsvc import {issue.layer} FILE --commit`"
    hint = "send a workbook as CSV, a longer table in parts with mode=merge"
    zh = f"{told_zh}：工作簿请另存为 CSV，长表请分批合并导入，或在命令行运行 {command}。"
    return TooLarge(f"{told}: {hint}, or {command} at the terminal.", zh=zh)


def _refusal(refused: LayerRefused) -> dict[str, Any]:
    issues = issue_documents(refused.issues)
    return {"issues": issues, "brought": len(issues), "blocking": sum(issue["severity"] == "BLOCK" for issue in issues)}


def _told(outcome: Outcome, upload: _Upload, access: Access, *, written: bool) -> dict[str, Any]:
    put = sum(change.key in upload.read.rows for change in outcome.changes)
    document = difference(outcome, access, written=written, unchanged=len(upload.read.rows) - put)
    document["issues"] = [*issue_documents(upload.issues), *document["issues"]]
    document["brought"] += len(upload.issues)
    return document
