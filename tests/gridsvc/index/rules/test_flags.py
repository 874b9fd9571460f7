"""Doubts: borders of responsibility, accuracy, and a datum that seems to be another."""

from dataclasses import replace

import pytest
from shapely import box

from gridsvc.datum.convert import from_wgs84
from gridsvc.errors import OutsideCoverage
from gridsvc.index.compile import compile_territory
from gridsvc.model.departments import Determination
from gridsvc.model.people import Assignment, Post, Role, TargetKind
from gridsvc.model.territory import Area, Level
from tests.fixtures.tiny_city import CELLS, LEFT, PARKING, RUBBISH, cell_code, tiny_territory
from tests.gridsvc.index.asked import AT, ask, codes, duties_with

TERRITORY = tiny_territory()


def test_border_of_the_same_body_is_no_doubt():
    assert ask(116.40100001, 39.9015).flags == ()


def test_border_of_another_body_is():
    assert ask(116.4019, 39.9003).flags == ("NEAR_BOUNDARY",)
    assert ask(116.4018, 39.9003).flags == ()
    assert ask(116.4018, 39.9003, accuracy_m=20.0).flags == ("NEAR_BOUNDARY",)


def test_edge_of_the_city_is_a_border_to_nobody():
    answer = ask(116.40005, 39.9003)
    assert answer.flags == ("NEAR_BOUNDARY",)
    assert codes(answer)[-1] == "FLAG_NEAR_EDGE"


def test_body_of_a_cell_makes_a_border_of_its_own():
    cells = tuple(replace(c, responsible_body="PARKS" if c.name == "B0" else None) for c in TERRITORY.cells)
    edition = compile_territory(1, AT, replace(TERRITORY, cells=cells))
    answer = ask(116.40095, 39.9005, edition=edition)
    assert answer.flags == ("NEAR_BOUNDARY",)
    assert answer.trace[-1].ids == ("PARKS",)


def test_department_of_the_same_body_by_succession_is_no_border():
    def merged(rows):
        rows["departments"] = [
            replace(d, valid_to=AT.date(), successor="WEST") if d.code == "EAST" else d for d in rows["departments"]
        ]

    assert ask(116.4019, 39.9003, duties=duties_with(merged)).flags == ()


def determined(west):
    """A determination for all matters in favour of the other side, from `west` to the east edge of C0."""

    def change(rows):
        ground = box(west, 39.9, LEFT["D"], 39.901)
        rows["determinations"].append(Determination(code="DET0", department="WEST", geometry=ground))

    return duties_with(change)


def test_determination_takes_the_doubt_away_where_a_quarrel_was_settled():
    assert ask(116.4019, 39.9003, duties=determined(LEFT["C"])).flags == ()
    assert ask(116.4021, 39.9003, duties=determined(LEFT["C"])).flags == ()


def test_determination_for_a_matter_takes_the_doubt_of_that_matter_away():
    def change(rows):
        ground = box(LEFT["C"], 39.9, LEFT["D"], 39.901)
        rows["determinations"].append(
            Determination(code="DET0", department="WEST", geometry=ground, categories=(RUBBISH,))
        )

    duties = duties_with(change)
    assert ask(116.4019, 39.9003, duties=duties, category=RUBBISH).flags == ()
    assert ask(116.4019, 39.9003, duties=duties, category=PARKING).flags == ("NEAR_BOUNDARY",)
    assert ask(116.4019, 39.9003, duties=duties).flags == ("NEAR_BOUNDARY",)


def test_determination_by_a_department_that_is_no_more_decides_nothing():
    def gone(rows):
        ground = box(LEFT["C"], 39.9, LEFT["D"], 39.901)
        rows["determinations"].append(Determination(code="DET0", department="NOBODY", geometry=ground))

    answer = ask(116.4019, 39.9003, duties=duties_with(gone))
    assert (answer.flags, answer.trace[-1].ids) == (("NEAR_BOUNDARY",), ("EAST",))


def test_tie_between_bodies_is_told_and_a_determination_ends_it():
    def told(**asked):
        return [line.ids for line in ask(116.402, 39.9003, **asked).trace if line.code == "TIE_BETWEEN_BODIES"]

    assert told() == [("WEST", "EAST")]
    assert told(duties=determined(LEFT["C"])) == []
    same = [line.code for line in ask(116.401, 39.9003).trace]
    assert "CELL_BOUNDARY" in same
    assert "TIE_BETWEEN_BODIES" not in same


def test_edge_of_a_determination_is_a_border():
    inside, outside = (
        ask(116.40255, 39.9003, duties=determined(116.4025)),
        ask(116.40245, 39.9003, duties=determined(116.4025)),
    )
    assert inside.departments[0].code == "WEST"
    assert (inside.flags, inside.trace[-1].ids) == (("NEAR_BOUNDARY",), ("EAST",))
    assert (outside.flags, outside.trace[-1].ids) == (("NEAR_BOUNDARY",), ("WEST",))


def test_another_district_without_subdistricts_is_within_the_doubt_and_the_own_is_not():
    def ask_beside(code):
        cells = tuple(replace(c, area=code) if c.name == "C0" else c for c in TERRITORY.cells)
        abroad = Area("ADMIN_GB2260", "990102", "Hill District", Level.DISTRICT)
        edition = compile_territory(1, AT, replace(TERRITORY, areas=(*TERRITORY.areas, abroad), cells=cells))
        return ask(116.4019, 39.9003, edition=edition, category=RUBBISH)

    foreign, own = ask_beside("990102"), ask_beside("990101")
    assert (foreign.flags, foreign.next_step) == (("NEAR_BOUNDARY",), "SUGGEST_JOINT_WHISTLE")
    assert (own.flags, own.next_step) == (("NEAR_BOUNDARY",), "DISPATCH")


def test_neighbours_without_area_are_where_their_middle_is():
    cells = tuple(replace(cell, area=None) for cell in TERRITORY.cells)
    edition = compile_territory(1, AT, replace(TERRITORY, cells=cells))
    assert ask(116.4019, 39.9003, edition=edition).flags == ("NEAR_BOUNDARY",)
    assert ask(116.40105, 39.9015, edition=edition).flags == ()


def test_winner_less_likely_than_the_rest_is_low_accuracy():
    answer = ask(116.40101, 39.90101, accuracy_m=40.0)
    assert "LOW_ACCURACY" in answer.flags
    assert answer.cell.code == cell_code("B1")
    assert answer.candidates[0].probability < 0.5
    total = sum(c.probability for c in answer.candidates) + answer.outside_probability + answer.other_probability
    assert total == pytest.approx(1.0, abs=1e-9)
    assert ask(116.4015, 39.9015, accuracy_m=10.0).flags == ()


def test_area_alone_is_as_sure_as_its_share():
    edition = compile_territory(1, AT, replace(TERRITORY, cells=TERRITORY.cells[:6]))
    assert "LOW_ACCURACY" not in ask(116.4025, 39.9015, edition=edition, accuracy_m=20.0).flags
    answer = ask(116.40213, 39.9029, edition=edition, accuracy_m=200.0)
    assert (answer.cell, "LOW_ACCURACY" in answer.flags) == (None, True)


def gcj(lon, lat):
    x, y = from_wgs84(lon, lat, "GCJ02")
    return float(x), float(y)


def test_outside_coverage_tells_the_datum_that_would_be_inside():
    x, y = gcj(116.4015, 39.9015)
    with pytest.raises(OutsideCoverage, match="GCJ02") as refused:
        ask(x, y)
    assert refused.value.details["suspect_datum"] == "GCJ02"
    assert ask(x, y, datum="GCJ02").cell.code == cell_code("B1")


def test_right_datum_declared_wrongly_is_found_too():
    with pytest.raises(OutsideCoverage) as refused:
        ask(116.4015, 39.9015, datum="BD09")
    assert refused.value.details["suspect_datum"] == "WGS84"


def big_city():
    """Cells A0..C2 and one great cell east of them, where readings in another datum fall."""
    great = replace(TERRITORY.cells[0], code="990101002001999", name="E", area="990101002001")
    great = replace(great, geometry=box(116.403, 39.89, 116.43, 39.92))
    areas = tuple(area for area in TERRITORY.areas)
    return compile_territory(1, AT, replace(TERRITORY, areas=areas, cells=(*TERRITORY.cells, great)))


@pytest.mark.parametrize(
    ("kind", "code", "scheme"),
    [
        (TargetKind.AREA, "990101001", None),
        (TargetKind.CELL, cell_code("B1"), CELLS),
        (TargetKind.GROUP, "D-0001", None),
        (TargetKind.SEGMENT, "L-A", None),
    ],
)
def test_reporter_who_would_be_at_home_in_another_datum_is_suspect(kind, code, scheme):
    def at_home(rows):
        post = Post(code="HOME", role=Role.COLLECTOR, target_kind=kind, target_code=code, target_scheme=scheme)
        rows["posts"].append(post)
        rows["assignments"].append(Assignment(code="HOME", post="HOME", person="P02"))

    duties = duties_with(at_home)
    x, y = gcj(116.4015, 39.9016)
    answer = ask(x, y, edition=big_city(), duties=duties, reporter="P02")
    assert "SUSPECT_DATUM" in answer.flags
    assert codes(answer)[-1] == "FLAG_SUSPECT_DATUM"
    assert "SUSPECT_DATUM" not in ask(116.4015, 39.9016, edition=big_city(), duties=duties, reporter="P02").flags
    assert "SUSPECT_DATUM" not in ask(x, y, edition=big_city(), duties=duties).flags


def test_reporter_without_post_is_nowhere_out_of_place():
    x, y = gcj(116.4015, 39.9015)
    assert "SUSPECT_DATUM" not in ask(x, y, edition=big_city(), reporter="P02").flags


def test_reporter_outside_coverage_is_told_the_datum():
    x, y = gcj(116.4015, 39.9015)
    with pytest.raises(OutsideCoverage) as refused:
        ask(x, y, reporter="P06")
    assert refused.value.details["suspect_datum"] == "GCJ02"
