"""Rows of the roster that name what is not there. Rows that ended before today are history and left in peace."""

from collections.abc import Callable, Collection, Iterator

from geodata.checks.cycles import list_cycles
from geodata.checks.rows import RosterContext
from gridsvc.model.departments import Department, DutyItem, DutyList
from gridsvc.model.issue import Issue
from gridsvc.model.people import Post
from gridsvc.model.roster import Row

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


def check_row_references(context: RosterContext) -> Iterator[Issue]:
    """Every field of `REFERENCES` that names something unknown. Areas stand as departments where they have none."""
    areas = context.ground.areas.keys()
    known: dict[str, Collection[str]] = {name: rows.keys() for name, rows in context.roster.tables.items()}
    known |= {"areas": areas, "departments": context.roster.tables.get("departments", {}).keys() | areas}
    for table, fields in REFERENCES.items():
        for key, row in context.roster.tables.get(table, {}).items():
            if not context.lasts(row):
                continue
            for field, target in fields.items():
                for name in names_of(row, field):
                    has = (
                        context.ground.has_component(name) if target == "components" else name in known.get(target, ())
                    )
                    if not has:
                        yield context.found(UNKNOWN[target], table, (key,), field=field, named=name)


def names_of(row: Row, field: str) -> list[str]:
    """What a field names, as keys of the table that it points to."""
    value = getattr(row, field)
    if value is None:
        return []
    if field == "categories":
        return [":".join(category) for category in value]
    return [":".join(value)] if isinstance(value, tuple) else [value]


def check_post_targets(context: RosterContext) -> Iterator[Issue]:
    """Posts on a segment, cell, group or area that the territory lacks, or that the code alone does not tell."""
    for post in context.rows("posts", Post):
        having = context.ground.schemes_of(post.target_kind, post.target_code)
        target = f"{post.target_kind} {post.target_code}"
        if not having or (post.target_scheme is not None and post.target_scheme not in having):
            yield context.found("POST_TARGET_UNKNOWN", "posts", (post.code,), target=target)
        elif post.target_scheme is None and len(having) > 1:
            names = ", ".join(sorted(having))
            yield context.found("POST_TARGET_AMBIGUOUS", "posts", (post.code,), target=target, schemes=names)


def check_departments(context: RosterContext) -> Iterator[Issue]:
    """Successors and parents that lead round in a ring: nobody would answer in the end."""
    departments = context.roster.tables.get("departments", {})
    link: Callable[[Department], str | None]
    for code, link in (("SUCCESSOR_CYCLE", lambda d: d.successor), ("DEPARTMENT_CYCLE", lambda d: d.parent)):
        links = {key: link(row) for key, row in departments.items() if isinstance(row, Department)}
        for ring in list_cycles(links):
            yield context.found(code, "departments", ring)


def check_duty_lists(context: RosterContext) -> Iterator[Issue]:
    """Duty lists that do not have as many items as they say."""
    items = context.rows("duty_items", DutyItem)
    for duty_list in context.rows("duty_lists", DutyList):
        count = sum(item.duty_list == duty_list.code for item in items)
        if duty_list.expected_count is not None and count != duty_list.expected_count:
            expected = duty_list.expected_count
            yield context.found("DUTY_LIST_COUNT", "duty_lists", (duty_list.code,), count=count, expected=expected)
