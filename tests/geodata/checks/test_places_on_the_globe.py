"""Where on the globe a territory may lie, and what no map can hold: each is told with the reason and a remedy."""

import warnings

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from geodata.drafts import with_crs
from geodata.issues import is_acceptable
from gridsvc.index.compile import compile_territory
from gridsvc.model.issue import Issue, Severity
from gridsvc.model.places import Key
from gridsvc.model.territory import Cell, Component, Segment, SegmentKind, Territory
from tests.geodata.checks.findings import findings, told
from tests.geodata.drafting import NOW

HOME = box(116.4, 39.9, 116.401, 39.901)


def cells(*outlines: Polygon | None) -> tuple[Cell, ...]:
    return tuple(Cell("GRID_LOCAL", f"C{n}", f"C{n}", outline) for n, outline in enumerate(outlines))  # type: ignore[arg-type]


def street(line: LineString | None, code: str = "S") -> Segment:
    return Segment("STREET_LOCAL", code, code, SegmentKind.LANE, line)  # type: ignore[arg-type]


def checked(territory: Territory) -> list[Issue]:
    """Measured where nobody said by what."""
    return findings(with_crs(territory))


def with_nan(kind: type, places: list[tuple[float, float]]) -> shapely.Geometry:
    """Shapely warns of what it is given here; files that hold it are read without."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind(places)


def test_cells_on_both_sides_of_the_antimeridian_are_refused_though_none_touches_it() -> None:
    east, west = box(179.98, -17.0, 179.99, -16.99), box(-179.99, -17.0, -179.98, -16.99)
    [issue] = checked(Territory("", cells=cells(east, west)))
    assert (issue.code, issue.severity, issue.features) == ("ANTIMERIDIAN_BETWEEN", Severity.BLOCK, ("C1", "C0"))
    assert (issue.values["west"], issue.values["east"]) == (-179.99, 179.99)
    assert not is_acceptable(issue)


def test_a_street_on_the_other_side_of_the_globe_is_named() -> None:
    line = LineString([(-110.0, 39.9), (-110.0, 39.91)])
    [issue] = checked(Territory("", cells=cells(HOME), segments=(street(line),)))
    assert (issue.code, issue.features) == ("ANTIMERIDIAN_BETWEEN", ("S", "C0"))


@pytest.mark.parametrize(
    ("outline", "code"),
    [
        (box(-179.0, 39.9, 179.0, 40.0), "ANTIMERIDIAN"),
        (MultiPolygon([box(179.9, 1.0, 179.95, 1.1), box(-179.95, 1.0, -179.9, 1.1)]), "ANTIMERIDIAN"),
        (box(116.0, 89.9, 116.1, 90.0), "POLAR"),
        (box(116.0, -90.0, 116.1, -89.9), "POLAR"),
    ],
)
def test_a_cell_round_the_globe_or_at_a_pole_is_refused(outline: Polygon, code: str) -> None:
    [issue] = checked(Territory("", cells=cells(HOME, outline)))
    assert (issue.code, issue.features, is_acceptable(issue)) == (code, ("C1",), False)


def test_a_territory_over_several_zones_is_refused_unless_accepted_and_the_zones_are_told() -> None:
    territory = with_crs(Territory("", cells=cells(*(box(lon, 10, lon + 1, 11) for lon in range(110, 125)))))
    [issue] = findings(territory)
    assert (issue.code, issue.severity, issue.features) == ("CRS_SCALE_ZONES", Severity.BLOCK, ("EPSG:32650",))
    assert (issue.values["first"], issue.values["last"]) == (49, 51)
    assert [found.severity for found in findings(territory, None, {issue.id: "a province"})] == [Severity.NOTE]


def test_cells_far_apart_are_refused_for_the_same_reason() -> None:
    [issue] = checked(Territory("", cells=cells(HOME, box(2.3, 48.8, 2.31, 48.81))))
    assert (issue.code, issue.values["first"], issue.values["last"]) == ("CRS_SCALE_ZONES", 31, 50)


def test_two_zones_that_one_of_them_measures_are_no_trouble() -> None:
    assert checked(Territory("", cells=cells(box(119.9, 39.9, 120.1, 40.0)))) == []


def test_a_crs_made_for_the_whole_measures_several_zones() -> None:
    assert findings(Territory("EPSG:2154", cells=cells(box(0.1, 44.0, 4.0, 46.0), box(4.0, 44.0, 8.0, 46.0)))) == []


def test_one_cell_is_a_territory() -> None:
    assert checked(Territory("", cells=cells(HOME))) == []


def test_areas_without_outlines_are_no_ground() -> None:
    [issue] = checked(Territory(""))
    assert (issue.code, issue.severity, is_acceptable(issue)) == ("NOTHING_DRAWN", Severity.BLOCK, False)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused_in_every_layer(bad: float) -> None:
    outline = with_nan(Polygon, [(116.4, 39.9), (bad, 39.9), (116.41, 39.91)])
    line = with_nan(LineString, [(116.4, 39.9), (bad, 39.9)])
    cover = Component("COMP_2_2_6", "9901010102000001", "", Key("COMPONENT_CJT214", "0102"), Point(bad, 39.9))
    issues = checked(Territory("EPSG:4548", cells=cells(HOME, outline), segments=(street(line),), components=(cover,)))
    assert {(issue.code, issue.features[0]) for issue in issues} >= {
        ("COORDINATES_NOT_FINITE", code) for code in ("C1", "S", cover.code)
    }
    assert all(issue.severity is Severity.BLOCK for issue in issues if issue.code == "COORDINATES_NOT_FINITE")


def test_a_cell_and_a_street_without_geometry_are_refused() -> None:
    issues = checked(Territory("", cells=cells(HOME, None), segments=(street(None),)))
    assert told(issues) == [("EMPTY_OUTLINE", ("C1",)), ("EMPTY_OUTLINE", ("S",))]


@pytest.mark.parametrize("line", [LineString(), MultiLineString(), LineString([(116.4, 39.9)] * 3)])
def test_a_street_of_no_length_is_refused(line: LineString) -> None:
    [issue] = checked(Territory("", cells=cells(HOME), segments=(street(line),)))
    assert (issue.code, issue.severity) == (
        "EMPTY_OUTLINE" if line.is_empty else "SEGMENT_ZERO_LENGTH",
        Severity.BLOCK,
    )


def test_a_street_where_the_crs_has_no_answer_is_refused_and_cannot_be_accepted() -> None:
    line = LineString([(-153.0, 0.1), (-152.9, 0.0)])
    territory = Territory("EPSG:32650", cells=cells(box(26.9, 0.0, 27.0, 0.1)), segments=(street(line),))
    issues = {issue.code: issue for issue in findings(territory)}
    assert issues["CRS_NO_ANSWER"].features == ("S",)
    assert not is_acceptable(issues["CRS_NO_ANSWER"])
    assert issues["CRS_SCALE"].values["percent"] == "> 1000"
    # an edition that was published before this was told still opens
    assert len(compile_territory(1, NOW, territory).segments) == 1
