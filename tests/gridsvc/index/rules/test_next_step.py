"""Dispatch, whistle, or joint whistle."""

from dataclasses import replace

import pytest
from shapely import box

from gridsvc.model.departments import Determination, DutyItem
from tests.fixtures.tiny_city import PARKING, RUBBISH
from tests.gridsvc.index.asked import AT, ask, codes, duties_with

MIDDLE_OF_A0, BESIDE_C0 = (116.4003, 39.9003), (116.4019, 39.9003)


def test_nothing_is_suggested_without_a_category():
    assert ask(*MIDDLE_OF_A0).next_step is None
    assert ask(*BESIDE_C0).next_step is None


@pytest.mark.parametrize(("category", "step"), [(RUBBISH, "DISPATCH"), (PARKING, "SUGGEST_WHISTLE")])
def test_duty_item_of_the_day_says_what_the_subdistrict_may_do(category, step):
    assert ask(*MIDDLE_OF_A0, category=category).next_step == step


def test_power_that_moved_down_turns_a_whistle_into_a_dispatch():
    def moved(rows):
        old = rows["duty_items"][1]
        new = {"code": "CITY-2026-3", "inside_subdistrict_power": True, "valid_from": AT.date()}
        rows["duty_items"][1] = replace(old, valid_to=AT.date())
        rows["duty_items"].append(replace(old, **new))

    duties = duties_with(moved)
    assert ask(*MIDDLE_OF_A0, category=PARKING, duties=duties).next_step == "DISPATCH"
    earlier = AT.replace(month=4)
    assert ask(*MIDDLE_OF_A0, category=PARKING, duties=duties, at=earlier).next_step == "SUGGEST_WHISTLE"


def without_items(rows):
    rows["duty_items"].clear()


def test_without_duty_item_the_subdistricts_own_lead_is_dispatched():
    answer = ask(*MIDDLE_OF_A0, category=RUBBISH, duties=duties_with(without_items))
    assert (answer.departments[0].code, answer.next_step) == ("WEST", "DISPATCH")
    assert "NEXT_STEP_OWN_LEAD" in codes(answer)


def test_without_duty_item_a_foreign_lead_is_whistled_for():
    answer = ask(*MIDDLE_OF_A0, category=PARKING, duties=duties_with(without_items))
    assert (answer.departments[0].code, answer.next_step) == ("TRAFFIC", "SUGGEST_WHISTLE")


def test_inner_unit_named_by_a_competence_is_the_subdistricts_own():
    def unit(rows):
        without_items(rows)
        rows["competences"][0] = replace(rows["competences"][0], department="WEST-CITY")

    assert ask(*MIDDLE_OF_A0, category=PARKING, duties=duties_with(unit)).next_step == "DISPATCH"


def test_another_subdistrict_within_the_doubt_asks_for_a_joint_whistle():
    answer = ask(*BESIDE_C0, category=RUBBISH)
    assert answer.next_step == "SUGGEST_JOINT_WHISTLE"
    assert next(line for line in answer.trace if line.code == "NEXT_STEP_JOINT").ids == ("990101002",)
    assert ask(116.4018, 39.9003, category=RUBBISH).next_step == "DISPATCH"
    assert ask(116.4018, 39.9003, category=RUBBISH, accuracy_m=20.0).next_step == "SUGGEST_JOINT_WHISTLE"


def test_what_was_determined_needs_no_joint_whistle():
    def determined(rows):
        ground = box(116.4017, 39.9, 116.4023, 39.901)
        rows["determinations"].append(Determination(code="D", department="WEST", geometry=ground))

    answer = ask(*BESIDE_C0, category=RUBBISH, duties=duties_with(determined))
    assert (answer.departments[0].rule, answer.departments[0].code) == ("DETERMINATION", "WEST")
    assert answer.next_step == "DISPATCH"


def test_whom_a_determination_names_from_elsewhere_is_whistled_for_whatever_the_subdistrict_may_do():
    def determined(rows):
        ground = box(116.4, 39.9, 116.401, 39.901)
        rows["determinations"].append(Determination(code="D", department="TRAFFIC", geometry=ground))

    assert ask(*MIDDLE_OF_A0, category=RUBBISH).next_step == "DISPATCH"
    answer = ask(*MIDDLE_OF_A0, category=RUBBISH, duties=duties_with(determined))
    assert (answer.departments[0].code, answer.next_step) == ("TRAFFIC", "SUGGEST_WHISTLE")
    assert next(line for line in answer.trace if line.code == "NEXT_STEP_DETERMINED").ids == ("TRAFFIC",)


def test_item_of_no_list_in_force_does_not_count():
    def expired(rows):
        rows["duty_lists"][0] = replace(rows["duty_lists"][0], valid_to=AT.date())
        lonely = {"duty_list": "OTHER", "block": "SAFETY", "title": "x", "inside_subdistrict_power": False}
        rows["duty_items"].append(DutyItem(code="X", categories=(RUBBISH,), **lonely))

    assert "NEXT_STEP_OWN_LEAD" in codes(ask(*MIDDLE_OF_A0, category=RUBBISH, duties=duties_with(expired)))
