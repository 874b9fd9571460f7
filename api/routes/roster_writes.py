"""Changing rows of the roster: one at a time by table, or several at once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import Response

from api.access.allowing import Access, allow
from api.http.bodies import parse_model, read_json_body
from api.http.preconditions import check_match
from api.roster.base import Base, grounds_of
from api.roster.difference import difference
from api.roster.rows import Check, Rows, check_seen, check_tag, row_tag, version_seen
from api.roster.shown import with_component, without_components
from api.roster.writing import Order, Outcome, find_row, preview, write
from api.routes.replies import json_reply
from api.schemas.documents import row_document
from api.schemas.openapi import answers, item_answers, problems, told_findings
from api.schemas.roster import StrictBody, Text, body_of, parse_body, request_body, row_of
from gridsvc.errors import InvalidInput
from gridsvc.model.accounts import Action
from gridsvc.model.roster import ROSTER_TABLES, RosterChange

MAX_AT_ONCE = 1000
MAX_ROW_BYTES, MAX_CHANGES_BYTES = 512 * 1024, 8 * 1024 * 1024
MayWriteRoster = Annotated[Access, Depends(allow(Action.WRITE_ROSTER))]
router = APIRouter(prefix="/api/v1", tags=["roster"])
REFUSALS = problems(400, 401, 403, 408, 409, 413, 415, 422, 503)
CHANGES = problems(400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 503)
REMOVALS = problems(401, 403, 404, 409, 412, 422, 428, 503)


class Change(StrictBody):
    """One row: its content as GET gives it, or null to take it back; `etag` is that of the row that was seen."""

    table: Annotated[str, Field(max_length=40)]
    key: Annotated[
        str | None, Field(max_length=150, description="Left out for a new row whose code is to be made.")
    ] = None
    row: dict[str, Any] | None
    etag: Annotated[str | None, Field(max_length=40)] = None


class Changes(StrictBody):
    """Several rows at once: all of them or none."""

    changes: Annotated[list[Change], Field(min_length=1, max_length=MAX_AT_ONCE)]
    comment: Text = ""
    preview: Annotated[bool, Field(strict=True, description="Only say what would change; nothing is written.")] = False


def _create_route(table: str) -> Callable[..., Awaitable[Response]]:
    async def create_row(request: Request, access: MayWriteRoster) -> Response:
        """A new row. Without a code the service makes one. 409 for findings that it would bring and that block."""
        row = row_of(table, parse_model(body_of(table), await read_json_body(request, MAX_ROW_BYTES, "A row")))

        def work() -> Response:
            store = access.services.store

            def plan(base: Base) -> list[RosterChange]:
                return _meant(access, base, [Rows(base, store).add(table, row)])

            outcome = write(grounds_of(request), Order(access), plan)
            [change] = outcome.changes
            headers = {"Location": str(request.url_for(f"get_{table}", key=quote(change.key, safe=":")))}
            return _row_reply(access, outcome, change, 201, headers)

        return await to_thread.run_sync(work)

    return create_row


def _replace_route(table: str) -> Callable[..., Awaitable[Response]]:
    async def replace_row(key: str, request: Request, access: MayWriteRoster) -> Response:
        """Another content for a row; If-Match carries the ETag of its GET."""
        row = row_of(table, parse_model(body_of(table), await read_json_body(request, MAX_ROW_BYTES, "A row")), key)
        store = access.services.store

        def plan(base: Base) -> list[RosterChange]:
            change = Rows(base, store).replace(table, key, row, lambda tag: check_match(request, tag, version_seen))
            return _meant(access, base, [change])

        def work() -> Response:
            outcome = write(grounds_of(request), Order(access), plan)
            return _row_reply(access, outcome, RosterChange(table, key, row), 200, {})

        return await to_thread.run_sync(work)

    return replace_row


def _delete_route(table: str) -> Callable[..., Response]:
    def delete_row(key: str, request: Request, access: MayWriteRoster) -> Response:
        """Take a row back, as if it had never been said; to end one, set its `valid_to`. The log keeps it."""

        def plan(base: Base) -> list[RosterChange]:
            return [
                Rows(base, access.services.store).replace(
                    table, key, None, lambda tag: check_match(request, tag, version_seen)
                )
            ]

        outcome = write(grounds_of(request), Order(access), plan)
        return Response(status_code=204, headers=_headers(outcome))

    return delete_row


for _table in ROSTER_TABLES:
    _words = _table.replace("_", " ")
    router.add_api_route(
        f"/{_table}",
        _create_route(_table),
        methods=["POST"],
        status_code=201,
        name=f"create_{_table}",
        summary=f"Add one of {_words}",
        operation_id=f"create_{_table}",
        responses=told_findings(answers(ROSTER_TABLES[_table].__name__, "The row.", status=201)) | REFUSALS,
        openapi_extra=request_body(body_of(_table)),
    )
    router.add_api_route(
        f"/{_table}/{{key}}",
        _replace_route(_table),
        methods=["PUT"],
        name=f"replace_{_table}",
        summary=f"Change one of {_words}",
        operation_id=f"replace_{_table}",
        responses=told_findings(item_answers(_table)) | CHANGES,
        openapi_extra=request_body(body_of(_table)),
    )
    router.add_api_route(
        f"/{_table}/{{key}}",
        _delete_route(_table),
        methods=["DELETE"],
        status_code=204,
        name=f"delete_{_table}",
        summary=f"Take back one of {_words}",
        operation_id=f"delete_{_table}",
        responses=told_findings({204: {"description": "It is taken back."}}) | REMOVALS,
    )


@router.post(
    "/roster/changes",
    summary="Change several rows at once",
    responses=answers("RosterChanged", "What was changed, or would be, and its findings.") | CHANGES,
    openapi_extra=request_body(Changes),
)
async def change_rows(request: Request, access: MayWriteRoster) -> Response:
    """All of them or none, as one revision. Rows that are there need the version that was seen: their `etag`, or
    If-Match with `"r<roster revision>"` for all of them. With `preview` nothing is written, and findings that block
    are answered instead of refused.
    """
    body = parse_model(Changes, await read_json_body(request, MAX_CHANGES_BYTES, "A change of the roster"))
    seen = request.headers.get("if-match")
    check_all = check_seen(seen) if seen is not None else None
    wanted = [_parse(number, change) for number, change in enumerate(body.changes)]

    def plan(base: Base) -> list[RosterChange]:
        rows = Rows(base, access.services.store)
        planned: list[RosterChange] = []
        for change, item in zip(wanted, body.changes, strict=True):
            check = check_tag(item.etag) if item.etag is not None or check_all is None else check_all
            is_seen = item.etag is not None or check_all is not None
            planned.append(_planned(rows, change, check, planned, is_seen=is_seen))
        return _meant(access, base, planned)

    def work() -> Response:
        order = Order(access, comment=body.comment)
        outcome = (preview if body.preview else write)(grounds_of(request), order, plan)
        document = difference(outcome, access, written=not body.preview)
        return json_reply(document, 200, _headers(outcome))

    return await to_thread.run_sync(work)


def _parse(number: int, change: Change) -> RosterChange:
    if change.table not in ROSTER_TABLES:
        known = ", ".join(ROSTER_TABLES)
        raise InvalidInput(f"changes[{number}]: {change.table!r} is no roster table: use one of {known}.")
    if change.row is None:
        if change.key is None:
            raise InvalidInput(f"changes[{number}]: say the key of the row to take back.")
        return RosterChange(change.table, change.key, None)
    row = row_of(change.table, parse_body(change.table, change.row, number), change.key)
    return RosterChange(change.table, change.key or "", row)


def _planned(
    rows: Rows, change: RosterChange, check: Check, before: Sequence[RosterChange], *, is_seen: bool
) -> RosterChange:
    others = frozenset(other.key for other in before if other.table == change.table)
    if change.key in others:
        raise InvalidInput(f"{change.table} {change.key} is named twice: say each row once.")
    if change.row is None or rows.find(change.table, change.key) is not None:
        return rows.replace(change.table, change.key, change.row, check)
    if is_seen and rows.was_there(change.table, change.key):
        check(rows.tag(change.table, change.key))
    return rows.add(change.table, change.row, others)


def _meant(access: Access, base: Base, changes: Sequence[RosterChange]) -> list[RosterChange]:
    """Changes by somebody who is not shown all that the rows say."""
    return [with_component(access, change, find_row(base.roster, change)) for change in changes]


def _headers(outcome: Outcome) -> dict[str, str]:
    """The revision, and codes of the findings that the change brings: who writes one row gets no list of them."""
    codes = sorted({issue.code for issue in outcome.compared.new})
    told = {"Gridsvc-Findings": ", ".join(codes)} if codes else {}
    return {"Gridsvc-Roster": str(outcome.after.revision), **told}


def _row_reply(
    access: Access, outcome: Outcome, change: RosterChange, status: int, headers: dict[str, str]
) -> Response:
    """The row as GET gives it from now on; its version is an older one where nothing was changed."""
    revision: int | None = outcome.after.revision
    if not outcome.changes:
        revision = access.services.store.find_row_revision(change.table, change.key, revision)
    headers |= {"ETag": row_tag(revision or 0), **_headers(outcome)}
    [row] = without_components(access, [outcome.after.tables[change.table][change.key]])
    return json_reply(row_document(row, access.services.settings.zone), status, headers)
