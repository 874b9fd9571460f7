import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.checks.local_plane import LocalPlane
from gridsvc.model.issue import Issue, Severity
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Area, Cell, Level, Territory
from tests.fixtures import layers
from tests.fixtures.layers import CORNER, LAYERS, STEP, Corner, cell, rectangle, ring, territory_of
from tests.geodata.checks.findings import findings, told

BEIJING, GREENWICH = (CORNER, "EPSG:4548"), ((-STEP, 51.5), "EPSG:27700")
EVERYWHERE = pytest.mark.parametrize(("corner", "crs"), [BEIJING, GREENWICH], ids=["Beijing", "longitude 0"])


def _of(name: str, corner: Corner, crs: str) -> list[Issue]:
    return findings(territory_of(LAYERS[name](corner), crs))


@EVERYWHERE
@pytest.mark.parametrize("name", ["sound", "enclave", "touching_in_point", "multi_part"])
def test_sound_layers_have_no_findings(name: str, corner: Corner, crs: str) -> None:
    assert _of(name, corner, crs) == []


@EVERYWHERE
def test_an_overlap_blocks_and_is_measured(corner: Corner, crs: str) -> None:
    [issue] = [i for i in _of("overlap", corner, crs) if i.code != "T_JUNCTION"]
    assert (issue.code, issue.features, issue.severity) == ("OVERLAP", ("A", "B"), Severity.BLOCK)
    east = 111_320 * np.cos(np.radians(corner[1]))
    assert issue.values["width_m"] == pytest.approx(0.2 * STEP * east, rel=0.01)
    assert issue.values["area_m2"] == pytest.approx(0.2 * STEP * STEP * east * 111_200, rel=0.01)
    assert shapely.equals_exact(
        shapely.normalize(issue.geometry),
        shapely.normalize(shapely.Polygon(ring(corner, rectangle(0.8, 0, 1, 1)))),
        tolerance=1e-12,
    )


@EVERYWHERE
def test_the_same_outline_twice_blocks(corner: Corner, crs: str) -> None:
    assert told(_of("same_outline", corner, crs)) == [("SAME_OUTLINE", ("A", "B"))]


@EVERYWHERE
def test_a_hole_of_the_union_is_a_gap_between_its_neighbours(corner: Corner, crs: str) -> None:
    [issue] = _of("gap", corner, crs)
    assert (issue.code, issue.severity, issue.values["between"]) == ("GAP", Severity.BLOCK, "A, B, C, D")
    assert issue.geometry is not None
    assert issue.geometry.area == pytest.approx(2 * (0.3 * STEP) ** 2)


@EVERYWHERE
def test_the_gap_around_an_island_leaves_the_island_out(corner: Corner, crs: str) -> None:
    [issue] = _of("hole_with_island", corner, crs)
    assert issue.geometry is not None
    assert issue.geometry.area == pytest.approx((1 - 0.2**2) * STEP**2)


@EVERYWHERE
def test_a_narrow_gap_that_is_open_at_one_end_is_found(corner: Corner, crs: str) -> None:
    [issue] = _of("narrow_gap", corner, crs)
    east = 111_320 * np.cos(np.radians(corner[1]))
    assert (issue.code, issue.values["between"]) == ("GAP", "A, B")
    assert issue.values["width_m"] == pytest.approx(0.006 * STEP * east, rel=0.02)
    assert issue.values["area_m2"] == pytest.approx(0.003 * STEP * STEP * east * 111_200, rel=0.02)


@EVERYWHERE
def test_a_t_junction_is_a_note_and_says_who_lacks_the_vertex(corner: Corner, crs: str) -> None:
    issues = _of("t_junction", corner, crs)
    assert told(issues) == [("T_JUNCTION", ("A", "B")), ("T_JUNCTION", ("A", "C"))]
    assert all(issue.severity is Severity.NOTE and issue.values["width_m"] < 1e-6 for issue in issues)


@EVERYWHERE
def test_a_vertex_five_centimetres_off_the_edge_blocks(corner: Corner, crs: str) -> None:
    issues = _of("wide_t_junction", corner, crs)
    assert [issue.code for issue in issues] == ["GAP", "T_JUNCTION_WIDE", "T_JUNCTION_WIDE"]
    assert all(issue.severity is Severity.BLOCK and 0.03 < issue.values["width_m"] < 0.06 for issue in issues)


@EVERYWHERE
def test_slivers_are_notes_with_their_width(corner: Corner, crs: str) -> None:
    issues = _of("slivers", corner, crs)
    assert {issue.severity for issue in issues} == {Severity.NOTE}
    widths = {i.code: i.values["width_m"] for i in issues if "SLIVER" in i.code}
    assert widths.keys() == {"OVERLAP_SLIVER", "GAP_SLIVER"}
    assert all(0.003 < width < 0.0045 for width in widths.values())


def test_an_edge_of_one_kilometre_is_straight_in_degrees_so_its_t_junction_stays_a_note() -> None:
    """Projected vertex by vertex, the middle of the long edge would lie 16 mm beside it."""
    cells = (
        cell(CORNER, "A", rectangle(0, 0, 12, 1)),
        cell(CORNER, "B", [(0, 1), (6, 1), (6, 2), (0, 2)]),
        cell(CORNER, "C", [(6, 1), (12, 1), (12, 2), (6, 2)]),
    )
    assert {issue.code for issue in findings(territory_of(cells))} == {"T_JUNCTION"}


def test_three_cells_over_one_place_are_told_pair_by_pair() -> None:
    cells = tuple(cell(CORNER, code, rectangle(x, 0, x + 1, 1)) for code, x in (("A", 0), ("B", 0.4), ("C", 0.7)))
    overlaps = [issue.features for issue in findings(territory_of(cells)) if issue.code == "OVERLAP"]
    assert overlaps == [("A", "B"), ("A", "C"), ("B", "C")]


def test_a_cell_inside_another_overlaps_it() -> None:
    cells = (cell(CORNER, "A", rectangle(0, 0, 3, 3)), cell(CORNER, "B", rectangle(1, 1, 2, 2)))
    assert told(findings(territory_of(cells))) == [("OVERLAP", ("A", "B"))]


def test_cells_of_two_schemes_may_lie_on_each_other() -> None:
    a = cell(CORNER, "A", rectangle(0, 0, 1, 1))
    community = Cell("GRID_CJT349", "11010111010100100101", "", a.geometry)
    assert findings(territory_of((a, community))) == []


def test_a_gap_that_an_area_covers_is_a_warning_because_the_area_answers() -> None:
    area = Area("ADMIN_LOCAL", "D", "D", Level.DISTRICT, None, shapely.Polygon(ring(CORNER, rectangle(0, 0, 3, 3))))
    [issue] = findings(Territory("EPSG:4548", areas=(area,), cells=layers.gap()))
    assert (issue.code, issue.severity) == ("GAP_WITH_AREA", Severity.WARNING)


def test_areas_of_one_level_are_held_against_each_other_and_levels_are_not() -> None:
    outline = [shapely.Polygon(ring(CORNER, rectangle(*box))) for box in ((0, 0, 2, 1), (0, 0, 1.2, 1), (1, 0, 2, 1))]
    areas = (
        Area("ADMIN_LOCAL", "D", "D", Level.DISTRICT, None, outline[0]),
        Area("ADMIN_LOCAL", "S1", "S1", Level.SUBDISTRICT, "D", outline[1]),
        Area("ADMIN_LOCAL", "S2", "S2", Level.TOWNSHIP, "D", outline[2]),
    )
    issues = [issue for issue in findings(Territory("EPSG:4548", areas=areas)) if issue.code != "T_JUNCTION"]
    assert told(issues) == [("OVERLAP", ("S1", "S2"))]


def test_an_invalid_outline_does_not_hide_the_overlap_of_another() -> None:
    bow_tie = cell(CORNER, "X", [(5, 0), (6, 1), (6, 0), (5, 1)])
    codes = {issue.code for issue in findings(territory_of((*layers.overlap(), bow_tie)))}
    assert {"INVALID_OUTLINE", "OVERLAP"} <= codes


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 6)] * 4), min_size=1, max_size=7))
def test_silence_means_that_shapely_calls_it_a_coverage(boxes: list[tuple[int, int, int, int]]) -> None:
    """Boxes on a lattice: shapely's verdict on the coverage, and its areas, agree with the findings."""
    cells = tuple(
        cell(CORNER, f"C{n}", rectangle(x, y, x + w % 3 + 1, y + h % 3 + 1)) for n, (x, y, w, h) in enumerate(boxes)
    )
    issues = findings(territory_of(cells))
    polygons = np.array([c.geometry for c in cells], dtype=object)
    plane = LocalPlane.around(BoundingBox(*map(float, shapely.total_bounds(polygons))))
    trouble = [issue for issue in issues if issue.code in {"OVERLAP", "SAME_OUTLINE", "T_JUNCTION"}]
    assert bool(shapely.coverage_is_valid(plane.scale(polygons))) == (not trouble)
    pairs = {i.features: i.geometry for i in issues if i.code in {"OVERLAP", "SAME_OUTLINE"}}
    for a, b in ((a, b) for a in cells for b in cells if a.code < b.code):
        area = shapely.area(shapely.intersection(a.geometry, b.geometry))
        assert shapely.area(pairs.get((a.code, b.code), shapely.Polygon())) == pytest.approx(area, abs=1e-13)
    ground = shapely.union_all(polygons)
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(ground)])
    gaps = sum(issue.geometry.area for issue in issues if issue.code == "GAP" and issue.geometry is not None)
    assert gaps == pytest.approx(filled.area - ground.area, abs=1e-13)
