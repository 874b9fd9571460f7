"""Category tables that come with the service, as data; what is confirmed and what is not stands in the rows.

A city's own categories are rows of its roster; these are a start, loaded into the roster like any others.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

from gridsvc.model.departments import Category, CategoryKind

CATEGORY_FILES = ("component_cjt214.csv", "event_cjt214.csv")


@dataclass(frozen=True, slots=True)
class Major:
    """A major class 大类: `Category.major` holds its code, which means nothing without the scheme."""

    scheme: str
    code: str
    kind: CategoryKind
    name: str
    name_en: str


def load_categories() -> list[Category]:
    """Every category of the shipped schemes, by (scheme, code)."""
    rows = (_category(row) for name in CATEGORY_FILES for row in _read(name))
    return sorted(rows, key=lambda category: (category.scheme, category.code))


def load_majors() -> list[Major]:
    """Major classes of the shipped schemes, by (scheme, code); some have no category of their own."""
    rows = (
        Major(row["scheme"], row["code"], CategoryKind(row["kind"]), row["name"], row["name_en"])
        for row in _read("majors.csv")
    )
    return sorted(rows, key=lambda major: (major.scheme, major.code))


def _category(row: dict[str, str]) -> Category:
    return Category(
        scheme=row["scheme"],
        code=row["code"],
        kind=CategoryKind(row["kind"]),
        major=row["major"],
        name=row["name"],
        name_en=row["name_en"],
        sample=row["sample"] == "true",
    )


def _read(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
