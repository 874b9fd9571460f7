"""What a change of the roster adds to its findings; and the checks that only changes are asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from geodata.checks.ground import Ground, ground_of_edition, ground_of_territory
from geodata.checks.roster_checks import compare_findings
from geodata.checks.rows import RosterContext
from geodata.issues import text_of
from gridsvc.index.compile import compile_territory
from gridsvc.model.departments import Competence, Department, Part
from gridsvc.model.issue import Severity
from gridsvc.model.people import Assignment, Person, Post, Role, Shift, Side, TargetKind
from gridsvc.model.roster import Roster, RosterChange, Row, lay_over, row_key
from gridsvc.model.territory import Group, GroupKind
from tests.fixtures.tiny_city import PARKING, tiny_roster, tiny_territory
from tests.geodata.checks.findings import TODAY, findings, told

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return ground_of_territory(tiny_territory())


def new(
    ground: Ground, changes: list[tuple[str, Row]], base: Roster | None = None
) -> list[tuple[str, tuple[str, ...]]]:
    """Findings that the changes bring."""
    before = base or tiny_roster()
    after = lay_over(before, [RosterChange(table, row_key(row), row) for table, row in changes])
    context = RosterContext(ground, before, TODAY)
    return told(list(compare_findings(context, replace(context, roster=after), {table for table, _ in changes}).new))


def test_a_compiled_edition_is_the_same_ground_as_its_layers(ground: Ground) -> None:
    city = tiny_territory()
    compiled = compile_territory(1, NOON, city)
    found = ground_of_edition(compiled, city.groups)
    for name in ("areas", "parents", "counting", "targets", "cell_schemes"):
        assert getattr(found, name) == getattr(ground, name), name
    assert [list(keys) for keys in found.cells] == [list(keys) for keys in ground.cells]
    assert [set(keys) for keys in found.components] == [set(keys) for keys in ground.components]
    assert found.schemes_of(TargetKind.CELL, city.cells[4].code) == {city.cells[4].scheme}
    assert not found.schemes_of(TargetKind.CELL, "1")


def test_a_coming_edition_adds_its_targets(ground: Ground) -> None:
    city = tiny_territory()
    later = replace(city, groups=(*city.groups, Group("GROUP_LOCAL", "D-0009", "new", GroupKind.DUTY)))
    both = ground.also(ground_of_territory(later))
    post = Post(code="N", role=Role.GRID_OFFICER, target_kind=TargetKind.GROUP, target_code="D-0009")
    assert new(ground, [("posts", post)]) == [("POST_TARGET_UNKNOWN", ("N",))]
    assert new(both, [("posts", post)]) == []
    assert both.counting == ground.counting


def test_what_was_amiss_before_is_not_new(ground: Ground) -> None:
    lost = Assignment(code="A1", post="CHIEF-L-A", person="P99", stand_in="P02")
    base = lay_over(tiny_roster(), [RosterChange("assignments", "A1", lost)])
    assert new(ground, [("assignments", replace(lost, valid_to=date(2030, 1, 1)))], base) == []
    assert new(ground, [("assignments", replace(lost, person="P98"))], base) == [("ROW_PERSON_UNKNOWN", ("A1",))]
    assert new(ground, [("assignments", replace(lost, stand_in="P97"))], base) == [("ROW_PERSON_UNKNOWN", ("A1",))]


def test_the_last_lead_leaves_a_gap(ground: Ground) -> None:
    row = Competence(code="K1", category=PARKING, area="990101", department="TRAFFIC", part=Part.ASSIST)
    assert [code for code, _ in new(ground, [("competences", row)])] == ["NO_LEAD"]


def test_the_last_lead_that_ends_later_is_told_with_its_day(ground: Ground) -> None:
    end = date(2026, 6, 1)
    row = Competence(
        code="K1", category=PARKING, area="990101", department="TRAFFIC", part=Part.LEAD, basis="sample", valid_to=end
    )
    base, after = tiny_roster(), lay_over(tiny_roster(), [RosterChange("competences", "K1", row)])
    context = RosterContext(ground, base, TODAY)
    [issue] = compare_findings(context, replace(context, roster=after), {"competences"}).new
    assert (issue.code, issue.values["day"]) == ("NO_LEAD_FROM", "2026-06-01")
    assert "from 2026-06-01 on nobody leads" in text_of(issue, "en")[0]
    heir = replace(row, code="K9", department="PARKS", valid_from=end, valid_to=None)
    assert new(ground, [("competences", row), ("competences", heir)]) == []


def shift(code: str, hour: int, hours: int, post: str | None = "OFFICER-1") -> tuple[str, Row]:
    start = NOON + timedelta(hours=hour)
    return "shifts", Shift(
        code=code, starts_at=start, ends_at=start + timedelta(hours=hours), post=post, department="WEST"
    )


def test_shifts_that_meet_do_not_overlap(ground: Ground) -> None:
    assert new(ground, [shift("S1", 0, 8), shift("S2", 8, 8)]) == []
    assert new(ground, [shift("S1", 0, 8, None), shift("S2", 0, 8, None)]) == []


def test_shifts_of_a_post_that_overlap_are_told_past_a_short_one_between(ground: Ground) -> None:
    found = new(ground, [shift("S1", 0, 20), shift("S2", 1, 1), shift("S3", 10, 12)])
    assert found == [("SHIFTS_OVERLAP", ("S1", "S2")), ("SHIFTS_OVERLAP", ("S1", "S3"))]


def holder(code: str, post: str, start: date | None, end: date | None = None) -> tuple[str, Row]:
    return "assignments", Assignment(code=code, post=post, person="P03", valid_from=start, valid_to=end)


def test_a_chief_post_has_one_holder_a_stewards_any_number(ground: Ground) -> None:
    assert new(ground, [holder("N", "CHIEF-WEST", date(2026, 5, 1))]) == [("TWO_HOLDERS", ("A3", "N"))]
    assert new(ground, [holder("N", "STEWARD-A", date(2026, 5, 1))]) == []
    assert new(ground, [holder("N", "CHIEF-S-BC", date(2026, 6, 1))]) == []
    assert new(ground, [holder("N", "CHIEF-S-BC", date(2026, 5, 31))]) == [("TWO_HOLDERS", ("A2", "N"))]


LANE = Post(code="SECOND", role=Role.LANE_CHIEF, target_kind=TargetKind.SEGMENT, target_code="L-A")
LEFT = replace(LANE, code="LEFT", target_code="S-BC", role=Role.STREET_CHIEF, side=Side.LEFT)
RIGHT = replace(LEFT, code="RIGHT", side=Side.RIGHT)


def test_a_second_lane_chief_of_a_segment_is_told_in_both_languages(ground: Ground) -> None:
    base, held = tiny_roster(), holder("N", "SECOND", None)
    assert new(ground, [("posts", LANE)]) == [], "a vacant post answers for nothing"
    assert new(ground, [("posts", LANE), held]) == [("TWO_CHIEFS", ("A1", "N"))]
    named = replace(LANE, target_scheme="STREET_LOCAL")
    assert new(ground, [("posts", named), held]) == [("TWO_CHIEFS", ("A1", "N"))]
    after = lay_over(base, [RosterChange("posts", "SECOND", LANE), RosterChange("assignments", "N", held[1])])
    [issue] = [issue for issue in findings(tiny_territory(), after) if issue.code == "TWO_CHIEFS"]
    assert issue.severity is Severity.BLOCK
    assert "lane chief of L-A from 2026-03-02, by the posts CHIEF-L-A, SECOND" in text_of(issue, "en")[0]
    assert "同时担任 L-A 的巷长（岗位 CHIEF-L-A, SECOND）" in text_of(issue, "zh")[0]


@pytest.mark.parametrize(
    "second",
    [
        replace(LANE, role=Role.STREET_CHIEF),
        replace(LANE, target_code="H-C"),
        replace(LANE, target_scheme="OTHER"),
        replace(LANE, valid_to=date(2026, 1, 1)),
    ],
    ids=["another role", "another segment", "another scheme", "over"],
)
def test_another_chief_elsewhere_is_no_second_one(ground: Ground, second: Post) -> None:
    found = new(ground, [("posts", second), holder("N", "SECOND", None)])
    assert "TWO_CHIEFS" not in [code for code, _ in found]


def test_a_chief_of_each_side_is_right_and_one_of_both_sides_beside_them_is_not(ground: Ground) -> None:
    sides: list[tuple[str, Row]] = [("posts", LEFT), ("posts", RIGHT)]
    later = date(2026, 6, 1)
    held = [holder("NL", "LEFT", later), holder("NR", "RIGHT", later)]
    assert new(ground, [*sides, *held]) == [], "the one of both sides ends on that day"
    early = [*sides, holder("NL", "LEFT", date(2026, 5, 31)), held[1]]
    assert new(ground, early) == [("TWO_CHIEFS", ("A2", "NL"))]
    twin = ("posts", replace(LEFT, code="TWIN"))
    assert new(ground, [*sides, *held, twin, holder("NT", "TWIN", later)]) == [("TWO_CHIEFS", ("NL", "NT"))]


def test_who_is_no_longer_in_service_holds_no_post_beside_another(ground: Ground) -> None:
    gone = Person(code="P01", name="An Yi", valid_to=date(2026, 5, 1))
    changes = [("posts", LANE), holder("N", "SECOND", date(2026, 5, 1))]
    assert new(ground, [*changes, ("people", gone)]) == []
    assert new(ground, changes) == [("TWO_CHIEFS", ("A1", "N"))]


def test_a_subdistrict_has_one_chief(ground: Ground) -> None:
    area = replace(LANE, role=Role.SUBDISTRICT_CHIEF, target_kind=TargetKind.AREA, target_code="990101001")
    assert new(ground, [("posts", area), holder("N", "SECOND", None)]) == [("TWO_CHIEFS", ("A3", "N"))]


def department(**values: object) -> tuple[str, Row]:
    return "departments", Department(code="TRAFFIC", name="Traffic", **values)  # type: ignore[arg-type]


def test_rows_outlive_a_department_only_with_a_successor(ground: Ground) -> None:
    end = date(2026, 6, 1)
    left = {("DEPARTMENT_ENDED", ("K1",)), ("DEPARTMENT_ENDED", ("DET1",))}
    assert set(new(ground, [department(valid_to=end)])) == left
    succeeded = new(ground, [department(valid_to=end, successor="PARKS")])
    assert {code for code, _ in succeeded} == {"DEPARTMENT_SUCCEEDED"}
    assert {code for code, _ in new(ground, [department(valid_to=end, successor="GONE")])} == {
        "DEPARTMENT_ENDED",
        "ROW_DEPARTMENT_UNKNOWN",
    }


def test_a_row_that_ends_with_its_department_is_fine(ground: Ground) -> None:
    end = date(2026, 6, 1)
    lead = Competence(code="K1", category=PARKING, area="990101", department="TRAFFIC", part=Part.LEAD, valid_to=end)
    found = new(ground, [department(valid_to=end), ("competences", lead)])
    assert ("DEPARTMENT_ENDED", ("K1",)) not in found
