"""What the roster's desk asks beside single rows: handing a post over, vacancies, the matrix of LEADs, a row's log."""

from dataclasses import replace
from typing import Annotated, Any

import orjson
from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import Field
from shapely import is_empty, to_geojson
from starlette.responses import Response

from api.access.allowing import MayReadRoster
from api.http.bodies import parse_model, read_json_body
from api.http.parsing import parse_day
from api.roster.base import Base, grounds_of
from api.roster.difference import difference
from api.roster.rows import Rows, check_seen
from api.roster.shown import shown_issues, shown_rows
from api.roster.writing import Order, Outcome, preview, write
from api.routes.replies import JSON, json_reply, packed_reply
from api.routes.roster import make_page
from api.routes.roster_writes import CHANGES, MAX_ROW_BYTES, MayWriteRoster
from api.schemas.documents import row_document
from api.schemas.issues import issue_documents
from api.schemas.openapi import answers, problems
from api.schemas.roster import Code, Day, StrictBody, Text, request_body
from geodata.checks.lead_matrix import MatrixRow, compile_matrix
from geodata.checks.roster_checks import WRITE_CHECKS
from geodata.issues import Findings
from gridsvc.errors import InvalidInput, NotFound
from gridsvc.model.people import Assignment
from gridsvc.model.roster import ROSTER_TABLES, RosterChange
from gridsvc.roster.holders import Handover, Vacancy, hand_over, list_vacancies
from gridsvc.roster.whereabouts import Whereabouts

router = APIRouter(prefix="/api/v1", tags=["roster"])
DayQuery = Annotated[
    str | None, Query(description="On this day (a date, or an instant with offset); today if not said.")
]
AreaQuery = Annotated[str | None, Query(max_length=100, description="Only what lies in this area.")]


class NewHolder(StrictBody):
    """Who takes a post over, and from which day. `replaces` is the one assignment that ends, where several hold it."""

    person: Code
    start: Annotated[Day, Field(alias="from")]
    stand_in: Code | None = None
    replaces: Code | None = None
    comment: Text = ""
    preview: Annotated[bool, Field(strict=True, description="Only say what would change; nothing is written.")] = False


@router.post(
    "/posts/{code}/holder",
    summary="Give a post to somebody from a day on",
    responses=answers("Handover", "The assignments that end, the new one, and the findings.") | CHANGES,
    openapi_extra=request_body(NewHolder),
)
async def change_holder(code: str, request: Request, access: MayWriteRoster) -> Response:
    """Who holds the post until then holds it to the day before. 409 where it is given away from that day on already.

    If-Match may say which version of the roster was seen ("r17"): 412 where an assignment of the post changed since.
    With `preview` nothing is written, and findings that block are answered instead of refused.
    """
    body = parse_model(NewHolder, await read_json_body(request, MAX_ROW_BYTES, "A new holder"))
    seen = request.headers.get("if-match")
    check = _unseen if seen is None else check_seen(seen)
    handover = Handover(code, body.person, body.start, body.stand_in, body.replaces)
    store = access.services.store

    def plan(base: Base) -> list[RosterChange]:
        if code not in base.duties.staff.posts:
            raise NotFound(f"posts has no {code!r} at revision {base.roster.revision}.", table="posts", key=code)
        rows, held = Rows(base, store), base.duties.staff.assignments_to.get(code, ())
        ended, begun = hand_over(handover, held)
        changes = [rows.replace("assignments", row.code, row, check) for row in ended]
        return [*changes, rows.add("assignments", begun)]

    def work() -> Response:
        order = Order(access, comment=body.comment, action="CHANGE_HOLDER")
        outcome = (preview if body.preview else write)(grounds_of(request), order, plan)
        document = difference(outcome, access, written=not body.preview) | _handover(outcome)
        return json_reply(document, 200, {"Gridsvc-Roster": str(outcome.after.revision)})

    return await to_thread.run_sync(work)


def _handover(outcome: Outcome) -> dict[str, Any]:
    """The same in the words of a handover: its last change is the new assignment."""
    *ended, begun = [row_document(change.row) for change in outcome.changes if change.row is not None]
    return {"ended": ended, "assignment": begun}


def _unseen(tag: str) -> None:
    """Nobody said what they saw."""


@router.get(
    "/roster/vacancies",
    summary="Posts for which nobody answers",
    responses=answers("Vacancies", "A page, by post.") | problems(401, 404, 422, 503),
)
def get_vacancies(
    request: Request,
    access: MayReadRoster,
    at: DayQuery = None,
    area: AreaQuery = None,
    cursor: Annotated[str | None, Query(max_length=200, description="The `next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """VACANT has no holder; ABSENT has one who is away without a stand-in. Who held it last, and who comes next."""
    base = grounds_of(request).base()
    day = base.today if at is None else parse_day(at, access.services.settings.zone)
    where = base.whereabouts
    found = [
        vacancy
        for vacancy in list_vacancies(base.duties, day)
        if (cursor is None or vacancy.post.code > cursor) and (area is None or area in where.of_post(vacancy.post))
    ]
    page = found[:limit]
    document = {
        "roster": base.roster.revision,
        "at": day,
        "items": [_vacancy(vacancy, where) for vacancy in page],
        "next_cursor": page[-1].post.code if len(found) > limit else None,
    }
    return json_reply(document)


@router.get(
    "/roster/targets",
    summary="What posts are about, in words",
    responses=answers("PostTargets", "A page, by post.") | problems(401, 404, 422, 503),
)
async def get_targets(
    request: Request,
    access: MayReadRoster,
    at: DayQuery = None,
    cursor: Annotated[str | None, Query(max_length=200, description="The `next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=20_000)] = 1000,
) -> Response:
    """The name of each post's segment, cell, group or area, by the edition in force; null for what it lacks."""
    zone = access.services.settings.zone

    def work() -> Response:
        base = grounds_of(request).base()
        day = base.today if at is None else parse_day(at, zone)
        posts = [post for code, post in base.duties.staff.posts.items() if cursor is None or code > cursor]
        found = sorted((post for post in posts if post.valid_on(day)), key=lambda post: post.code)
        page = found[:limit]
        items = [{"post": post.code, "name": base.whereabouts.name_of(post)} for post in page]
        next_cursor = page[-1].code if len(found) > limit else None
        document = {"roster": base.roster.revision, "items": items, "next_cursor": next_cursor}
        return packed_reply(request, orjson.dumps(document), JSON, {})

    return await make_page(request, access, limit, work)


@router.get(
    "/posts/{code}/target",
    summary="What a post is about, on the map",
    responses=answers("PostTarget", "A GeoJSON feature in WGS84.") | problems(401, 404, 422, 503),
)
def get_target(code: str, request: Request, access: MayReadRoster) -> Response:  # noqa: ARG001  who may read the roster
    """A centre line, a cell, an area, or all cells of a group; without geometry where the map lacks it."""
    base = grounds_of(request).base()
    post = base.duties.staff.posts.get(code)
    if post is None:
        raise NotFound(f"posts has no {code!r} at revision {base.roster.revision}.", table="posts", key=code)
    outline, name = base.whereabouts.outline_of(post), base.whereabouts.name_of(post)
    geometry = None if outline is None or is_empty(outline) else orjson.Fragment(to_geojson(outline))
    properties = {"post": code, "code": post.target_code, "name": name}
    return json_reply({"type": "Feature", "properties": properties, "geometry": geometry})


def _vacancy(vacancy: Vacancy, where: Whereabouts) -> dict[str, Any]:
    return {
        "post": row_document(vacancy.post),
        "target_name": where.name_of(vacancy.post),
        "areas": sorted(where.of_post(vacancy.post)),
        "state": "ABSENT" if vacancy.absent else "VACANT",
        "absent": list(vacancy.absent),
        "last": _maybe(vacancy.last),
        "next": _maybe(vacancy.next),
    }


def _maybe(row: Assignment | None) -> dict[str, Any] | None:
    return None if row is None else row_document(row)


@router.get(
    "/roster/areas",
    summary="The tree of areas, without their outlines",
    responses=answers("RosterAreas", "All of them, by code.") | problems(401, 503),
)
def get_areas(request: Request, access: MayReadRoster) -> Response:  # noqa: ARG001  who may read the roster
    """Of the edition in force: what rows that name an area are about, in words."""
    edition = grounds_of(request).base().edition
    items = [
        {"code": area.code, "name": area.name, "level": area.level, "parent": area.parent}
        for area in map(edition.areas.items.named, range(len(edition.areas)))
    ]
    return packed_reply(request, orjson.dumps({"edition": edition.number, "items": items}), JSON, {})


@router.get(
    "/roster/coverage",
    summary="Who leads what: category × department",
    responses=answers("Coverage", "The matrix, with the areas in which nobody leads.") | problems(401, 404, 422, 503),
)
def get_coverage(request: Request, access: MayReadRoster, at: DayQuery = None) -> Response:
    """A gap is told for the widest area in which nobody leads; there the subdistrict answers."""
    base = grounds_of(request).base()
    day = base.today if at is None else parse_day(at, access.services.settings.zone)
    matrix = compile_matrix(replace(base.context(), today=day))
    codes = sorted({cell.department for row in matrix for cell in row.cells})
    known = base.duties.organisation.by_code
    names = [{"code": code, "name": known[code].name if code in known else _area_name(base, code)} for code in codes]
    rows = [_matrix_row(base, row) for row in matrix]
    return json_reply({"roster": base.roster.revision, "at": day, "departments": names, "categories": rows})


def _matrix_row(base: Base, row: MatrixRow) -> dict[str, Any]:
    category = row.category
    return {
        "category": f"{category.scheme}:{category.code}",
        "name": category.name,
        "name_en": category.name_en,
        "kind": category.kind,
        "cells": row.cells,
        "gaps": [{"area": code, "name": _area_name(base, code), "areas": count} for code, count in row.gaps],
    }


def _area_name(base: Base, code: str) -> str:
    area = base.ground.areas.get(code)
    return code if area is None else area.name


@router.get(
    "/roster/history",
    summary="Everything that was said of a row",
    responses=answers("RosterHistory", "Newest first.") | problems(401, 404, 422, 503),
)
def get_history(
    request: Request,
    access: MayReadRoster,
    table: Annotated[str, Query(max_length=40)],
    key: Annotated[str, Query(max_length=150)],
) -> Response:
    """Who said it and when; `row` is null where the row was taken back."""
    if table not in ROSTER_TABLES:
        raise InvalidInput(f"table: {table!r} is no roster table: use one of {', '.join(ROSTER_TABLES)}.")
    entries = access.services.store.list_row_history(table, key)
    if not entries:
        raise NotFound(f"{table} never had {key!r}.", table=table, key=key)
    rows = [entry.row for entry in entries if entry.row is not None]
    shown = iter(shown_rows(grounds_of(request), access, table, rows))
    zone = access.services.settings.zone
    items = [
        {
            "revision": entry.revision,
            "at": entry.at.astimezone(zone),
            "made_by": entry.made_by,
            "comment": entry.comment,
            "row": None if entry.row is None else row_document(next(shown), zone),
        }
        for entry in entries
    ]
    return json_reply({"items": items})


@router.get(
    "/roster/issues",
    summary="What is amiss in the roster",
    responses=answers("RosterIssues", "Findings of all checks of the roster.") | problems(401, 404, 422, 503),
)
def get_issues(request: Request, access: MayReadRoster) -> Response:
    """As it is today, over the edition in force. Of one code at most a thousand are listed."""
    base = grounds_of(request).base()
    findings = Findings()
    for check in WRITE_CHECKS:
        findings.extend(check.find(base.context()))
    return json_reply(
        {"roster": base.roster.revision, "items": issue_documents(shown_issues(access, findings.as_list()))}
    )
