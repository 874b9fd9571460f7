"""What OpenAPI says about answers and bodies; they are written by hand where speed asks for ready-made responses."""

from typing import Any

from api.batch.columns import ANSWERED
from api.http.problems import KINDS
from api.schemas.components import MAYBE_TEXT, TEXT, WHOLE, list_of, record, ref, row_name

Responses = dict[int | str, dict[str, Any]]
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARROW = "application/vnd.apache.arrow.stream"


def answers(schema: str, description: str, media_type: str = "application/json", status: int = 200) -> Responses:
    """An answer with a named schema."""
    return {status: {"description": description, "content": {media_type: {"schema": ref(schema)}}}}


def collection_answers(name: str, schema: str) -> Responses:
    """A 200 with a list below one name."""
    content = {"schema": record({name: list_of(ref(schema))})}
    return {200: {"description": "All of them.", "content": {"application/json": content}}}


def page_answers(schema: str) -> Responses:
    """A 200 with a page of a list and where the next one begins."""
    content = {"schema": record({"items": list_of(ref(schema)), "next_cursor": MAYBE_TEXT})}
    return {200: {"description": "A page.", "content": {"application/json": content}}}


def table_answers(table: str) -> Responses:
    """A page of a roster table, as JSON, CSV or XLSX, or the whole of it as one of the latter."""
    page = record({"roster": WHOLE, "items": list_of(ref(row_name(table))), "next_cursor": MAYBE_TEXT})
    binary = {"type": "string", "format": "binary"}
    content = {"application/json": {"schema": page}, CSV: {"schema": TEXT}, XLSX: {"schema": binary}}
    return {200: {"description": "A page, by key.", "content": content}}


def item_answers(table: str) -> Responses:
    """One row of a roster table."""
    return answers(row_name(table), "The row.")


def told_findings(done: Responses) -> Responses:
    """The same answers with the header that names what a change of the roster brings."""
    description = (
        "Codes of the findings that the change brings, where it does; `POST /roster/changes` tells them whole."
    )
    headers = {"Gridsvc-Findings": {"schema": TEXT, "description": description, "example": "NO_LEAD"}}
    return {status: {**answer, "headers": headers} for status, answer in done.items()}


def problems(*statuses: int) -> Responses:
    """The errors of a route, each with the kinds that have its status."""
    found: Responses = {}
    for status in statuses:
        kinds = sorted(kind.name for kind in KINDS.values() if kind.status == status)
        content = {"application/problem+json": {"schema": ref("Problem")}}
        found[status] = {"description": ", ".join(kinds), "content": content}
        if status == 503:
            found[status]["headers"] = {"Retry-After": {"schema": WHOLE, "description": "Seconds."}}
    return found


SAME: Responses = {304: {"description": "You have it: If-None-Match named its ETag."}}


def batch_answers() -> Responses:
    """The answer to a batch in its three content types."""
    headers = {name: {"schema": WHOLE} for name in ("Gridsvc-Edition", "Gridsvc-Roster")}
    content = {
        "application/json": {"schema": ref("BatchAnswer")},
        "text/csv": {"schema": TEXT, "example": ",".join(ANSWERED) + "\n"},
        ARROW: {"schema": {"type": "string", "format": "binary"}},
    }
    return {200: {"description": "A row for each point, in order.", "headers": headers, "content": content}}


BATCH_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": ref("Batch")},
        "text/csv": {"schema": TEXT, "example": "id,lon,lat,datum\n1,116.4175,39.9288,WGS84\n"},
        ARROW: {"schema": {"type": "string", "format": "binary"}},
    },
}
SHAPE_BODY: dict[str, Any] = {
    "required": True,
    "content": {media_type: {"schema": ref("Shape")} for media_type in ("application/geo+json", "application/json")},
}
