"""Who answers as chief: side, stand-in, absence, vacancy, and the climb to the district."""

from datetime import date

import pytest

from gridsvc.index.roster.staff import compile_staff
from gridsvc.index.rules.chiefs import find_chief
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.trace import Trace
from gridsvc.model.people import Absence, Assignment, Person, Post, Role, Side, TargetKind
from gridsvc.model.roster import Roster, Row, row_key
from tests.fixtures.tiny_city import tiny_rows, tiny_territory

TERRITORY = tiny_territory()
SEGMENTS = {segment.code: segment for segment in TERRITORY.segments}
AREAS = {area.code: area for area in TERRITORY.areas}
WEST = (AREAS["990101"], AREAS["990101001"], AREAS["990101001001"])
EAST = (AREAS["990101"], AREAS["990101002"], AREAS["990101002001"])
MAY, MARCH, JULY = date(2026, 5, 1), date(2026, 3, 2), date(2026, 7, 1)


def ask(segment=None, day=MAY, areas=WEST, side=None, change=None):
    rows = tiny_rows()
    if change:
        change(rows)
    staff = compile_staff(roster_of(rows))
    trace = Trace()
    place = Place(None, None, areas, segment=SEGMENTS.get(segment), side=side)
    answer = find_chief(staff, place, day, trace)
    return answer, [line.code for line in trace.lines()]


def roster_of(rows: dict[str, list[Row]]) -> Roster:
    return Roster(1, {table: {row_key(row): row for row in found} for table, found in rows.items()})


def test_nobody_is_invented_where_no_post_exists():
    answer, codes = ask(areas=())
    assert answer is None
    assert codes == ["CHIEF_NONE"]


def test_lane_chief_answers_on_the_lane():
    answer, codes = ask("L-A")
    assert (answer.role, answer.person, answer.stand_in_for, answer.target) == (
        "LANE_CHIEF",
        "P01",
        None,
        "segment L-A",
    )
    assert codes == ["CHIEF_HOLDER"]


def test_stand_in_answers_only_while_the_chief_is_absent():
    answer, codes = ask("L-A", MARCH)
    assert (answer.person, answer.name, answer.stand_in_for) == ("P02", "Bo Er", "P01")
    assert codes == ["CHIEF_STAND_IN"]
    assert ask("L-A", date(2026, 3, 8))[0].person == "P01"


def test_absent_chief_with_absent_stand_in_is_climbed_over():
    def away(rows):
        rows["absences"].append(Absence(code="AB2", person="P02"))

    answer, codes = ask("L-A", MARCH, change=away)
    assert (answer.role, answer.person, answer.target) == ("SUBDISTRICT_CHIEF", "P04", "area 990101001")
    assert codes == ["CHIEF_ABSENT", "CHIEF_HOLDER"]


def test_vacant_post_is_climbed_over_and_told():
    assert ask("S-BC", MAY)[0].person == "P03"
    answer, codes = ask("S-BC", JULY)
    assert answer.person == "P04"
    assert codes == ["CHIEF_VACANT", "CHIEF_HOLDER"]


@pytest.mark.parametrize("gone", ["person", "post", "unknown"])
def test_validity_of_person_and_post_counts(gone):
    def change(rows):
        if gone == "person":
            rows["people"][0] = Person(code="P01", name="An Yi", valid_to=date(2026, 4, 1))
        elif gone == "post":
            chief = Post(
                code="CHIEF-L-A",
                role=Role.LANE_CHIEF,
                target_kind=TargetKind.SEGMENT,
                target_code="L-A",
                valid_to=date(2026, 4, 1),
            )
            rows["posts"][0] = chief
        else:
            rows["people"].pop(0)

    answer, codes = ask("L-A", change=change)
    assert answer.person == "P04"
    assert codes == (["CHIEF_HOLDER"] if gone == "post" else ["CHIEF_VACANT", "CHIEF_HOLDER"])


def test_district_chief_answers_where_the_subdistrict_has_none():
    def change(rows):
        rows["posts"] = [p for p in rows["posts"] if p.code != "CHIEF-EAST"]
        rows["posts"].append(
            Post(code="GENERAL", role=Role.GENERAL_CHIEF, target_kind=TargetKind.AREA, target_code="990101")
        )
        rows["assignments"].append(Assignment(code="A9", post="GENERAL", person="P07"))

    answer, _ = ask("H-C", areas=EAST, change=change)
    assert (answer.role, answer.person, answer.target) == ("GENERAL_CHIEF", "P07", "area 990101")


def sided(rows):
    for side, person in ((Side.LEFT, "P05"), (Side.RIGHT, "P06")):
        post = Post(
            code=f"Z-{side}",
            role=Role.STREET_CHIEF,
            target_kind=TargetKind.SEGMENT,
            target_code="S-BC",
            target_scheme="STREET_LOCAL",
            side=side,
        )
        rows["posts"].append(post)
        rows["assignments"].append(Assignment(code=f"Z-{side}", post=post.code, person=person))


@pytest.mark.parametrize(("side", "person"), [(Side.LEFT, "P05"), (Side.RIGHT, "P06"), (None, "P05")])
def test_chief_of_the_side_goes_before_the_one_without_side(side, person):
    assert ask("S-BC", side=side, change=sided)[0].person == person


def test_chief_of_the_other_side_does_not_answer():
    def only_right(rows):
        sided(rows)
        rows["posts"] = [p for p in rows["posts"] if p.side is Side.RIGHT or p.target_code != "S-BC"]

    assert ask("S-BC", side=Side.LEFT, change=only_right)[0].role == "SUBDISTRICT_CHIEF"
    assert ask("S-BC", side=None, change=only_right)[0].person == "P06"


def test_post_of_another_scheme_is_another_segment():
    def other(rows):
        rows["posts"][0] = Post(
            code="CHIEF-L-A",
            role=Role.LANE_CHIEF,
            target_kind=TargetKind.SEGMENT,
            target_code="L-A",
            target_scheme="OTHER",
        )

    assert ask("L-A", change=other)[0].role == "SUBDISTRICT_CHIEF"


def second_lane_chief(rows):
    rows["posts"].append(
        Post(code="CHIEF-L-A:2", role=Role.LANE_CHIEF, target_kind=TargetKind.SEGMENT, target_code="L-A")
    )
    rows["assignments"].append(Assignment(code="A8", post="CHIEF-L-A:2", person="P06"))


def second_holder(rows):
    rows["assignments"].append(Assignment(code="A8", post="CHIEF-L-A", person="P06"))


@pytest.mark.parametrize("change", [second_lane_chief, second_holder])
def test_a_second_chief_of_a_lane_is_named_and_the_first_answers(change):
    rows = tiny_rows()
    change(rows)
    trace = Trace()
    place = Place(None, None, WEST, segment=SEGMENTS["L-A"])
    assert find_chief(compile_staff(roster_of(rows)), place, MAY, trace).person == "P01"
    first, second = trace.lines()
    assert (first.code, second.code) == ("CHIEF_HOLDER", "CHIEF_ALSO")
    assert "P06" in second.ids
    assert "(P06) is lane chief of" in second.en
    assert "巷长" in second.zh


def test_the_other_sides_chief_is_no_second_one():
    assert ask("S-BC", JULY, side=Side.LEFT, change=sided)[1] == ["CHIEF_HOLDER"]
    assert ask("S-BC", JULY, side=None, change=sided)[1] == ["CHIEF_HOLDER"]
    assert ask("S-BC", MAY, side=Side.LEFT, change=sided)[1] == ["CHIEF_HOLDER", "CHIEF_ALSO"]
