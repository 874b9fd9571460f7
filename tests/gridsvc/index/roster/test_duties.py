"""The roster arranged for questions: days, successions, lists and zones."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from gridsvc.errors import NotFound, UnknownCategory
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.roster.organisation import compile_organisation
from gridsvc.index.roster.zones import compile_zones
from gridsvc.model.departments import Axis, Department, DepartmentLevel, Determination, Patch
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster
from tests.fixtures.tiny_city import RUBBISH
from tests.gridsvc.index.asked import DUTIES, duties_with

DAY = date(2026, 5, 1)


def organisation(*departments):
    return compile_organisation(Roster(1, {"departments": {d.code: d for d in departments}}))


def test_unknown_category_and_person_are_refused():
    with pytest.raises(UnknownCategory):
        DUTIES.get_category(Key("X", "1"), DAY)
    with pytest.raises(NotFound, match="'P99'"):
        DUTIES.get_person("P99")


def test_category_holds_on_its_days_alone():
    def until_may(rows):
        rows["categories"][0] = replace(rows["categories"][0], valid_to=DAY)

    duties = duties_with(until_may)
    assert duties.get_category(RUBBISH, DAY - timedelta(1)).name_en == "exposed rubbish"
    with pytest.raises(UnknownCategory):
        duties.get_category(RUBBISH, DAY)


def test_empty_roster_answers_nothing_and_breaks_nothing():
    duties = compile_duties(Roster())
    assert duties.revision == 0
    assert duties.patches.covering(116.4, 39.9, DAY) == ()
    assert [len(found) for found in duties.patches.covering_many(np.array([116.4]), np.array([39.9]), DAY)] == [0, 0]
    assert duties.duty_lists.find_item(("990101",), RUBBISH, DAY) is None


def test_department_before_its_beginning_is_not_succeeded():
    found = organisation(
        Department(code="NEW", name="New", valid_from=DAY + timedelta(1), successor="NEXT"),
        Department(code="NEXT", name="Next"),
    )
    assert found.follow("NEW", DAY).department is None


@given(st.integers(1, 6), st.data())
def test_every_succession_ends(length, data):
    """Whoever succeeds whom, following ends: at a valid department, at nobody, or told as a circle."""
    names = [f"D{number}" for number in range(length)]
    departments = [
        Department(
            code=name,
            name=name,
            valid_to=data.draw(st.sampled_from([DAY, None])),
            successor=data.draw(st.sampled_from([*names, "UNKNOWN", None])),
        )
        for name in names
    ]
    found = organisation(*departments).follow("D0", DAY)
    assert found.department is None or found.department.valid_on(DAY)
    assert not (found.cyclic and found.department)
    assert len(set(found.passed)) == len(found.passed)


def test_independent_body_governs_an_area_before_its_inner_units():
    block = {"axis": Axis.BLOCK, "area": "990101001"}
    found = organisation(
        Department(code="A-UNIT", name="Unit", parent="OFFICE", **block),
        Department(code="OFFICE", name="Office", level=DepartmentLevel.SUBDISTRICT, **block),
        Department(code="LINE", name="Line", area="990101001"),
    )
    assert found.find_block("990101001", DAY).code == "OFFICE"


def test_zone_covers_its_border_and_not_a_step_beyond():
    patch = Patch(code="P", name="P", geometry=box(116.4, 39.9, 116.401, 39.901), department="X")
    zones = compile_zones([patch])
    assert zones.covering(116.401, 39.9005, DAY) == (patch,)
    assert zones.covering(float(np.nextafter(116.401, 117)), 39.9005, DAY) == ()


def test_zones_hold_on_their_days_in_order_of_code_and_in_every_part():
    parts = MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])
    rows = [
        Patch(code="A", name="A", geometry=parts, department="X"),
        Patch(code="B", name="B", geometry=box(0, 0, 3, 1), department="X"),
        Patch(code="C", name="C", geometry=parts, department="X", valid_to=DAY),
    ]
    zones = compile_zones(rows)
    assert [row.code for row in zones.covering(2.5, 0.5, DAY)] == ["A", "B"]
    found = zones.covering_many(np.array([0.5, 1.5, 9.0]), np.array([0.5, 0.5, 0.5]), DAY)
    assert [column.tolist() for column in found] == [[0, 0, 1], [0, 1, 1]]
    assert [rows[row].code for row in found[1]] == ["A", "B", "B"]


def test_the_last_decision_about_a_place_goes_first():
    """Two disputes of one place: what was settled anew must not stay under what it overruled."""

    def decided(rows):
        ground, component = box(116.4, 39.9, 116.403, 39.903), Key("COMP_2_2_6", "9901010102000001")
        rows["determinations"] = [
            Determination(code=code, department="PARKS", decided_on=day, **about)
            for about in ({"geometry": ground}, {"component": component})
            for code, day in ((f"A{len(about)}{next(iter(about))}", None), (f"B{next(iter(about))}", DAY))
        ]
        for number, day in enumerate((DAY, DAY - timedelta(1), DAY - timedelta(9)), start=1):
            rows["determinations"].append(
                Determination(code=f"D{number}", department="W", geometry=ground, decided_on=day)
            )

    duties = duties_with(decided)
    covering = [row.code for row in duties.determinations.covering(116.4011, 39.9011, DAY)]
    assert covering == ["D1", "Bgeometry", "D2", "D3", "A1geometry"]
    about = duties.determinations_of(Key("COMP_2_2_6", "9901010102000001"), DAY)
    assert [row.code for row in about] == ["Bcomponent", "A1component"]
