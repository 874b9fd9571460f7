"""The whole answer for one point of the tiny city."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from shapely import LineString, box

from gridsvc.errors import InvalidInput, NotFound, OutsideCoverage, UnknownCategory
from gridsvc.index.compile import compile_territory
from gridsvc.index.options import ResolveOptions
from gridsvc.model.departments import Determination
from gridsvc.model.places import Key
from gridsvc.model.territory import Segment, SegmentKind, Territory
from tests.fixtures.tiny_city import BOTTOM, COVER, LEFT, PARKING, RUBBISH, cell_code, tiny_territory
from tests.gridsvc.index.asked import AT, EDITION, ask, codes, duties_with

TERRITORY = tiny_territory()


COVER_AT_A0 = Key(TERRITORY.components[0].scheme, TERRITORY.components[0].code)


def compiled(**layers):
    return compile_territory(3, AT, replace(TERRITORY, **layers))


def test_outside_coverage_is_refused_with_the_nearest_cell():
    with pytest.raises(OutsideCoverage, match="nearest is 990101001001001") as refused:
        ask(116.399, 39.9005)
    assert refused.value.details["nearest"]["distance_m"] == pytest.approx(85.5, abs=0.1)
    assert refused.value.details["suspect_datum"] is None


def test_outside_a_city_of_areas_alone_the_nearest_area_is_told():
    with pytest.raises(OutsideCoverage) as refused:
        ask(116.399, 39.9005, edition=compiled(cells=(), groups=()))
    assert refused.value.details["nearest"]["code"] == "990101001001"


def test_nothing_is_near_in_an_empty_city():
    with pytest.raises(OutsideCoverage) as refused:
        ask(116.4, 39.9, edition=compile_territory(1, AT, Territory("EPSG:4548")))
    assert refused.value.details["nearest"] is None


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"category": Key("X", "1")}, UnknownCategory),
        ({"component": Key("X", "1")}, NotFound),
        ({"reporter": "nobody"}, NotFound),
        ({"at": datetime(2026, 5, 1)}, InvalidInput),  # noqa: DTZ001
    ],
)
def test_unknown_things_are_refused(asked, error):
    with pytest.raises(error):
        ask(116.4005, 39.9015, **asked)


def test_answer_has_the_fields_of_the_contract_in_order():
    answer = ask(116.4005, 39.9013)
    body = orjson.loads(orjson.dumps(answer))
    assert list(body) == [
        *("location", "edition", "roster", "at", "flags", "cell", "match", "distance_m", "areas", "groups"),
        *("candidates", "outside_probability", "other_probability", "segment", "nearest_segment", "chief", "people"),
        *("departments", "next_step", "trace"),
    ]
    assert (body["edition"], body["roster"], body["at"]) == (3, 17, "2026-05-01T08:00:00+08:00")
    assert body["cell"] == {"scheme": "GRID_DB11_2157", "code": cell_code("A1"), "name": "A1"}
    assert (body["match"], body["distance_m"], body["flags"], body["next_step"]) == ("INSIDE", 0.0, [], None)
    assert [area["level"] for area in body["areas"]] == ["DISTRICT", "SUBDISTRICT", "COMMUNITY"]
    assert body["candidates"] == [{"code": cell_code("A1"), "probability": 1.0, "distance_m": 0.0}]
    assert body["segment"]["code"] == "L-A"
    assert body["segment"]["side"] == "RIGHT"
    assert body["chief"]["target"] == "segment L-A"
    assert [d["rule"] for d in body["departments"]] == ["TERRITORIAL"]
    assert codes(answer) == ["CELL_INSIDE", "AREAS_BY_CODE", "SEGMENT_NEAREST", "CHIEF_HOLDER", "LEAD_SUBDISTRICT"]


def test_same_question_gives_the_same_bytes():
    asked = {"category": PARKING, "accuracy_m": 30.0}
    assert orjson.dumps(ask(116.4019, 39.9015, **asked)) == orjson.dumps(ask(116.4019, 39.9015, **asked))


def test_day_is_that_of_the_citys_zone():
    late = datetime(2026, 2, 28, 17, tzinfo=UTC)  # the first of March in Shanghai, when the lane chief is away
    assert ask(116.4005, 39.9013, at=late).chief.stand_in_for == "P01"
    elsewhere = ResolveOptions(zone=UTC)
    assert ask(116.4005, 39.9013, at=late, options=elsewhere).chief.stand_in_for is None


def test_boundary_goes_to_the_lowest_code_and_tells_all():
    answer = ask(116.401, 39.901)
    assert (answer.match, answer.cell.code) == ("BOUNDARY", cell_code("A0"))
    assert answer.trace[0].ids == tuple(cell_code(name) for name in ("A0", "A1", "B0", "B1"))


def test_overlap_goes_to_the_lowest_code():
    wide = replace(TERRITORY.cells[0], geometry=box(LEFT["A"], BOTTOM[0], LEFT["B"] + 1e-4, BOTTOM[1]))
    answer = ask(116.40105, 39.9005, edition=compiled(cells=(wide, *TERRITORY.cells[1:])))
    assert (answer.match, answer.cell.name) == ("OVERLAP", "A0")


def test_gap_goes_to_the_nearest_cell_within_the_tolerance():
    narrow = replace(TERRITORY.cells[0], geometry=box(LEFT["A"], BOTTOM[0], LEFT["B"] - 1e-4, BOTTOM[1]))
    edition = compiled(cells=(narrow, *TERRITORY.cells[1:]))
    answer = ask(116.40092, 39.9003, edition=edition)
    assert (answer.match, answer.cell.name) == ("GAP", "A0")
    assert answer.distance_m == pytest.approx(1.7, abs=0.05)
    assert answer.candidates[0].distance_m == answer.distance_m


@pytest.mark.parametrize("lat", [39.9, 39.9005, 39.901])
def test_without_tolerance_the_rim_of_the_city_is_answered(lat):
    answer = ask(116.4, lat, options=ResolveOptions(tolerance_m=0.0))
    assert (answer.cell.code, answer.flags) == (cell_code("A0"), ())


def test_without_cell_the_area_answers_with_chief_and_lead():
    edition = compiled(cells=TERRITORY.cells[:6])
    answer = ask(116.4027, 39.9027, edition=edition, category=RUBBISH)
    assert (answer.cell, answer.match, answer.distance_m) == (None, "NO_CELL", 0.0)
    assert (answer.candidates, answer.outside_probability, answer.other_probability) == ((), 0.0, 1.0)
    assert answer.areas[-1].code == "990101002001"
    assert (answer.chief.person, answer.departments[0].code) == ("P05", "EAST")
    assert answer.people == ()
    assert codes(answer)[:3] == ["NO_CELL", "AREAS_BY_POLYGON", "NO_SEGMENT"]


def test_cell_that_names_no_area_is_in_those_that_cover_the_point():
    cells = tuple(replace(cell, area=None) for cell in TERRITORY.cells)
    answer = ask(116.4005, 39.9013, edition=compiled(cells=cells))
    assert [area.code for area in answer.areas] == ["990101", "990101001", "990101001001"]
    assert "AREAS_BY_POLYGON" in codes(answer)


def test_city_of_cells_alone_is_led_by_the_city():
    cells = tuple(replace(cell, area=None) for cell in TERRITORY.cells)
    answer = ask(116.4005, 39.9013, edition=compile_territory(1, AT, Territory("EPSG:4548", cells=cells)))
    assert (answer.areas, answer.chief, answer.departments[0].code) == ((), None, "CITY")
    assert answer.departments[0].name == "全市 City"
    assert codes(answer) == ["CELL_INSIDE", "AREAS_UNKNOWN", "NO_SEGMENT", "CHIEF_NONE", "LEAD_CITY"]


def test_segment_of_the_own_subdistrict_goes_before_a_nearer_foreign_one():
    answer = ask(116.40225, 39.9027)  # C2: the border street belongs to the west, the hutong to the east is 133 m off
    assert (answer.segment.code, answer.nearest_segment, answer.flags) == ("S-BC", None, ())
    assert "SEGMENT_FOREIGN" in codes(answer)
    answer = ask(116.40203, 39.90165)  # C1: the street at 2.6 m is foreign, the hutong at 16.7 m its own
    assert (answer.segment.code, answer.nearest_segment.code) == ("H-C", "S-BC")
    assert "CHIEF_ACROSS_BORDER" in answer.flags
    assert answer.nearest_segment.distance_m < answer.segment.distance_m
    assert (answer.chief.role, answer.chief.target) == ("SUBDISTRICT_CHIEF", "area 990101002")


def test_equally_near_segments_fall_to_the_lane_then_to_the_lowest_code():
    line = LineString([(116.400, 39.9025), (116.401, 39.9025)])
    extra = [("A-1", SegmentKind.STREET), ("Z-1", SegmentKind.LANE), ("Z-2", SegmentKind.HUTONG)]
    segments = tuple(Segment("STREET_LOCAL", code, code, kind, line) for code, kind in extra)
    assert ask(116.4005, 39.9026, edition=compiled(segments=segments)).segment.code == "Z-1"


def test_of_equally_near_segments_the_own_community_goes_before_the_kind():
    def line(lon):
        return LineString([(lon, 39.902), (lon, 39.903)])

    own = Segment("STREET_LOCAL", "Z-A", "in A", SegmentKind.STREET, line(116.40085))
    other = Segment("STREET_LOCAL", "A-B", "in B", SegmentKind.HUTONG, line(116.40105))
    answer = ask(116.40095, 39.9025, edition=compiled(segments=(own, other)))
    assert (answer.segment.code, answer.nearest_segment) == ("Z-A", None)
    assert ask(116.40096, 39.9025, edition=compiled(segments=(own, other))).segment.code == "A-B"


def test_point_on_the_line_has_no_side():
    assert ask(116.402, 39.9027).segment.side is None


def test_determination_wins_for_its_categories_alone():
    inside = (116.4007, 39.9007)
    assert ask(*inside, category=RUBBISH).departments[0].rule_id == "DET1"
    assert ask(*inside).departments[0].code == "WEST"
    assert ask(116.4005, 39.9005, category=RUBBISH).departments[0].rule_id == "DET1"
    assert ask(116.40049, 39.9005, category=RUBBISH).departments[0].code == "WEST-CITY"


def test_patch_leads_inside_the_park():
    assert ask(116.4015, 39.9025, category=PARKING).departments[0].rule_id == "PARK"
    assert ask(116.4015, 39.9025).departments[0].code == "WEST"


def test_component_is_found_near_or_named():
    near = ask(116.4006, 39.9005, category=COVER)
    parts = [("DRAIN", "LEAD"), ("WATER", "OWNER"), ("WATER", "COMPETENT")]
    assert [(d.code, d.part) for d in near.departments] == parts
    far = (116.4009, 39.9009)
    assert ask(*far, category=COVER).departments[0].code == "WEST"
    assert "NO_COMPONENT" in codes(ask(*far, category=COVER))
    assert ask(*far, category=COVER, accuracy_m=60.0).departments[0].code == "DRAIN"
    named = ask(*far, component=COVER_AT_A0)
    assert named.departments[0].rule == "COMPONENT"
    assert codes(named)[:2] == ["COMPONENT_GIVEN", "CATEGORY_OF_COMPONENT"]


def test_determination_for_all_matters_leads_without_category():
    def everything(rows):
        ground = box(116.4002, 39.9002, 116.4004, 39.9004)
        rows["determinations"].append(Determination(code="DET0", department="PARKS", geometry=ground))

    answer = ask(116.4003, 39.9003, duties=duties_with(everything))
    assert (answer.departments[0].code, answer.departments[0].rule) == ("PARKS", "DETERMINATION")


def test_conversion_is_told():
    area = replace(TERRITORY.areas[0], geometry=box(116.0, 39.5, 117.0, 40.5))
    edition = compile_territory(1, AT, Territory("EPSG:4548", areas=(area,)))
    answer = ask(450206.3, 4417000.0, datum="EPSG:4548", edition=edition, category=COVER)
    assert codes(answer)[:2] == ["DATUM_CONVERTED", "NO_COMPONENT"]


def test_edition_is_left_as_it_was():
    before = EDITION.digest
    ask(116.4005, 39.9013, category=RUBBISH, accuracy_m=20.0)
    assert EDITION.digest == before
