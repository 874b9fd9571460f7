"""People of a place, and who of them is on duty now."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gridsvc.index.roster.staff import compile_staff
from gridsvc.index.rules.people import list_people
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Trace
from gridsvc.model.people import Absence, Assignment, Person, Post, Role, Shift, Side, TargetKind
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster, row_key
from gridsvc.model.territory import Group, GroupKind
from tests.fixtures.tiny_city import CELLS, tiny_rows, tiny_territory

TERRITORY = tiny_territory()
AREAS = {area.code: area for area in TERRITORY.areas}
WEST = (AREAS["990101"], AREAS["990101001"], AREAS["990101001001"])
LANE = next(segment for segment in TERRITORY.segments if segment.code == "L-A")
GROUP = TERRITORY.groups[0]
CELL = Key(CELLS, "990101001001002")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOW = {"starts_at": NOON - timedelta(hours=1), "ends_at": NOON + timedelta(days=1)}


def ask(at=NOON, change=None, **place):
    rows = tiny_rows()
    if change:
        change(rows)
    staff = compile_staff(Roster(1, {t: {row_key(r): r for r in found} for t, found in rows.items()}))
    where = Place(
        **({"cell": CELL, "responsible_body": None, "areas": WEST, "groups": (GROUP,), "segment": LANE} | place)
    )
    trace = Trace()
    found = list_people(staff, where, Matter(at, at.date(), "City"), trace)
    return found, [line.code for line in trace.lines()]


def post(rows, role, kind, code, person, **more):
    rows["posts"].append(Post(code=f"N-{role}-{code}", role=role, target_kind=kind, target_code=code, **more))
    rows["assignments"].append(Assignment(code=f"N-{role}-{code}", post=f"N-{role}-{code}", person=person))


def test_nobody_where_nothing_is_held():
    assert ask(groups=(), segment=None)[0] == ()


def test_officer_of_the_duty_group_and_steward_of_the_segment():
    found, _ = ask()
    assert [(p.role, p.person, p.name, p.target) for p in found] == [
        ("GRID_OFFICER", "P06", "Fu Liu", "group D-0001"),
        ("STEWARD", "P07", "Gao Qi", "segment L-A"),
    ]


def test_officer_of_another_kind_of_group_is_not_the_grid_officer():
    group = Group(GROUP.scheme, GROUP.code, GROUP.name, GroupKind.EVALUATION, GROUP.cells)
    assert [p.role for p in ask(groups=(group,))[0]] == ["STEWARD"]


def test_people_by_role_and_then_the_nearer_target():
    def more(rows):
        post(rows, Role.LIAISON, TargetKind.AREA, "990101", "P01")
        post(rows, Role.COMMISSIONER, TargetKind.AREA, "990101001", "P02")
        post(rows, Role.COMMISSIONER, TargetKind.AREA, "990101001001", "P03")
        post(rows, Role.COLLECTOR, TargetKind.CELL, CELL.code, "P04", target_scheme=CELLS)
        post(rows, Role.DISPATCHER, TargetKind.AREA, "990101", "P05")

    found, _ = ask(change=more)
    assert [(p.role, p.person) for p in found] == [
        ("GRID_OFFICER", "P06"),
        ("COMMISSIONER", "P03"),
        ("COMMISSIONER", "P02"),
        ("STEWARD", "P07"),
        ("COLLECTOR", "P04"),
        ("LIAISON", "P01"),
    ]


def test_steward_of_the_other_side_is_left_out():
    def sided(rows):
        post(rows, Role.STEWARD, TargetKind.SEGMENT, "L-A", "P02", side=Side.LEFT)

    assert [p.person for p in ask(change=sided, side=Side.RIGHT)[0]] == ["P06", "P07"]
    assert [p.person for p in ask(change=sided, side=Side.LEFT)[0]] == ["P06", "P02", "P07"]


@pytest.mark.parametrize(
    ("at", "on_duty", "phone"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), True, "000-0606"),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), False, "000-0006"),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), False, "000-0006"),
    ],
)
def test_on_duty_between_the_instants_of_a_shift(at, on_duty, phone):
    officer, steward = ask(at)[0]
    assert (officer.on_duty, officer.phone) == (on_duty, phone)
    assert steward.on_duty is None


def test_shift_without_person_is_the_holders():
    def anonymous(rows):
        rows["shifts"] = [Shift(code="S", post="OFFICER-1", phone="000-1", **NOW)]

    officer = ask(change=anonymous)[0][0]
    assert (officer.person, officer.on_duty, officer.phone) == ("P06", True, "000-1")


def test_shift_of_the_person_counts_for_all_their_posts():
    def own(rows):
        rows["shifts"] = [Shift(code="S", department="WEST", person="P07", **NOW)]

    officer, steward = ask(change=own)[0]
    assert (officer.on_duty, steward.on_duty) == (None, True)


def test_somebody_else_on_shift_is_listed_beside_the_holder():
    def relief(rows):
        rows["shifts"] = [Shift(code="S", post="OFFICER-1", person="P02", **NOW)]

    assert [(p.person, p.on_duty) for p in ask(change=relief)[0][:2]] == [("P06", False), ("P02", True)]


def test_absent_steward_is_left_out_and_told_or_stood_in_for():
    def away(rows):
        rows["absences"].append(Absence(code="X", person="P07"))

    found, codes = ask(change=away)
    assert [p.person for p in found] == ["P06"]
    assert codes == ["PERSON_ABSENT"]

    def covered(rows):
        away(rows)
        rows["assignments"][5] = Assignment(code="A6", post="STEWARD-A", person="P07", stand_in="P03")

    assert [p.person for p in ask(change=covered)[0]] == ["P06", "P03"]


def test_people_out_of_service_are_left_out():
    def gone(rows):
        rows["people"][6] = Person(code="P07", name="Gao Qi", valid_to=date(2026, 1, 1))

    assert [p.person for p in ask(change=gone)[0]] == ["P06"]
