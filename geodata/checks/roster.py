"""Rows of the roster that name what is not there. Rows that ended before today are history and left in peace."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import TypeVar

from geodata.checks.context import CheckContext
from geodata.checks.cycles import list_cycles
from gridsvc.model.departments import Department, DutyItem, DutyList
from gridsvc.model.issue import Issue
from gridsvc.model.people import Post, Shift, TargetKind
from gridsvc.model.roster import Row
from gridsvc.model.territory import Layer, key_of

R = TypeVar("R", bound=Row)

REFERENCES: dict[str, dict[str, str]] = {
    "people": {"belongs_to": "departments", "used_by": "departments"},
    "departments": {"area": "areas", "parent": "departments", "successor": "departments"},
    "stationings": {"department": "departments", "subdistrict": "areas"},
    "assignments": {"post": "posts", "person": "people", "stand_in": "people"},
    "absences": {"person": "people"},
    "shifts": {"department": "departments", "post": "posts", "person": "people"},
    "duty_lists": {"area": "areas"},
    "duty_items": {"duty_list": "duty_lists", "categories": "categories"},
    "competences": {"category": "categories", "area": "areas", "department": "departments"},
    "patches": {"department": "departments", "categories": "categories"},
    "determinations": {"department": "departments", "component": "components", "categories": "categories"},
}
"""Table → field → what the field names: a roster table, areas or components."""

UNKNOWN = {
    "areas": "ROW_AREA_UNKNOWN",
    "categories": "ROW_CATEGORY_UNKNOWN",
    "components": "ROW_COMPONENT_UNKNOWN",
    "departments": "ROW_DEPARTMENT_UNKNOWN",
    "duty_lists": "ROW_DUTY_LIST_UNKNOWN",
    "people": "ROW_PERSON_UNKNOWN",
    "posts": "ROW_POST_UNKNOWN",
}


def rows(context: CheckContext, table: str, kind: type[R]) -> list[R]:
    """Rows of a table that hold today or will hold."""
    return [
        row for row in context.roster.tables.get(table, {}).values() if isinstance(row, kind) and _lasts(context, row)
    ]


def _lasts(context: CheckContext, row: Row) -> bool:
    if isinstance(row, Shift):
        return row.ends_at > datetime.combine(context.today, time(), UTC)
    return row.valid_to is None or row.valid_to > context.today


def check_row_references(context: CheckContext) -> Iterator[Issue]:
    """Every field of `REFERENCES` that names something unknown. Areas stand as departments where they have none."""
    known = {name: set(table) for name, table in context.roster.tables.items()}
    known |= {"areas": set(context.areas)}
    known |= {"components": {":".join(key_of(component)) for component in context.territory.components}}
    known["departments"] = known.get("departments", set()) | set(context.areas)
    for table, fields in REFERENCES.items():
        for key, row in context.roster.tables.get(table, {}).items():
            if not _lasts(context, row):
                continue
            for field, target in fields.items():
                for name in _names(row, field):
                    if name not in known.get(target, set()):
                        yield context.found(UNKNOWN[target], None, table, (key,), field=field, named=name)


def _names(row: Row, field: str) -> list[str]:
    """What a field names, as keys of the table that it points to."""
    value = getattr(row, field)
    if value is None:
        return []
    if field == "categories":
        return [":".join(category) for category in value]
    return [":".join(value)] if isinstance(value, tuple) else [value]


def check_post_targets(context: CheckContext) -> Iterator[Issue]:
    """Posts on a segment, cell, group or area that the territory lacks, or that the code alone does not tell."""
    layers = {
        TargetKind.SEGMENT: Layer.SEGMENTS,
        TargetKind.CELL: Layer.CELLS,
        TargetKind.GROUP: Layer.GROUPS,
        TargetKind.AREA: Layer.AREAS,
    }
    schemes: dict[tuple[TargetKind, str], set[str]] = {}
    for kind, layer in layers.items():
        for feature in context.territory.layer(layer):
            schemes.setdefault((kind, feature.code), set()).add(feature.scheme)
    for post in rows(context, "posts", Post):
        having = schemes.get((post.target_kind, post.target_code), set())
        target = f"{post.target_kind} {post.target_code}"
        if not having or (post.target_scheme is not None and post.target_scheme not in having):
            yield context.found("POST_TARGET_UNKNOWN", None, "posts", (post.code,), target=target)
        elif post.target_scheme is None and len(having) > 1:
            names = ", ".join(sorted(having))
            yield context.found("POST_TARGET_AMBIGUOUS", None, "posts", (post.code,), target=target, schemes=names)


def check_departments(context: CheckContext) -> Iterator[Issue]:
    """Successors and parents that lead round in a ring: nobody would answer in the end."""
    departments = context.roster.tables.get("departments", {})
    link: Callable[[Department], str | None]
    for code, link in (("SUCCESSOR_CYCLE", lambda d: d.successor), ("DEPARTMENT_CYCLE", lambda d: d.parent)):
        links = {key: link(row) for key, row in departments.items() if isinstance(row, Department)}
        for ring in list_cycles(links):
            yield context.found(code, None, "departments", ring)


def check_duty_lists(context: CheckContext) -> Iterator[Issue]:
    """Duty lists that do not have as many items as they say."""
    items = rows(context, "duty_items", DutyItem)
    for duty_list in rows(context, "duty_lists", DutyList):
        count = sum(item.duty_list == duty_list.code for item in items)
        if duty_list.expected_count is not None and count != duty_list.expected_count:
            expected = duty_list.expected_count
            yield context.found(
                "DUTY_LIST_COUNT", None, "duty_lists", (duty_list.code,), count=count, expected=expected
            )
