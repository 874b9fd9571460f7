"""What features say about each other and about departments."""

from collections import defaultdict
from collections.abc import Iterator

from geodata.checks.context import CheckContext
from gridsvc.model.departments import Category, Department
from gridsvc.model.issue import Issue
from gridsvc.model.places import Key
from gridsvc.model.territory import GroupKind, key_of


def check_groups(context: CheckContext) -> Iterator[Issue]:
    """Members that are no cells, and cells that two groups of the kind claim, where one officer must answer."""
    cells = {key_of(cell): cell for cell in context.territory.cells}
    claimed: dict[tuple[GroupKind, Key], list[str]] = defaultdict(list)
    for group in context.territory.groups:
        for member in dict.fromkeys(group.cells):
            if member not in cells:
                yield context.found("MEMBER_UNKNOWN", group.scheme, "groups", (group.code, member.code))
            elif group.kind in {GroupKind.DUTY, GroupKind.MANAGEMENT}:
                claimed[group.kind, member].append(group.code)
    for (kind, key), groups in claimed.items():
        if len(groups) > 1:
            cell = cells[key]
            yield context.found(
                "CELL_IN_TWO_GROUPS",
                cell.scheme,
                "cells",
                (cell.code,),
                cell.geometry,
                kind=kind.value,
                groups=", ".join(groups),
            )


def check_departments_of_features(context: CheckContext) -> Iterator[Issue]:
    """Departments that cells and components name and the roster lacks: told once per department, with a count."""
    known = {row.code for row in context.people.rows("departments", Department)} | set(context.areas)
    named: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for cell in context.territory.cells:
        if cell.responsible_body is not None:
            named[cell.responsible_body, "cells", cell.scheme].append(cell.code)
    for component in context.territory.components:
        for department in {component.competent, component.owner, component.maintainer} - {None}:
            named[str(department), "components", component.scheme].append(component.code)
    for (department, layer, scheme), codes in sorted(named.items()):
        if department not in known:
            yield context.found(
                "FEATURE_DEPARTMENT_UNKNOWN", scheme, layer, (), department=department, count=len(codes), first=codes[0]
            )


def check_component_categories(context: CheckContext) -> Iterator[Issue]:
    """Categories of components that the roster lacks, once per category; silent while it has no such scheme."""
    known = {Key(row.scheme, row.code) for row in context.people.rows("categories", Category)}
    schemes = {key.scheme for key in known}
    lacking: dict[tuple[str, Key], int] = defaultdict(int)
    for component in context.territory.components:
        if component.category.scheme in schemes and component.category not in known:
            lacking[component.scheme, component.category] += 1
    for (scheme, category), count in sorted(lacking.items()):
        yield context.found(
            "COMPONENT_CATEGORY_UNKNOWN", scheme, "components", (), category=":".join(category), count=count
        )
