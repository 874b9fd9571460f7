"""One lead everywhere, and every rule in its order."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from shapely import box

from gridsvc.errors import UnknownCategory
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Trace
from gridsvc.model.departments import (
    Axis,
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
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster, row_key
from tests.fixtures.tiny_city import CELLS, COVER, PARKING, RUBBISH, tiny_rows, tiny_territory

TERRITORY = tiny_territory()
AREAS = {area.code: area for area in TERRITORY.areas}
WEST = (AREAS["990101"], AREAS["990101001"], AREAS["990101001001"])
EAST = (AREAS["990101"], AREAS["990101002"], AREAS["990101002001"])
CELL = Key(CELLS, "990101001001001")
DAY = date(2026, 5, 1)
GROUND = box(0, 0, 1, 1)


def ask(category=None, *, place=None, component=None, change=None, day=DAY, **fields):
    rows = tiny_rows()
    if change:
        change(rows)
    duties = compile_duties(Roster(1, {t: {row_key(r): r for r in found} for t, found in rows.items()}))
    place = place or Place(CELL, None, WEST)
    known = duties.get_category(category, day) if category else None
    matter = Matter(datetime(2026, 5, 1, tzinfo=UTC), day, "City", known, component)
    if fields:
        matter = replace(matter, category=replace(known, **fields))
    trace = Trace()
    return find_competent(Inquiry(duties, place, matter), trace), [line.code for line in trace.lines()]


def named(competent):
    return [(answer.code, answer.part, answer.rule, answer.rule_id) for answer in competent.answers]


def test_unknown_category_is_refused():
    with pytest.raises(UnknownCategory, match="9999"):
        ask(Key("EVENT_CJT214", "9999"))


def test_category_of_another_day_is_refused():
    def ended(rows):
        rows["categories"][0] = replace(rows["categories"][0], valid_to=DAY)

    with pytest.raises(UnknownCategory, match="2026-05-01"):
        ask(RUBBISH, change=ended)


def test_without_category_the_territory_leads_as_an_office():
    competent, codes = ask()
    assert named(competent) == [("WEST", "LEAD", "TERRITORIAL", "990101001")]
    assert codes == ["LEAD_SUBDISTRICT"]


def test_without_category_the_responsible_body_leads_by_the_territorial_rule():
    competent, _ = ask(place=Place(CELL, "PARKS", WEST))
    assert named(competent) == [("PARKS", "LEAD", "TERRITORIAL", CELL.code)]


@pytest.mark.parametrize(
    ("areas", "lead"),
    [((AREAS["990101"],), ("DISTRICT", "990101")), ((), ("CITY", "CITY")), (WEST[2:], ("CITY", "CITY"))],
)
def test_territory_climbs_to_the_city(areas, lead):
    competent, _ = ask(place=Place(CELL, None, areas))
    assert named(competent) == [(lead[0], "LEAD", "TERRITORIAL", lead[1])]


def test_area_stands_for_itself_where_the_roster_has_no_department():
    competent, _ = ask(change=lambda rows: rows.pop("departments"))
    assert (competent.lead.code, competent.lead.name) == ("990101001", "West Subdistrict")


def test_city_department_of_the_roster_is_the_last_resort():
    def city(rows):
        rows["departments"].append(
            Department(code="GOV", name="City Government", axis=Axis.BLOCK, level=DepartmentLevel.CITY)
        )

    assert ask(place=Place(None, None, ()), change=city)[0].lead.code == "GOV"


def test_inner_unit_acts_by_duty_list_with_a_category():
    competent, codes = ask(RUBBISH)
    assert named(competent) == [("WEST-CITY", "LEAD", "TERRITORIAL", "990101001")]
    assert codes == ["LEAD_SUBDISTRICT", "UNIT_BY_DUTY_LIST"]
    assert competent.own_subdistrict


def test_office_leads_where_no_unit_handles_the_block():
    competent, codes = ask(RUBBISH, place=Place(CELL, None, EAST))
    assert named(competent) == [("EAST", "LEAD", "TERRITORIAL", "990101002")]
    assert "UNIT_BY_DUTY_LIST" not in codes


def test_duty_list_of_the_district_replaces_the_citys():
    def own_list(rows):
        rows["duty_lists"].append(DutyList(code="D-2026", title="District list", area="990101"))
        rows["duty_items"].append(
            DutyItem(
                code="D-1",
                duty_list="D-2026",
                block="CITY_MGMT",
                title="Parking",
                inside_subdistrict_power=True,
                categories=(PARKING,),
            )
        )

    rubbish, _ = ask(RUBBISH, change=own_list)
    assert rubbish.lead.code == "WEST"
    assert rubbish.duty_item is None
    assert ask(PARKING, change=own_list)[0].duty_item.code == "D-1"


def test_competence_of_the_deepest_area_leads_and_assistants_come_from_all_levels():
    competent, _ = ask(PARKING)
    assert named(competent) == [("TRAFFIC", "LEAD", "COMPETENCE", "K1"), ("WEST", "ASSIST", "COMPETENCE", "K2")]

    def deeper(rows):
        rows["competences"] += [
            Competence(code="K3", category=PARKING, area="990101001", department="PARKS", part=Part.LEAD),
            Competence(code="K4", category=PARKING, area="990101", department="PARKS", part=Part.ASSIST),
            Competence(code="K5", category=PARKING, area="990101", department="WATER", part=Part.ASSIST),
            Competence(code="K6", category=PARKING, area="990101", department="WATER", part=Part.OWNER),
            Competence(code="K7", category=PARKING, area="990101001", department="DRAIN", part=Part.OWNER),
        ]

    competent, _ = ask(PARKING, change=deeper)
    assert named(competent) == [
        ("PARKS", "LEAD", "COMPETENCE", "K3"),
        ("WEST", "ASSIST", "COMPETENCE", "K2"),
        ("DRAIN", "OWNER", "COMPETENCE", "K7"),
        ("WATER", "ASSIST", "COMPETENCE", "K5"),
    ]


def test_assistants_stay_when_the_lead_comes_from_a_later_rule():
    def only_assist(rows):
        rows["competences"] = rows["competences"][1:]

    competent, _ = ask(PARKING, place=Place(CELL, "PARKS", WEST), change=only_assist)
    assert named(competent) == [
        ("PARKS", "LEAD", "RESPONSIBLE_BODY", CELL.code),
        ("WEST", "ASSIST", "COMPETENCE", "K2"),
    ]


def test_patch_goes_before_competence_and_lowest_code_leads():
    patches = tuple(
        Patch(code=code, name=code, geometry=GROUND, department=department, part=part, categories=categories)
        for code, department, part, categories in [
            ("P1", "WATER", Part.OWNER, ()),
            ("P2", "PARKS", Part.LEAD, (PARKING,)),
            ("P3", "DRAIN", Part.LEAD, ()),
        ]
    )
    place = Place(CELL, None, WEST, patches=patches)
    assert named(ask(PARKING, place=place)[0]) == [("PARKS", "LEAD", "PATCH", "P2"), ("WATER", "OWNER", "PATCH", "P1")]
    assert ask(RUBBISH, place=place)[0].lead.code == "DRAIN"
    assert ask(place=place)[0].lead.code == "WEST"


def test_determination_wins_over_everything_for_its_categories():
    some = Determination(code="D1", department="WATER", geometry=GROUND, categories=(RUBBISH,))
    every = Determination(code="D2", department="WEST", geometry=GROUND)
    place = Place(CELL, "PARKS", WEST, determinations=(some, every))
    assert named(ask(RUBBISH, place=place)[0]) == [("WATER", "LEAD", "DETERMINATION", "D1")]
    assert named(ask(PARKING, place=place)[0]) == [("WEST", "LEAD", "DETERMINATION", "D2")]
    assert named(ask(place=place)[0]) == [("WEST", "LEAD", "DETERMINATION", "D2")]


@pytest.mark.parametrize(
    ("concern", "expected"),
    [
        (Concern.DAMAGE, [("DRAIN", "LEAD"), ("WATER", "OWNER"), ("WATER", "COMPETENT")]),
        (Concern.OWNER_ACTION, [("WATER", "LEAD"), ("DRAIN", "MAINTAINER"), ("WATER", "COMPETENT")]),
        (Concern.OVERSIGHT, [("WATER", "LEAD"), ("DRAIN", "MAINTAINER"), ("WATER", "OWNER")]),
    ],
)
def test_component_leads_by_concern(concern, expected):
    competent, _ = ask(COVER, component=TERRITORY.components[0], concern=concern)
    assert [(answer.code, answer.part) for answer in competent.answers] == expected
    assert competent.lead.rule == "COMPONENT"


def test_component_without_maintainer_falls_back_to_the_owner():
    cover = replace(TERRITORY.components[0], maintainer=None)
    competent, _ = ask(COVER, component=cover)
    assert [(a.code, a.part) for a in competent.answers] == [("WATER", "LEAD"), ("WATER", "COMPETENT")]


def test_determination_about_the_component_goes_first():
    def determined(rows):
        cover = TERRITORY.components[0]
        rows["determinations"].append(
            Determination(code="Z9", department="PARKS", component=Key(cover.scheme, cover.code))
        )

    place = Place(CELL, None, WEST, determinations=(Determination(code="A1", department="WATER", geometry=GROUND),))
    competent, _ = ask(COVER, place=place, component=TERRITORY.components[0], change=determined)
    assert named(competent) == [("PARKS", "LEAD", "DETERMINATION", "Z9")]


def succession(rows, **changes):
    for index, department in enumerate(rows["departments"]):
        if department.code in changes:
            rows["departments"][index] = replace(department, valid_to=DAY, successor=changes[department.code])


def test_successor_takes_over_on_the_day_the_old_one_ends():
    competent, codes = ask(PARKING, change=lambda rows: succession(rows, TRAFFIC="DRAIN", DRAIN="PARKS"))
    assert competent.lead.code == "PARKS"
    assert codes == ["DEPARTMENT_SUCCEEDED", "LEAD_COMPETENCE", "PART_NAMED"]
    before = date(2026, 4, 30)
    assert ask(PARKING, day=before, change=lambda rows: succession(rows, TRAFFIC="DRAIN"))[0].lead.code == "TRAFFIC"


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        ({"TRAFFIC": "DRAIN", "DRAIN": "TRAFFIC"}, "DEPARTMENT_CYCLE"),
        ({"TRAFFIC": "TRAFFIC"}, "DEPARTMENT_CYCLE"),
        ({"TRAFFIC": None}, "DEPARTMENT_ABSENT"),
        ({"TRAFFIC": "NOBODY"}, "DEPARTMENT_ABSENT"),
    ],
)
def test_department_without_end_or_heir_is_absent(chain, code):
    competent, codes = ask(PARKING, change=lambda rows: succession(rows, **chain))
    assert competent.lead.code == "WEST"
    assert codes[0] == code


def test_ended_office_is_replaced_by_the_area_or_its_successor():
    assert ask(change=lambda rows: succession(rows, WEST=None))[0].lead.code == "990101001"
    assert ask(change=lambda rows: succession(rows, WEST="PARKS"))[0].lead.code == "PARKS"


def test_lead_is_not_listed_again_as_assistant():
    def twice(rows):
        rows["competences"] = [
            Competence(code="K1", category=PARKING, area="990101", department="TRAFFIC", part=Part.LEAD),
            Competence(code="K2", category=PARKING, area="990101001", department="TRAFFIC", part=Part.ASSIST),
            Competence(code="K3", category=PARKING, area="990101001", department="PARKS", part=Part.ASSIST),
            Competence(code="K4", category=PARKING, area="990101", department="PARKS", part=Part.ASSIST),
        ]

    assert named(ask(PARKING, change=twice)[0]) == [
        ("TRAFFIC", "LEAD", "COMPETENCE", "K1"),
        ("PARKS", "ASSIST", "COMPETENCE", "K3"),
    ]
