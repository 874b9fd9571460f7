"""Rosters for the invented cities: posts, absences, shifts, departments that end, rules at several levels."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from shapely import box

from gridsvc.index.rules.people import PLACE_ROLES
from gridsvc.model.departments import (
    Axis,
    Category,
    CategoryKind,
    Competence,
    Concern,
    Department,
    DepartmentLevel,
    Determination,
    DutyItem,
    DutyList,
    Part,
    Patch,
)
from gridsvc.model.people import CHIEF_ROLES, Absence, Assignment, Person, Post, Role, Shift, Side, TargetKind
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster, row_key
from gridsvc.model.territory import Territory, key_of
from tests.gridsvc.index.whole.random_city import COMPONENT, STEP, WESTS

DAY = date(2026, 5, 2)
MIDNIGHT = datetime(2026, 5, 1, 16, tzinfo=UTC)  # when the day begins in Shanghai
DAYS = [None, None, None, date(2026, 5, 1), DAY, date(2026, 5, 3)]
CATEGORIES = (Key("E", "1"), Key("E", "2"), COMPONENT)
LINES = ["L1", "L2", "L3", "L4"]


def make_roster(rng: Random, territory: Territory) -> Roster:
    """Everything valid for some days about `DAY`, or always."""
    tables = {
        "departments": _departments(rng),
        "people": [Person(code=f"P{n}", name=f"person {n}", phone=f"0-{n}", **_held(rng, 0.1)) for n in range(9)],
        "categories": [
            Category(scheme=key.scheme, code=key.code, kind=kind, major="1", name="类", name_en="kind", concern=concern)
            for key, kind, concern in zip(
                CATEGORIES,
                (CategoryKind.EVENT, CategoryKind.EVENT, CategoryKind.COMPONENT),
                rng.choices(list(Concern), k=3),
                strict=True,
            )
        ],
        **_staff(rng, territory),
        **_duties(rng, territory),
        **_zones(rng, territory),
    }
    return Roster(rng.randrange(99), {table: {row_key(row): row for row in rows} for table, rows in tables.items()})


def _held(rng: Random, share: float = 0.3) -> dict[str, date | None]:
    if rng.random() > share:
        return {}
    return {"valid_from": rng.choice(DAYS), "valid_to": rng.choice(DAYS)}


def _departments(rng: Random) -> list[Department]:
    offices = [("D1", "1"), ("S1", "1.1"), ("S2", "1.2"), ("S22", "2.2")]
    levels = {"D1": DepartmentLevel.DISTRICT}
    rows = [
        Department(
            code=code,
            name=f"office {code}",
            axis=Axis.BLOCK,
            level=levels.get(code, DepartmentLevel.SUBDISTRICT),
            area=area,
            successor=rng.choice([None, "L1", "S2"]),
            **_held(rng, 0.2),
        )
        for code, area in offices
        if rng.random() < 0.8
    ]
    for office in ("S1", "2.2"):
        blocks = tuple(rng.sample(["X", "Y", "Z"], 2))
        unit = {"axis": Axis.BLOCK, "level": DepartmentLevel.SUBDISTRICT, "parent": office}
        rows.append(Department(code=f"U-{office}", name="unit", duty_blocks=blocks, **unit, **_held(rng)))
    for code in LINES:
        successor = rng.choice([None, "S1", *LINES])
        rows.append(Department(code=code, name=f"line {code}", successor=successor, **_held(rng)))
    if rng.random() < 0.3:
        rows.append(Department(code="ALL", name="the city", axis=Axis.BLOCK, level=DepartmentLevel.CITY))
    return rows


def _staff(rng: Random, territory: Territory) -> dict[str, list]:
    targets = [(TargetKind.SEGMENT, segment) for segment in territory.segments] * 2
    targets += [(TargetKind.AREA, area) for area in territory.areas]
    targets += [(TargetKind.CELL, cell) for cell in rng.sample(territory.cells, 4)]
    targets += [(TargetKind.GROUP, group) for group in territory.groups]
    posts, assignments, shifts = [], [], []
    for n, (kind, target) in enumerate(targets):
        chiefs = CHIEF_ROLES[:2] if kind is TargetKind.SEGMENT else CHIEF_ROLES[2:]
        role = rng.choice(
            [*chiefs, *chiefs, Role.GRID_OFFICER, Role.STEWARD, Role.COMMISSIONER, rng.choice(PLACE_ROLES)]
        )
        side = rng.choice([None, None, *Side]) if kind is TargetKind.SEGMENT else None
        scheme = rng.choice([None, target.scheme, target.scheme, "other"])
        names = {"target_kind": kind, "target_code": target.code, "target_scheme": scheme}
        posts.append(Post(code=f"T{n:02d}", role=role, side=side, **names, **_held(rng, 0.1)))
        for turn in range(rng.choice([0, 1, 1, 1, 2])):
            person, stand_in = (f"P{rng.randrange(10)}" for _ in range(2))
            code = f"A{n:02d}{turn}"
            stand_in = rng.choice([None, stand_in])
            assignments.append(
                Assignment(code=code, post=f"T{n:02d}", person=person, stand_in=stand_in, **_held(rng, 0.2))
            )
    for n in range(14):
        start = MIDNIGHT + timedelta(hours=rng.choice([-12, -1, 0, 1]))
        post = rng.choice([None, f"T{rng.randrange(len(targets)):02d}"])
        person = rng.choice([None, f"P{rng.randrange(9)}"])
        phone = rng.choice([None, f"9-{n}"])
        end = start + timedelta(hours=rng.choice([1, 12]))
        shifts.append(Shift(code=f"H{n}", starts_at=start, ends_at=end, post=post, person=person, phone=phone))
    absences = [Absence(code=f"B{n}", person=f"P{rng.randrange(9)}", **_held(rng, 0.9)) for n in range(3)]
    return {"posts": posts, "assignments": assignments, "shifts": shifts, "absences": absences}


def _duties(rng: Random, territory: Territory) -> dict[str, list]:
    places = [None, "1", "1.1", "2.2"]
    lists = [DutyList(code=f"DL{n}", title="list", area=area, **_held(rng)) for n, area in enumerate(places)]
    kept = rng.sample(lists, rng.randint(0, 3))
    items = [
        DutyItem(
            code=f"I{n}",
            duty_list=f"DL{rng.randrange(4)}",
            block=rng.choice("XYZ"),
            title="item",
            inside_subdistrict_power=rng.random() < 0.5,
            categories=_some(rng),
            **_held(rng),
        )
        for n in range(6)
    ]
    competences = [
        Competence(
            code=f"Q{n}",
            category=rng.choice(CATEGORIES),
            area=rng.choice(territory.areas).code,
            department=rng.choice([*LINES, "S1", "S2", "gone"]),
            part=rng.choice([Part.LEAD, Part.LEAD, *Part]),
            **_held(rng),
        )
        for n in range(rng.choice([0, 8]))
    ]
    return {"duty_lists": kept, "duty_items": items, "competences": competences}


def _some(rng: Random) -> tuple[Key, ...]:
    return tuple(rng.sample(CATEGORIES, rng.choice([0, 1, 1, 2])))


def _zones(rng: Random, territory: Territory) -> dict[str, list]:
    west, south = WESTS[territory.crs]

    def ground():
        x, y = west + STEP * rng.randrange(16) / 4, south + STEP * rng.randrange(16) / 4
        return box(x, y, x + STEP * rng.choice([0.25, 1, 2]), y + STEP * rng.choice([0.25, 1, 2]))

    def department():
        return rng.choice([*LINES, "S1", "gone"])

    patches = [
        Patch(
            code=f"Z{n}",
            name="patch",
            geometry=ground(),
            department=department(),
            part=rng.choice([Part.LEAD, Part.LEAD, Part.ASSIST, Part.OWNER]),
            categories=_some(rng),
            **_held(rng),
        )
        for n in range(rng.randrange(8))
    ]
    determinations = [
        Determination(
            code=f"N{n}",
            department=department(),
            geometry=ground(),
            categories=_some(rng),
            decided_on=rng.choice([None, date(2026, 1, 1), date(2026, 2, 1)]),
            **_held(rng),
        )
        for n in range(rng.randrange(4))
    ]
    if territory.components and rng.random() < 0.5:
        key = key_of(rng.choice(territory.components))
        determinations.append(Determination(code="N9", department=department(), component=key, **_held(rng)))
    return {"patches": patches, "determinations": determinations}
