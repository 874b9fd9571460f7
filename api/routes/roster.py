"""Reading the roster: one list and one item per table, as JSON, CSV or XLSX, as of any revision and any day."""

import base64
import io
from bisect import bisect_right
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Annotated, BinaryIO
from zoneinfo import ZoneInfo

import orjson
from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, allow
from api.bootstrap import Services
from api.http.askers import asker_of
from api.http.connections import PatientResponse
from api.http.errors import RequestProblem
from api.http.parsing import parse_day
from api.http.problems import NOT_ACCEPTABLE
from api.http.table_pages import TablePages
from api.http.turns import Turns
from api.roster.base import grounds_of
from api.roster.rows import part_tag, row_tag
from api.roster.shown import shown_rows
from api.roster.table_files import CONTENT_TYPES, SUFFIXES, check_size, make_file, write_csv
from api.routes.replies import JSON, choose_type, find_unchanged, json_reply, packed_reply
from api.schemas.documents import dump_page, row_document
from api.schemas.openapi import CSV, SAME, XLSX, item_answers, problems, table_answers
from gridsvc.errors import InvalidInput, NotFound, NotReady
from gridsvc.model.accounts import Action
from gridsvc.model.people import Shift
from gridsvc.model.roster import ROSTER_TABLES, Roster, Row

LIGHT_LIMIT, MAX_LIMIT = 1000, 20_000
"""A page of more rows takes its turn: 20,000 are some tenths of a second of a core and tens of megabytes."""
DRAWN = frozenset({"patches", "determinations"})
"""Tables whose rows may have outlines of tens of kilobytes each: their pages are light ones."""
PIECE_BYTES = 1024 * 1024
router = APIRouter(prefix="/api/v1", tags=["roster"])

AtQuery = Annotated[
    str | None, Query(description="Only rows that hold on this day (a date, or an instant with offset).")
]
UntilQuery = Annotated[
    str | None, Query(description="With `at`: rows that hold on some day from that one up to, not including, this one.")
]
CodeQuery = Annotated[str | None, Query(description="Only the row with this key.")]
CursorQuery = Annotated[str | None, Query(description="Where the page before ended: its `next_cursor`.")]
WholeQuery = Annotated[bool, Query(description="All rows at once, whatever the limit: as CSV or XLSX.")]
RevisionQuery = Annotated[int | None, Query(ge=0, description="As known at this revision; the latest if not said.")]


def _may_read(table: str) -> Callable[[Request], Awaitable[Access]]:
    """Whoever asks or reports needs the categories, people of the field too, who read nothing else of the roster."""
    return allow(Action.READ_CATEGORIES, Action.READ_ROSTER) if table == "categories" else allow(Action.READ_ROSTER)


def _list_route(table: str) -> Callable[..., Awaitable[Response]]:
    most = LIGHT_LIMIT if table in DRAWN else MAX_LIMIT

    async def list_rows(
        request: Request,
        access: Annotated[Access, Depends(_may_read(table))],
        at: AtQuery = None,
        until: UntilQuery = None,
        code: CodeQuery = None,
        cursor: CursorQuery = None,
        limit: Annotated[int, Query(ge=1, le=most)] = 100,
        revision: RevisionQuery = None,
        whole: WholeQuery = False,
    ) -> Response:
        """Rows by key. A page carries the revision on, so that pages fit together while the roster changes.

        `whole` is for files, up to 100,000 rows (of a workbook 300,000 cells): they are what the import takes back.
        """
        kind, after = _kind(request, whole=whole), ""
        if cursor is not None:
            revision, after = _parse_cursor(cursor)
        days = _days(at, until, access.services.settings.zone)

        def read() -> _Page:
            roster = access.services.serving.roster(revision)
            found = _rows(roster.tables.get(table, {}), days, code, after)
            rows = list(found if whole else islice(found, limit + 1))
            if whole:
                check_size(table, len(rows), kind)
            page = rows if whole else rows[:limit]
            next_cursor = _cursor(roster.revision, page[-1][0]) if len(rows) > len(page) else None
            shown = shown_rows(grounds_of(request), access, table, [row for _, row in page])
            return _Page(table, roster.revision, shown, next_cursor)

        if whole or kind == XLSX:
            return await _file_reply(request, access, kind, read)
        return await make_page(request, access, limit, lambda: _page_reply(request, access, kind, read()))

    return list_rows


async def make_page(request: Request, access: Access, limit: int, work: Callable[[], Response]) -> Response:
    """Answer with a page of so many rows, in turn where it is a large one."""
    if limit <= LIGHT_LIMIT:
        return await to_thread.run_sync(work)
    pages: TablePages = request.app.state.tables
    return await pages.make(asker_of(request, access.caller), work)


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows of a table as the asker may see them, and where those behind them begin."""

    table: str
    revision: int
    rows: list[Row]
    next_cursor: str | None

    def headers(self, request: Request) -> dict[str, str]:
        """The roster's revision, and the address of the next page."""
        headers = {"Gridsvc-Roster": str(self.revision), "Vary": "Accept"}
        if self.next_cursor is not None:
            headers["Link"] = f'<{request.url.include_query_params(cursor=self.next_cursor)}>; rel="next"'
        return headers


def _page_reply(request: Request, access: Access, kind: str, page: _Page) -> Response:
    zone, headers = access.services.settings.zone, page.headers(request)
    if kind == CSV:
        text = io.StringIO()
        write_csv(page.table, page.rows, zone, text)
        return Response(text.getvalue(), 200, headers, CONTENT_TYPES[CSV])
    document = {"roster": page.revision, "items": [], "next_cursor": page.next_cursor}
    return packed_reply(request, dump_page(document, page.rows, zone), JSON, headers)


async def _file_reply(request: Request, access: Access, kind: str, read: Callable[[], _Page]) -> Response:
    """Made whole before the status is sent, by one of those that take turns, and sent as it is taken."""
    turns: Turns = request.app.state.batches
    settings = access.services.settings

    def make() -> tuple[_Page, BinaryIO]:
        page = read()
        return page, make_file(page.table, page.rows, settings.zone, kind, settings.data_dir)

    async with AsyncExitStack() as stack:
        place = stack.enter_context(turns.admitted(asker_of(request, access.caller)))
        page, file = await turns.compute(make)
        stack.callback(file.close)
        held = stack.pop_all()
    name = f"{page.table}-r{page.revision}{SUFFIXES[kind]}"
    headers = page.headers(request) | {"Content-Disposition": f'attachment; filename="{name}"'}
    return PatientResponse(_pieces(file), headers, CONTENT_TYPES[kind], place, held)


async def _pieces(file: BinaryIO) -> AsyncGenerator[bytes, None]:
    while piece := await to_thread.run_sync(file.read, PIECE_BYTES):
        yield piece


def _item_route(table: str) -> Callable[..., Response]:
    def get_row(
        key: str, request: Request, access: Annotated[Access, Depends(_may_read(table))], revision: RevisionQuery = None
    ) -> Response:
        """One row as known at a revision, whether or not it holds today. Its ETag goes with a change as If-Match."""
        roster = access.services.serving.roster(revision)
        row = roster.tables.get(table, {}).get(key)
        if row is None:
            raise NotFound(f"{table} has no {key!r} at revision {roster.revision}.", table=table, key=key)
        [shown] = shown_rows(grounds_of(request), access, table, [row])
        document = row_document(shown, access.services.settings.zone)
        headers = {"Gridsvc-Roster": str(roster.revision)}
        changed = _find_changed(access.services, roster, (table, key))
        if changed is not None:
            headers["ETag"] = row_tag(changed) if shown == row else part_tag(changed, orjson.dumps(document))
            if unchanged := find_unchanged(request, headers["ETag"], headers):
                return unchanged
        return json_reply(document, 200, headers)

    return get_row


def _find_changed(services: Services, roster: Roster, place: tuple[str, str]) -> int | None:
    """When a row was last changed; None while the database does not answer, when nothing can be changed either."""
    try:
        return services.store.find_row_revision(*place, roster.revision)
    except NotReady:
        return None


for _table in ROSTER_TABLES:
    _words = _table.replace("_", " ")
    router.add_api_route(
        f"/{_table}",
        _list_route(_table),
        name=f"list_{_table}",
        summary=f"List {_words}",
        operation_id=f"list_{_table}",
        responses=table_answers(_table) | problems(401, 404, 406, 413, 422, 503),
    )
    router.add_api_route(
        f"/{_table}/{{key}}",
        _item_route(_table),
        name=f"get_{_table}",
        summary=f"One of {_words}",
        operation_id=f"get_{_table}",
        responses=item_answers(_table) | SAME | problems(401, 404, 422, 503),
    )


@dataclass(frozen=True, slots=True)
class _Days:
    """Local days from the first up to, not including, the end."""

    first: date
    end: date
    zone: ZoneInfo

    def meet(self, row: Row) -> bool:
        """Whether a row holds on one of the days; a shift does on every day of which it covers a part."""
        if isinstance(row, Shift):
            start, end = (datetime.combine(day, time.min, self.zone) for day in (self.first, self.end))
            return row.starts_at < end and start < row.ends_at
        begun = row.valid_from is None or row.valid_from < self.end
        return begun and (row.valid_to is None or self.first < row.valid_to)


def _days(at: str | None, until: str | None, zone: ZoneInfo) -> _Days | None:
    if at is None:
        if until is not None:
            raise InvalidInput("until: say from which day with at.", parameter="until")
        return None
    first = parse_day(at, zone)
    end = first + timedelta(days=1) if until is None else parse_day(until, zone)
    if end <= first:
        raise InvalidInput("until: a day after at is wanted.", parameter="until")
    return _Days(first, end, zone)


def _rows(table: Mapping[str, Row], days: _Days | None, code: str | None, after: str) -> Iterator[tuple[str, Row]]:
    """The table's rows by key, those behind `after`, as far as the filters let them."""
    keys = sorted(table)
    for key in keys[bisect_right(keys, after) :]:
        row = table[key]
        if (code is None or code == key) and (days is None or days.meet(row)):
            yield key, row


def _kind(request: Request, *, whole: bool) -> str:
    found = choose_type(request.headers.get("accept", "*/*"), [*([] if whole else [JSON]), CSV, XLSX])
    if found is None:
        msg = f"A whole table comes as {CSV} or {XLSX}." if whole else f"A page comes as {JSON}, {CSV} or {XLSX}."
        raise RequestProblem(NOT_ACCEPTABLE, msg)
    return found


def _cursor(revision: int, key: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([revision, key])).decode().rstrip("=")


def _parse_cursor(cursor: str) -> tuple[int, str]:
    try:
        revision, key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise InvalidInput("cursor: use the next_cursor of the page before, unchanged.") from error
    if type(revision) is not int or not isinstance(key, str):
        raise InvalidInput("cursor: use the next_cursor of the page before, unchanged.")
    return revision, key
