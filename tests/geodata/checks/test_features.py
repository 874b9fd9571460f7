import pytest
from shapely import LineString, MultiLineString, Point, Polygon, box

from geodata.checks.cycles import chain, list_cycles
from gridsvc.model.issue import Severity
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Layer, Level, Territory
from tests.fixtures.layers import CORNER, cell, rectangle, territory_of
from tests.fixtures.tiny_city import CELLS, cell_code, tiny_roster, tiny_territory
from tests.geodata.checks.cities import changed, new_findings, without
from tests.geodata.checks.findings import findings, told


def test_the_tiny_city_is_sound_but_for_leads() -> None:
    assert {issue.code for issue in findings(tiny_territory(), tiny_roster())} == {"NO_LEAD"}


def test_an_invalid_outline_blocks_and_shows_the_place() -> None:
    bow_tie = Polygon([(116.4, 39.9), (116.401, 39.901), (116.401, 39.9), (116.4, 39.901)])
    [issue] = findings(territory_of((Cell("GRID_LOCAL", "X", "X", bow_tie),)))
    assert (issue.code, issue.severity, issue.values["reason"]) == (
        "INVALID_OUTLINE",
        Severity.BLOCK,
        "Self-intersection",
    )
    assert issue.geometry == Point(116.4005, 39.9005)


def test_an_invalid_outline_can_be_accepted() -> None:
    bow_tie = Polygon([(116.4, 39.9), (116.401, 39.901), (116.401, 39.9), (116.4, 39.901)])
    territory = territory_of((Cell("GRID_LOCAL", "X", "X", bow_tie),))
    [issue] = findings(territory, acceptances={"INVALID_OUTLINE:cells:X": "survey is under way"})
    assert (issue.severity, issue.values["accepted"]) == (Severity.NOTE, "survey is under way")


@pytest.mark.parametrize(
    ("outline", "code"),
    [
        (box(179.9, 39.9, 180.0, 40.0), "ANTIMERIDIAN"),
        (box(-179.9, 39.9, 179.9, 40.0), "ANTIMERIDIAN"),
        (box(116.4, 84.1, 116.5, 84.2), "POLAR"),
        (Polygon(), "EMPTY_OUTLINE"),
    ],
)
def test_what_no_city_map_can_hold_blocks_and_stops_the_other_map_checks(outline: Polygon, code: str) -> None:
    territory = territory_of((Cell("GRID_LOCAL", "X", "X", outline), cell(CORNER, "Y", rectangle(0, 0, 1, 1))))
    [issue] = findings(territory)
    assert (issue.code, issue.severity, issue.features) == (code, Severity.BLOCK, ("X",))


@pytest.mark.parametrize("line", [LineString([(116.4, 39.9)] * 2), MultiLineString([[(116.4, 39.9)] * 2])])
def test_a_segment_without_length_blocks(line: LineString | MultiLineString) -> None:
    assert told(new_findings(changed(Layer.SEGMENTS, "L-A", geometry=line))) == [("SEGMENT_ZERO_LENGTH", ("L-A",))]


@pytest.mark.parametrize("crs", ["EPSG:4326", "nonsense", ""])
def test_a_crs_that_does_not_measure_in_metres_blocks(crs: str) -> None:
    issues = findings(territory_of((cell(CORNER, "A", rectangle(0, 0, 1, 1)),), crs))
    assert [(issue.code, issue.severity) for issue in issues] == [("CRS_UNUSABLE", Severity.BLOCK)]


def test_a_crs_made_for_elsewhere_blocks_and_the_utm_zone_is_suggested() -> None:
    [issue] = findings(territory_of((cell(CORNER, "A", rectangle(0, 0, 1, 1)),), "EPSG:2154"))
    assert (issue.code, issue.id) == ("CRS_SCALE", "CRS_SCALE:territory:EPSG:2154")
    assert issue.values["suggestion"] == "EPSG:32650"
    accepted = findings(
        territory_of((cell(CORNER, "A", rectangle(0, 0, 1, 1)),), "EPSG:2154"), None, {issue.id: "test"}
    )
    assert accepted[0].severity is Severity.NOTE


def test_a_code_twice_blocks_once() -> None:
    twins = tuple(cell(CORNER, "A", rectangle(x, 0, x + 1, 1)) for x in (0, 1, 2))
    assert told(findings(territory_of(twins))) == [("DUPLICATE_CODE", ("A",))]


def test_area_codes_are_unique_whatever_their_scheme() -> None:
    areas = tuple(Area(scheme, "990101", "x", Level.DISTRICT) for scheme in ("ADMIN_GB2260", "ADMIN_LOCAL"))
    assert told(findings(Territory("EPSG:4548", areas=areas, cells=(cell(CORNER, "A", rectangle(0, 0, 1, 1)),)))) == [
        ("DUPLICATE_CODE", ("990101",))
    ]


def test_a_code_without_the_form_of_its_scheme_blocks() -> None:
    a = Cell(CELLS, "99010100100101", "", box(116.4, 39.9, 116.401, 39.901))
    assert ("CODE_FORM", (a.code,)) in told(findings(territory_of((a,))))


def test_an_undeclared_scheme_is_told_once() -> None:
    cells = tuple(Cell("GRID_MARS", c, c, box(x, 39.9, x + 0.001, 39.901)) for c, x in (("A", 116.4), ("B", 116.5)))
    [issue] = findings(territory_of(cells))
    assert (issue.code, issue.values["scheme"]) == ("SCHEME_UNKNOWN", "GRID_MARS")


def test_a_cell_whose_code_says_another_community_than_its_record() -> None:
    issues = new_findings(changed(Layer.CELLS, cell_code("A0"), area="990101001002"))
    assert [issue.code for issue in issues] == ["CODE_AGAINST_PARENT", "CODE_AGAINST_POLYGON"]
    assert (issues[0].values["said"], issues[0].values["parent"]) == ("990101001001", "990101001002")


def test_an_area_whose_code_says_another_parent_than_its_record() -> None:
    issues = new_findings(changed(Layer.AREAS, "990101001002", parent="990101002"))
    assert ("CODE_AGAINST_PARENT", ("990101001002",)) in told(issues)


def test_a_cell_that_lies_in_another_community_than_its_code_says() -> None:
    """A0 drawn where C2 is: its code and record agree, the polygon does not."""
    [issue] = [
        issue
        for issue in new_findings(changed(Layer.CELLS, cell_code("A0"), geometry=box(116.402, 39.902, 116.403, 39.903)))
        if issue.code == "CODE_AGAINST_POLYGON"
    ]
    assert (issue.values["container"], issue.values["polygon_area"]) == ("990101001001", "990101002001")


def test_a_cell_that_leaves_its_community_is_measured() -> None:
    wider = box(116.400, 39.902, 116.4012, 39.903)
    issues = {issue.code: issue for issue in new_findings(changed(Layer.CELLS, cell_code("A2"), geometry=wider))}
    assert issues["CELL_OUTSIDE_AREA"].values["width_m"] == pytest.approx(17.1, abs=0.2)
    assert issues["CELL_OUTSIDE_AREA"].values["area_m2"] == pytest.approx(1900, rel=0.01)


def test_a_cell_that_leaves_its_community_by_millimetres_is_a_note_on_the_community() -> None:
    thin = 0.004 / 85_400
    issues = new_findings(changed(Layer.CELLS, cell_code("A2"), geometry=box(116.4, 39.902, 116.401 + thin, 39.903)))
    [issue] = [issue for issue in issues if issue.code == "OUTSIDE_SLIVER"]
    assert (issue.features, issue.values["count"], issue.severity) == (("990101001001",), 1, Severity.NOTE)


def test_an_area_that_leaves_its_parent() -> None:
    issues = new_findings(changed(Layer.AREAS, "990101001001", geometry=box(116.3995, 39.9, 116.401, 39.903)))
    assert ("AREA_OUTSIDE_PARENT", ("990101001001",)) in told(issues)


def test_an_area_without_a_polygon_leaves_the_next_one_above_to_contain_its_cells() -> None:
    assert new_findings(changed(Layer.AREAS, "990101001001", geometry=None)) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"parent": "999999"}, "AREA_PARENT_UNKNOWN"),
        ({"level": Level.DISTRICT}, "AREA_LEVEL"),
        ({"parent": "990101001"}, "AREA_CYCLE"),
    ],
)
def test_the_area_tree(values: dict[str, object], code: str) -> None:
    assert code in {issue.code for issue in new_findings(changed(Layer.AREAS, "990101001", **values))}


def test_a_cell_that_names_an_unknown_area_blocks() -> None:
    issues = new_findings(without(Layer.AREAS, "990101002001"))
    assert told(issues)[:3] == [("CELL_AREA_UNKNOWN", (cell_code(f"C{n}"),)) for n in range(3)]


def test_group_members_must_be_cells_and_only_in_one_duty_group() -> None:
    east = tiny_territory().groups[1]
    members = (*east.cells, Key(CELLS, cell_code("A0")), Key(CELLS, "999999999999999"))
    issues = new_findings(changed(Layer.GROUPS, east.code, cells=members))
    assert told(issues) == [
        ("MEMBER_UNKNOWN", ("D-0002", "999999999999999")),
        ("CELL_IN_TWO_GROUPS", (cell_code("A0"),)),
    ]
    assert issues[1].values["groups"] == "D-0001, D-0002"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LineString([(116.5, 39.9), (116.5, 39.91)]), "OUTSIDE_CITY"),
        (LineString([(116.4025, 39.9), (116.4025, 39.91)]), "PARTLY_OUTSIDE_CITY"),
    ],
)
def test_segments_outside_the_city(line: LineString, code: str) -> None:
    assert told(new_findings(changed(Layer.SEGMENTS, "H-C", geometry=line))) == [(code, ("H-C",))]


@pytest.mark.parametrize(("area", "code"), [("999", "SEGMENT_AREA_UNKNOWN"), ("990101002", "SEGMENT_AGAINST_POLYGON")])
def test_the_subdistrict_that_a_segment_names(area: str, code: str) -> None:
    line = LineString([(116.4, 39.9015), (116.4015, 39.9015)])
    assert told(new_findings(changed(Layer.SEGMENTS, "L-A", subdistrict=area, geometry=line))) == [(code, ("L-A",))]


def test_departments_and_categories_that_features_name_are_counted_by_name() -> None:
    issues = new_findings(
        changed(Layer.COMPONENTS, "9901010102000001", owner="NOBODY", category=Key("COMPONENT_CJT214", "9"))
    )
    assert {issue.code: issue.values["count"] for issue in issues} == {
        "FEATURE_DEPARTMENT_UNKNOWN": 1,
        "COMPONENT_CATEGORY_UNKNOWN": 1,
    }


def test_chains_end_and_rings_are_found_once() -> None:
    links = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": None, "g": "x"}
    assert list(chain(links, "d")) == ["d", "a", "b", "c"]
    assert list_cycles(links) == [("a", "b", "c"), ("e",)]
