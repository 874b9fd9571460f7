from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from gridsvc.model.departments import Competence, Department, DutyItem, DutyList, Part
from gridsvc.model.issue import Severity
from gridsvc.model.people import Assignment, Post, Role, Shift, TargetKind
from gridsvc.model.roster import Roster, Row
from gridsvc.model.territory import Layer
from tests.fixtures.tiny_city import PARKING, RUBBISH, tiny_roster, tiny_territory
from tests.geodata.checks.cities import changed, new_findings, roster_with
from tests.geodata.checks.findings import TODAY, findings, told

GONE = TODAY - timedelta(days=1)


def lead(code: str, area: str, **values: object) -> Competence:
    return Competence(code=code, category=RUBBISH, area=area, department="PARKS", part=Part.LEAD, **values)  # type: ignore[arg-type]


def lacking(roster: Roster) -> set[tuple[str, ...]]:
    """(area, category) of NO_LEAD findings for rubbish."""
    issues = findings(tiny_territory(), roster)
    return {
        issue.features
        for issue in issues
        if issue.code == "NO_LEAD" and "0102" in issue.features[1] and "EVENT" in issue.features[1]
    }


@pytest.mark.parametrize(
    ("kind", "target"),
    [(TargetKind.SEGMENT, "L-X"), (TargetKind.CELL, "1"), (TargetKind.GROUP, "D-9"), (TargetKind.AREA, "999")],
)
def test_a_post_on_an_unknown_target_blocks(kind: TargetKind, target: str) -> None:
    post = Post(code="NEW", role=Role.STEWARD, target_kind=kind, target_code=target)
    [issue] = new_findings(roster=roster_with("posts", post))
    assert (issue.code, issue.severity, issue.values["target"]) == (
        "POST_TARGET_UNKNOWN",
        Severity.BLOCK,
        f"{kind} {target}",
    )


def test_a_post_that_has_ended_is_history() -> None:
    post = Post(code="OLD", role=Role.STEWARD, target_kind=TargetKind.AREA, target_code="999", valid_to=GONE)
    assert new_findings(roster=roster_with("posts", post)) == []


def test_a_code_that_two_schemes_have_needs_its_scheme() -> None:
    city = tiny_territory()
    twin = replace(city.segments[0], scheme="STREET_OTHER")
    post = Post(code="NEW", role=Role.STEWARD, target_kind=TargetKind.SEGMENT, target_code=twin.code)
    issues = findings(replace(city, segments=(*city.segments, twin)), roster_with("posts", post))
    assert ("POST_TARGET_AMBIGUOUS", ("NEW",)) in told(issues)
    named = roster_with("posts", replace(post, target_scheme="STREET_LOCAL"))
    assert "POST_TARGET_AMBIGUOUS" not in {
        i.code for i in findings(replace(city, segments=(*city.segments, twin)), named)
    }


@pytest.mark.parametrize(
    ("table", "row", "code"),
    [
        ("assignments", Assignment(code="N", post="NONE", person="P01"), "ROW_POST_UNKNOWN"),
        ("assignments", Assignment(code="N", post="STEWARD-A", person="P99"), "ROW_PERSON_UNKNOWN"),
        ("assignments", Assignment(code="N", post="STEWARD-A", person="P01", stand_in="P99"), "ROW_PERSON_UNKNOWN"),
        ("departments", Department(code="N", name="n", parent="NONE"), "ROW_DEPARTMENT_UNKNOWN"),
        ("departments", Department(code="N", name="n", area="999"), "ROW_AREA_UNKNOWN"),
        (
            "competences",
            Competence(code="N", category=PARKING, area="990101", department="NONE", part=Part.ASSIST),
            "ROW_DEPARTMENT_UNKNOWN",
        ),
        (
            "duty_items",
            DutyItem(code="N", duty_list="NONE", block="b", title="t", inside_subdistrict_power=True),
            "ROW_DUTY_LIST_UNKNOWN",
        ),
        (
            "shifts",
            Shift(
                code="N",
                starts_at=datetime(2026, 3, 1, tzinfo=UTC),
                ends_at=datetime(2026, 3, 3, tzinfo=UTC),
                person="P99",
            ),
            "ROW_PERSON_UNKNOWN",
        ),
    ],
)
def test_rows_that_name_what_is_not_there(table: str, row: Row, code: str) -> None:
    assert told(new_findings(roster=roster_with(table, row))) == [(code, ("N",))]


def test_an_area_stands_as_a_department() -> None:
    row = Competence(code="N", category=PARKING, area="990101", department="990101002", part=Part.ASSIST)
    assert new_findings(roster=roster_with("competences", row)) == []


def test_successors_in_a_ring_block() -> None:
    ring = [Department(code=a, name=a, successor=b) for a, b in (("R1", "R2"), ("R2", "R3"), ("R3", "R1"))]
    assert told(new_findings(roster=roster_with("departments", *ring))) == [("SUCCESSOR_CYCLE", ("R1", "R2", "R3"))]


def test_a_duty_list_that_lacks_items_is_a_warning_with_both_numbers() -> None:
    [issue] = new_findings(roster=roster_with("duty_lists", DutyList(code="CITY-2026", title="t", expected_count=106)))
    assert (issue.code, issue.severity) == ("DUTY_LIST_COUNT", Severity.WARNING)
    assert (issue.values["expected"], issue.values["count"]) == (106, 2)


def test_two_leads_for_one_category_area_and_day_block() -> None:
    roster = roster_with("competences", lead("L1", "990101"), lead("L2", "990101", valid_from=date(2026, 6, 1)))
    [issue] = new_findings(roster=roster)
    assert (issue.code, issue.features, issue.values["day"]) == ("TWO_LEADS", ("L1", "L2"), "2026-06-01")


def test_leads_that_follow_each_other_or_lie_in_different_areas_do_not_meet() -> None:
    day = date(2026, 6, 1)
    rows = lead("L1", "990101", valid_to=day), lead("L2", "990101", valid_from=day), lead("L3", "990101001")
    assert new_findings(roster=roster_with("competences", *rows)) == []


def test_a_missing_lead_is_told_once_for_the_widest_area() -> None:
    assert lacking(tiny_roster()) == {("990101", "EVENT_CJT214:0102")}


def test_a_lead_on_one_community_leaves_the_others_to_be_told() -> None:
    roster = roster_with("competences", lead("L1", "990101001001"))
    assert {features[0] for features in lacking(roster)} == {"990101001002", "990101002"}


@pytest.mark.parametrize("area", ["990101"])
def test_a_lead_above_leads_below(area: str) -> None:
    assert lacking(roster_with("competences", lead("L1", area))) == set()


def test_a_lead_that_begins_tomorrow_does_not_lead_today() -> None:
    roster = roster_with("competences", lead("L1", "990101", valid_from=TODAY + timedelta(days=1)))
    assert lacking(roster) == {("990101", "EVENT_CJT214:0102")}


def test_a_responsible_body_that_nobody_knows_is_a_warning() -> None:
    [issue] = new_findings(changed(Layer.CELLS, "990101001001001", responsible_body="NOBODY"))
    assert (issue.code, issue.severity, issue.values["first"]) == (
        "FEATURE_DEPARTMENT_UNKNOWN",
        Severity.WARNING,
        "990101001001001",
    )
