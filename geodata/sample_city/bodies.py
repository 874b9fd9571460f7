"""Departments and companies of the invented city, who is sent down where, and who is competent for what."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from gridsvc.model.departments import (
    Axis,
    Competence,
    Department,
    DepartmentLevel,
    Part,
    Stationing,
    StationingMode,
)
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Level

BODIES: dict[str, Any] = tomllib.loads(files(__package__).joinpath("bodies.toml").read_text("utf-8"))
SCHEMES = {"E": "EVENT_CJT214", "C": "COMPONENT_CJT214"}
INVENTED = "虚构示例 invented sample"
CITY_GOVERNMENT = "CITY-GOV"


def category_keys(words: str) -> tuple[Key, ...]:
    """`E0102 C0118` as keys."""
    return tuple(Key(SCHEMES[word[0]], word[1:]) for word in words.split())


def leaders() -> dict[Key, str]:
    """Short code of the line department that leads each category."""
    return {key: line["code"] for line in BODIES["line"] for key in category_keys(line["leads"])}


def keepers() -> dict[Key, str]:
    """Company that owns and maintains the components of a category."""
    return {key: company["code"] for company in BODIES["company"] for key in category_keys(company["keeps"])}


def build_departments(areas: list[Area]) -> list[Department]:
    """The city's government, each district's and each subdistrict's bodies, and the companies."""
    departments = [Department(code=CITY_GOVERNMENT, name="示例市人民政府", axis=Axis.BLOCK, level=DepartmentLevel.CITY)]
    departments += [
        Department(code=company["code"], name=company["name"], level=DepartmentLevel.COMPANY, phone=phone(number))
        for number, company in enumerate(BODIES["company"], start=100)
    ]
    for number, area in enumerate(areas):
        if area.level is Level.DISTRICT:
            departments += _of_district(area, number * 100)
        elif area.level is Level.SUBDISTRICT:
            departments += _of_subdistrict(area, number * 100)
    return departments


def phone(number: int) -> str:
    """A number that nobody has: 000-0000-0001 and on."""
    return f"000-{number // 10_000 % 10_000:04d}-{number % 10_000:04d}"


def office(subdistrict: str) -> str:
    """Code of a subdistrict's office."""
    return f"SO-{subdistrict}"


def _of_district(area: Area, number: int) -> Iterator[Department]:
    block = DepartmentLevel.DISTRICT
    yield Department(
        code=f"DG-{area.code}", name=f"示例市{area.name}人民政府", axis=Axis.BLOCK, level=block, area=area.code
    )
    for line in BODIES["line"]:
        number += 1
        yield Department(
            code=f"{line['code']}-{area.code}",
            name=f"{area.name}{line['name']}",
            short_name=line["name"],
            phone=phone(5_000_000 + number),
        )
    for former in BODIES["former"]:
        yield Department(
            code=f"{former['code']}-{area.code}",
            name=f"{area.name}{former['name']}",
            successor=f"{former['successor']}-{area.code}",
            valid_to=former["until"],
        )


def _of_subdistrict(area: Area, number: int) -> Iterator[Department]:
    level = DepartmentLevel.SUBDISTRICT
    yield Department(
        code=office(area.code),
        name=f"{area.name}办事处",
        axis=Axis.BLOCK,
        level=level,
        area=area.code,
        phone=phone(6_000_000 + number),
    )
    for unit in BODIES["unit"]:
        number += 1
        yield Department(
            code=f"{office(area.code)}-{unit['code']}",
            name=f"{area.name}{unit['name']}",
            short_name=unit["name"],
            axis=Axis.BLOCK,
            level=level,
            parent=office(area.code),
            duty_blocks=(unit["block"],) if "block" in unit else (),
            phone=phone(6_000_000 + number),
        )


def build_stationings(areas: list[Area], since: date) -> list[Stationing]:
    """Who is sent down to each subdistrict: for good, as liaison, or on call."""
    stations = [(line["code"], StationingMode(line["station"])) for line in BODIES["line"] if "station" in line]
    subdistricts = [area.code for area in areas if area.level is Level.SUBDISTRICT]
    return [
        Stationing(
            code=f"ST-{subdistrict}-{code}",
            department=f"{code}-{subdistrict[:6]}",
            subdistrict=subdistrict,
            mode=mode,
            phone=phone(7_000_000 + number * 100 + place),
            valid_from=since,
        )
        for number, subdistrict in enumerate(subdistricts)
        for place, (code, mode) in enumerate(stations)
    ]


def build_competences(areas: list[Area], own: Mapping[str, frozenset[Key]]) -> list[Competence]:
    """One LEAD per category and district. What a subdistrict may do itself (`own`, by district) its office leads.

    What moved down in 2020 its own enforcement team leads since then.
    """
    rows: list[Competence] = []
    moved = BODIES["moved_down"]
    down = category_keys(moved["leads"])
    for area in areas:
        if area.level is Level.DISTRICT:
            rows += _district_competences(area.code)
        elif area.level is Level.SUBDISTRICT:
            team = f"{office(area.code)}-{moved['unit']}"
            rows += (_competence(key, area.code, team, Part.LEAD, moved["since"]) for key in down)
            kept = sorted(own[area.code[:6]].difference(down))
            rows += (_competence(key, area.code, office(area.code), Part.LEAD) for key in kept)
    return rows


def _district_competences(district: str) -> Iterator[Competence]:
    for body in BODIES["line"] + BODIES["former"]:
        department = f"{body['code']}-{district}"
        for part, words in ((Part.LEAD, body.get("leads", "")), (Part.ASSIST, body["assists"])):
            yield from (_competence(key, district, department, part) for key in category_keys(words))
    for company in BODIES["company"]:
        for key in category_keys(company["keeps"]):
            yield _competence(key, district, company["code"], Part.OWNER)
            yield _competence(key, district, company["code"], Part.MAINTAINER)


def _competence(key: Key, area: str, department: str, part: Part, since: date | None = None) -> Competence:
    code = f"K-{area}-{key.scheme[0]}{key.code}-{part}-{department.removesuffix(f'-{area}')}"
    return Competence(
        code=code, category=key, area=area, department=department, part=part, basis=INVENTED, valid_from=since
    )
