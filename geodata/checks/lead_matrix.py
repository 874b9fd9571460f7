"""Category × department on one day: who has which part where, and where nobody leads."""

from collections import defaultdict
from dataclasses import dataclass

from geodata.checks.leads import check_missing_leads
from geodata.checks.rows import RosterContext
from gridsvc.model.departments import Category, Competence, Part
from gridsvc.model.places import Key


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One part of a department for a category, in the areas of its rows."""

    department: str
    part: Part
    areas: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A category with its cells; `gaps` are the widest areas in which nobody leads it, with how many lack a LEAD."""

    category: Category
    cells: tuple[MatrixCell, ...]
    gaps: tuple[tuple[str, int], ...]


def compile_matrix(context: RosterContext) -> list[MatrixRow]:
    """Every category that holds on the day, by key."""
    held: dict[Key, dict[tuple[str, Part], list[Competence]]] = defaultdict(lambda: defaultdict(list))
    for row in context.rows("competences", Competence):
        if row.valid_on(context.today):
            held[row.category][row.department, row.part].append(row)
    gaps: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for issue in check_missing_leads(context):
        area, category = issue.features
        gaps[category].append((area, issue.values["areas"]))
    categories = [row for row in context.rows("categories", Category) if row.valid_on(context.today)]
    return [
        MatrixRow(category, _cells(held.get(Key(category.scheme, category.code), {})), tuple(gaps[_name(category)]))
        for category in sorted(categories, key=_name)
    ]


def _name(category: Category) -> str:
    return f"{category.scheme}:{category.code}"


def _cells(held: dict[tuple[str, Part], list[Competence]]) -> tuple[MatrixCell, ...]:
    return tuple(
        MatrixCell(department, part, tuple(row.area for row in rows), tuple(row.code for row in rows))
        for (department, part), rows in sorted(held.items())
    )
