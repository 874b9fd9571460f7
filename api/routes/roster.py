"""Reading the roster: one list and one item per table, as JSON or CSV, as of any revision and any day."""

import base64
import csv
import io
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access.allowing import MayReadRoster
from api.bootstrap import Services
from api.http.errors import RequestProblem
from api.http.parsing import parse_day
from api.http.problems import NOT_ACCEPTABLE
from api.roster.base import grounds_of
from api.roster.rows import row_tag
from api.roster.shown import shown_rows
from api.routes.replies import JSON, choose_type, json_reply, packed_reply
from api.schemas.documents import row_document, row_texts
from api.schemas.openapi import item_answers, problems, table_answers
from geodata.formats.formulas import guard
from gridsvc.errors import InvalidInput, NotFound, NotReady
from gridsvc.model.people import Shift
from gridsvc.model.roster import ROSTER_TABLES, Roster, Row

MAX_LIMIT = 1000
router = APIRouter(prefix="/api/v1", tags=["roster"])

AtQuery = Annotated[
    str | None, Query(description="Only rows that hold on this day (a date, or an instant with offset).")
]
UntilQuery = Annotated[
    str | None, Query(description="With `at`: rows that hold on some day from that one up to, not including, this one.")
]
CodeQuery = Annotated[str | None, Query(description="Only the row with this key.")]
CursorQuery = Annotated[str | None, Query(description="Where the page before ended: its `next_cursor`.")]
LimitQuery = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
RevisionQuery = Annotated[int | None, Query(ge=0, description="As known at this revision; the latest if not said.")]


def _list_route(table: str) -> Callable[..., Response]:
    def list_rows(
        request: Request,
        access: MayReadRoster,
        at: AtQuery = None,
        until: UntilQuery = None,
        code: CodeQuery = None,
        cursor: CursorQuery = None,
        limit: LimitQuery = 100,
        revision: RevisionQuery = None,
    ) -> Response:
        """Rows by key. A page carries the revision on, so that pages fit together while the roster changes."""
        services, after = access.services, ""
        if cursor is not None:
            revision, after = _parse_cursor(cursor)
        roster, days = services.serving.roster(revision), _days(at, until, services.settings.zone)
        rows = list(islice(_rows(roster.tables.get(table, {}), days, code, after), limit + 1))
        page, more = rows[:limit], len(rows) > limit
        next_cursor = _cursor(roster.revision, page[-1][0]) if more else None
        headers = {"Gridsvc-Roster": str(roster.revision), "Vary": "Accept"}
        if next_cursor is not None:
            headers["Link"] = f'<{request.url.include_query_params(cursor=next_cursor)}>; rel="next"'
        shown = shown_rows(grounds_of(request), access, table, [row for _, row in page])
        if _wants_csv(request):
            return Response(
                _csv(table, shown, services.settings.zone), 200, headers, "text/csv; charset=utf-8; header=present"
            )
        items = [row_document(row, services.settings.zone) for row in shown]
        document = {"roster": roster.revision, "items": items, "next_cursor": next_cursor}
        return packed_reply(request, orjson.dumps(document), JSON, headers)

    return list_rows


def _item_route(table: str) -> Callable[..., Response]:
    def get_row(key: str, request: Request, access: MayReadRoster, revision: RevisionQuery = None) -> Response:
        """One row as known at a revision, whether or not it holds today. Its ETag goes with a change as If-Match."""
        roster = access.services.serving.roster(revision)
        row = roster.tables.get(table, {}).get(key)
        if row is None:
            raise NotFound(f"{table} has no {key!r} at revision {roster.revision}.", table=table, key=key)
        [shown] = shown_rows(grounds_of(request), access, table, [row])
        headers = {"Gridsvc-Roster": str(roster.revision), **_tag(access.services, roster, (table, key))}
        return json_reply(row_document(shown, access.services.settings.zone), 200, headers)

    return get_row


def _tag(services: Services, roster: Roster, place: tuple[str, str]) -> dict[str, str]:
    """The ETag of a row; none while the database does not answer, when nothing can be changed either."""
    try:
        changed = services.store.find_row_revision(*place, roster.revision)
    except NotReady:
        return {}
    return {} if changed is None else {"ETag": row_tag(changed)}


for _table in ROSTER_TABLES:
    _words = _table.replace("_", " ")
    router.add_api_route(
        f"/{_table}",
        _list_route(_table),
        name=f"list_{_table}",
        summary=f"List {_words}",
        operation_id=f"list_{_table}",
        responses=table_answers(_table) | problems(401, 404, 406, 422, 503),
    )
    router.add_api_route(
        f"/{_table}/{{key}}",
        _item_route(_table),
        name=f"get_{_table}",
        summary=f"One of {_words}",
        operation_id=f"get_{_table}",
        responses=item_answers(_table) | problems(401, 404, 422, 503),
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


def _wants_csv(request: Request) -> bool:
    found = choose_type(request.headers.get("accept", "*/*"), ["application/json", "text/csv"])
    if found is None:
        raise RequestProblem(NOT_ACCEPTABLE, "A roster table comes as application/json or text/csv.")
    return found == "text/csv"


def _csv(table: str, rows: list[Row], zone: ZoneInfo) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(ROSTER_TABLES[table]))
    writer.writerows([guard(text) for text in row_texts(row, zone)] for row in rows)
    return text.getvalue()


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
