"""Whose row it is, table by table: what the clerk of a subdistrict may change, and what needs the whole city."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from shapely import box

from gridsvc.accounts.rights import is_within
from gridsvc.index.compile import compile_territory
from gridsvc.index.roster.duties import compile_duties
from gridsvc.model.accounts import Account, AccountRole, Caller, Reach
from gridsvc.model.departments import (
    Category,
    CategoryKind,
    Competence,
    Department,
    Determination,
    DutyItem,
    DutyList,
    Part,
    Patch,
    Stationing,
    StationingMode,
)
from gridsvc.model.people import Absence, Assignment, Person, Post, Role, Shift, TargetKind
from gridsvc.model.roster import ROSTER_TABLES, Roster, Row
from gridsvc.roster.scope import Scopes
from gridsvc.roster.whereabouts import Whereabouts
from tests.fixtures.tiny_city import PARKING, cell_code, tiny_roster, tiny_territory

WEST, EAST, APRICOT = "990101001", "990101002", "990101001001"
DAY = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = [date(2026, 3, 1) + timedelta(number) for number in range(20)]
SQUARE = box(116.4, 39.9, 116.401, 39.901)


def post(kind: TargetKind, code: str) -> Post:
    return Post(code="N", role=Role.STEWARD, target_kind=kind, target_code=code)


def shift(**about: str) -> Shift:
    return Shift(code="N", starts_at=DAY, ends_at=DAY.replace(hour=8), **about)  # type: ignore[arg-type]


CASES: list[tuple[str, Row, str]] = [
    ("posts", post(TargetKind.SEGMENT, "L-A"), "west"),
    ("posts", post(TargetKind.SEGMENT, "H-C"), "east"),
    ("posts", post(TargetKind.SEGMENT, "S-BC"), "west"),
    ("posts", post(TargetKind.CELL, cell_code("A0")), "west"),
    ("posts", post(TargetKind.CELL, cell_code("C2")), "east"),
    ("posts", post(TargetKind.GROUP, "D-0001"), "west"),
    ("posts", post(TargetKind.GROUP, "D-0002"), "east"),
    ("posts", post(TargetKind.AREA, APRICOT), "west"),
    ("posts", post(TargetKind.AREA, "990101"), ""),
    ("posts", post(TargetKind.AREA, "999"), ""),
    ("assignments", Assignment(code="N", post="CHIEF-L-A", person="P05"), "west"),
    ("assignments", Assignment(code="N", post="CHIEF-EAST", person="P01"), "east"),
    ("assignments", Assignment(code="N", post="NONE", person="P01"), ""),
    ("absences", Absence(code="N", person="P01"), "west"),
    ("absences", Absence(code="N", person="P05"), "east"),
    ("absences", Absence(code="N", person="P99"), ""),
    ("shifts", shift(post="OFFICER-1"), "west"),
    ("shifts", shift(department="WEST-CITY"), "west"),
    ("shifts", shift(department="EAST"), "east"),
    ("shifts", shift(department="WATER"), ""),
    ("shifts", shift(post="OFFICER-1", department="EAST"), ""),
    ("shifts", shift(person="W"), "west"),
    ("people", Person(code="N", name="n", belongs_to="WEST"), "west"),
    ("people", Person(code="N", name="n", belongs_to="WEST-CITY"), "west"),
    ("people", Person(code="N", name="n", belongs_to="WATER", used_by="EAST"), "east"),
    ("people", Person(code="N", name="n", belongs_to=EAST), "east"),
    ("people", Person(code="N", name="n", belongs_to="WATER"), ""),
    ("people", Person(code="N", name="n"), ""),
    ("stationings", Stationing(code="N", department="WATER", subdistrict=WEST, mode=StationingMode.ON_CALL), "west"),
    ("competences", Competence(code="N", category=PARKING, area=APRICOT, department="WEST", part=Part.ASSIST), "west"),
    ("competences", Competence(code="N", category=PARKING, area="990101", department="WEST", part=Part.ASSIST), ""),
    ("departments", Department(code="N", name="n", area=WEST, parent="WEST"), ""),
    ("duty_lists", DutyList(code="N", title="t", area=WEST), ""),
    ("duty_items", DutyItem(code="N", duty_list="L", block="b", title="t", inside_subdistrict_power=True), ""),
    ("categories", Category(scheme="S", code="1", kind=CategoryKind.EVENT, major="01", name="n", name_en="n"), ""),
    ("patches", Patch(code="N", name="n", geometry=SQUARE, department="WEST"), ""),
    ("determinations", Determination(code="N", geometry=SQUARE, department="WEST"), ""),
]


@pytest.fixture(scope="module")
def scopes() -> Scopes:
    tiny = tiny_roster()
    people = {**tiny.tables["people"], "W": Person(code="W", name="w", belongs_to="WEST")}
    duties = compile_duties(Roster(1, {**tiny.tables, "people": people}))
    edition = compile_territory(1, DAY, tiny_territory())
    return Scopes(duties.staff, duties.organisation, Whereabouts(edition))


def may(scopes: Scopes, account: Account, table: str, row: Row) -> bool:
    caller = Caller(account)
    claims = scopes.claims_of(table, row)
    inside = bool(claims) and all(
        is_within(caller, Reach.SCOPE, areas=claim.areas, departments=claim.departments, made_by=None)
        for claim in claims
    )
    return inside or is_within(caller, Reach.SCOPE, areas=(), departments=(), made_by=None)


def clerk(area: str | None, department: str | None = None) -> Account:
    return Account(login="c", name="c", role=AccountRole.ROSTER_CLERK, area=area, department=department)


def test_every_table_has_its_cases() -> None:
    assert {table for table, _, _ in CASES} == set(ROSTER_TABLES)


@pytest.mark.parametrize(("table", "row", "whose"), CASES, ids=lambda value: str(value)[:60])
def test_whose_row_it_is(scopes: Scopes, table: str, row: Row, whose: str) -> None:
    allowed = {name for name, area in (("west", WEST), ("east", EAST)) if may(scopes, clerk(area), table, row)}
    assert allowed == ({whose} if whose else set())
    assert may(scopes, clerk(None), table, row)


def test_a_clerk_of_a_department_has_what_it_governs(scopes: Scopes) -> None:
    west = clerk(None, "WEST")
    assert may(scopes, west, "posts", post(TargetKind.SEGMENT, "L-A"))
    assert not may(scopes, west, "posts", post(TargetKind.SEGMENT, "H-C"))
    assert may(scopes, west, "people", Person(code="N", name="n", belongs_to="WEST-CITY"))
    assert not may(scopes, west, "departments", Department(code="N", name="n"))


def test_a_community_clerk_has_the_community(scopes: Scopes) -> None:
    assert may(scopes, clerk(APRICOT), "posts", post(TargetKind.CELL, cell_code("A0")))
    assert not may(scopes, clerk(APRICOT), "posts", post(TargetKind.CELL, cell_code("B0")))
    assert not may(scopes, clerk(APRICOT), "posts", post(TargetKind.AREA, WEST))


def test_posts_of_somebody_are_looked_up_once_for_all_their_absences(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [Assignment(code=f"H{day}", post="CHIEF-L-A", person="A", valid_from=day) for day in DAYS]
    roster = Roster(1, {**tiny_roster().tables, "assignments": {row.code: row for row in held}})
    duties, edition = compile_duties(roster), compile_territory(1, DAY, tiny_territory())
    scopes, asked = Scopes(duties.staff, duties.organisation, Whereabouts(edition)), []
    of_post = Scopes.of_post
    monkeypatch.setattr(Scopes, "of_post", lambda scopes, code: asked.append(code) or of_post(scopes, code))
    for day in DAYS:
        [claim] = scopes.claims_of("absences", Absence(code="N", person="A", valid_from=day))
        assert WEST in claim.areas
    assert len(asked) == len(held)


def test_targets_have_names(scopes: Scopes) -> None:
    named = {
        kind: scopes.whereabouts.name_of(post(kind, code))
        for kind, code in (
            (TargetKind.SEGMENT, "L-A"),
            (TargetKind.CELL, cell_code("A0")),
            (TargetKind.GROUP, "D-0001"),
            (TargetKind.AREA, WEST),
        )
    }
    assert list(named.values()) == ["Apricot Lane", "A0", "Duty group west", "West Subdistrict"]
    assert scopes.whereabouts.name_of(post(TargetKind.AREA, "999")) is None


def test_a_post_says_in_which_scheme_its_target_is() -> None:
    """Two schemes may have the same code for ground far apart: the clerk of one side has nothing of the other's."""
    territory = tiny_territory()
    west, east = (next(c for c in territory.cells if c.code == cell_code(name)) for name in ("A0", "C2"))
    twin = replace(east, scheme="A_SCHEME", code=west.code)
    lane, foreign = (next(s for s in territory.segments if s.code == code) for code in ("L-A", "H-C"))
    other = replace(foreign, scheme="A_SCHEME", code=lane.code)
    cells, segments = (*territory.cells, twin), (*territory.segments, other)
    where = Whereabouts(compile_territory(1, DAY, replace(territory, cells=cells, segments=segments)))
    for kind, feature in ((TargetKind.CELL, west), (TargetKind.SEGMENT, lane)):
        areas = {
            scheme: where.of_post(replace(post(kind, feature.code), target_scheme=scheme))
            for scheme in (feature.scheme, "A_SCHEME", "NONE", None)
        }
        assert (WEST in areas[feature.scheme], EAST in areas[feature.scheme]) == (True, False)
        assert (WEST in areas["A_SCHEME"], EAST in areas["A_SCHEME"]) == (False, True)
        assert areas["NONE"] == frozenset()
        assert areas[None] >= areas["A_SCHEME"]
