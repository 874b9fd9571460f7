"""Invented duty lists: one of the city, and one district's own that differs in what a subdistrict may do itself."""

import tomllib
from importlib.resources import files
from typing import Any

from geodata.sample_city.bodies import category_keys
from gridsvc.model.departments import DutyItem, DutyList
from gridsvc.model.places import Key
from gridsvc.model.territory import Area

DUTIES: dict[str, Any] = tomllib.loads(files(__package__).joinpath("duties.toml").read_text("utf-8"))


def build_duties(district: Area) -> tuple[list[DutyList], list[DutyItem]]:
    """The city's list and that district's."""
    count = len(DUTIES["item"])
    lists = [
        DutyList(code="DL-CITY", title=DUTIES["city_title"], expected_count=count),
        DutyList(
            code=f"DL-{district.code}",
            title=district.name + DUTIES["district_title"],
            area=district.code,
            expected_count=count,
        ),
    ]
    items = [_item(row, f"{which.code}-{number:03d}", which) for which in lists for number, row in _numbered()]
    return lists, items


def _numbered() -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(DUTIES["item"], start=1))


def _item(row: dict[str, Any], code: str, duty_list: DutyList) -> DutyItem:
    inside = row["inside"] if duty_list.area is None else row.get("district", row["inside"])
    return DutyItem(
        code=code,
        duty_list=duty_list.code,
        block=row["block"],
        title=row["title"],
        inside_subdistrict_power=inside,
        categories=category_keys(row.get("categories", "")),
    )


def own_power(districts: list[Area], lists: list[DutyList], items: list[DutyItem]) -> dict[str, frozenset[Key]]:
    """By district, the categories that its subdistricts may deal with themselves: its own list, else the city's."""
    lists_by_area = {duty_list.area: duty_list.code for duty_list in lists}
    return {
        district.code: frozenset(
            key
            for item in items
            if item.duty_list == lists_by_area.get(district.code, lists_by_area[None]) and item.inside_subdistrict_power
            for key in item.categories
        )
        for district in districts
    }
