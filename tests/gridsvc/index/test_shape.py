"""Lines and polygons: who is concerned, and how much of the shape is whose."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, affinity, box

from gridsvc.errors import InvalidInput
from gridsvc.index.compile import compile_territory
from gridsvc.index.geometry import partition
from gridsvc.index.geometry.partition import measure, projected
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.shape import ground, segments
from gridsvc.index.shape.resolver import resolve_shape
from gridsvc.model.departments import Determination
from gridsvc.model.resolution import Measures
from gridsvc.model.roster import Roster, row_key
from gridsvc.model.territory import Territory
from tests.fixtures.partitions import as_territory, make_partition
from tests.fixtures.tiny_city import cell_code, tiny_roster, tiny_rows, tiny_territory

AT = datetime(2026, 5, 1, tzinfo=UTC)
EDITION = compile_territory(1, AT, tiny_territory())
DUTIES = compile_duties(tiny_roster())


def ask(geometry, edition=EDITION, duties=DUTIES):
    return resolve_shape(edition, duties, geometry, at=AT)


def shares(found):
    return {share.code: pytest.approx(share.share, abs=1e-5) for share in found}


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (Point(116.4, 39.9), "neither line nor polygon"),
        (GeometryCollection([LineString([(0, 0), (1, 1)])]), "neither line nor polygon"),
        (Polygon(), "empty"),
        (LineString([(116.4, 39.9), (float("inf"), 39.9)]), "no place on earth"),
        (LineString([(116.4, 39.9), (116.4, 99.0)]), "no place on earth"),
        (Polygon([(116.4, 39.9), (116.401, 39.901), (116.401, 39.9), (116.4, 39.901)]), "Self-intersection"),
        (LineString([(116.4, 39.9), (116.4, 39.9)]), "not valid"),
    ],
)
def test_shapes_that_cannot_be_measured_are_refused(geometry, words):
    with pytest.raises(InvalidInput, match=words):
        ask(geometry)


def test_shape_outside_coverage_is_all_outside():
    found = ask(box(116.5, 39.9, 116.501, 39.901))
    assert found.outside_share == 1.0
    assert found.cells == found.areas == found.departments == found.segments == found.chiefs == ()


def test_polygon_is_shared_out_among_cells_areas_and_leads():
    found = ask(box(116.4015, 39.9000, 116.4025, 39.9020))
    assert found.measure == "AREA_M2"
    assert found.measures == Measures(cells="AREA_M2", areas="AREA_M2", segments="LENGTH_M", departments="AREA_M2")
    assert found.total == pytest.approx(85.5 * 222.1, rel=1e-3)
    assert shares(found.cells) == {cell_code(name): 0.25 for name in ("B0", "B1", "C0", "C1")}
    assert shares(found.areas) == {
        "990101": 1.0,
        "990101001": 0.5,
        "990101002": 0.5,
        "990101001002": 0.5,
        "990101002001": 0.5,
    }
    assert found.areas[0].code == "990101"
    assert shares(found.departments) == {"WEST": 0.5, "EAST": 0.5}
    assert found.outside_share == pytest.approx(0.0, abs=1e-9)


def test_polygon_concerns_centre_lines_inside_by_their_length():
    found = ask(box(116.4015, 39.9000, 116.4025, 39.9020))
    metres = {share.code: share.amount for share in found.segments}
    assert metres == {
        "S-BC": pytest.approx(222.1, abs=0.2),
        "L-A": pytest.approx(42.8, abs=0.1),
        "H-C": pytest.approx(42.8, abs=0.1),
    }
    assert sum(share.share for share in found.segments) == pytest.approx(1.0)
    assert {(chief.role, chief.target) for chief in found.chiefs} == {
        ("LANE_CHIEF", "segment L-A"),
        ("STREET_CHIEF", "segment S-BC"),
        ("SUBDISTRICT_CHIEF", "area 990101002"),
    }
    assert [person.role for person in found.people] == ["GRID_OFFICER", "STEWARD"]


def test_line_is_shared_out_by_length_and_lowest_code_has_the_border():
    found = ask(LineString([(116.402, 39.9005), (116.402, 39.9015), (116.404, 39.9015)]))
    east = 171.0
    total = 111.0 + east
    assert found.measure == "LENGTH_M"
    assert found.measures == Measures(*["LENGTH_M"] * 4)
    assert found.total == pytest.approx(total, abs=0.5)
    codes = {share.code: share.amount for share in found.cells}
    assert codes == {
        cell_code("B0"): pytest.approx(55.5, abs=0.1),
        cell_code("B1"): pytest.approx(55.5, abs=0.1),
        cell_code("C1"): pytest.approx(85.5, abs=0.1),
    }
    assert found.outside_share == pytest.approx(85.5 / total, abs=1e-3)
    beside = {share.code: share.amount for share in found.segments}
    assert beside["S-BC"] == pytest.approx(111.0 + 10.0, abs=0.3)
    assert beside["H-C"] == pytest.approx(85.5 + 20.0, abs=0.3)
    assert beside["L-A"] == pytest.approx(10.0 + 10.0, abs=11.0)


@pytest.mark.parametrize(("fault", "pieces"), [(None, 8), ("overlap", 9), ("doubled", 18)])
def test_cells_wholly_inside_are_pieces_uncut_where_they_have_their_ground_alone(fault, pieces, monkeypatch):
    """Cells at the rim are looked at: what lies beyond their loose edges is not known."""
    territory = tiny_territory()
    cells = list(territory.cells)
    if fault == "overlap":
        cells[4] = replace(cells[4], geometry=affinity.scale(cells[4].geometry, 1.2, 1.2))
    if fault == "doubled":
        cells += [replace(cell, code="8" + cell.code[1:]) for cell in cells]
    edition = compile_territory(1, AT, replace(territory, cells=tuple(cells)))
    cut, without_earlier = [], partition._without_earlier
    monkeypatch.setattr(partition, "_without_earlier", lambda *given: cut.append(1) or without_earlier(*given))
    around = box(116.39, 39.89, 116.41, 39.91)
    quick = ask(around, edition)
    assert len(cut) == pieces
    monkeypatch.setattr(ground, "_wholly_inside", lambda *_: [])
    slow = ask(around, edition)
    assert shares(quick.cells) == {share.code: share.share for share in slow.cells}
    assert quick.outside_share == pytest.approx(slow.outside_share, abs=1e-9)
    assert len(quick.cells) == 9


def test_determination_for_all_matters_takes_its_part():
    rows = tiny_rows()
    half = box(116.4000, 39.9000, 116.4005, 39.9010)
    rows["determinations"].append(Determination(code="DET0", department="WATER", geometry=half))
    duties = compile_duties(Roster(2, {t: {row_key(r): r for r in found} for t, found in rows.items()}))
    found = ask(box(116.400, 39.900, 116.401, 39.901), duties=duties)
    assert shares(found.departments) == {"WEST": 0.5, "WATER": 0.5}


def test_ground_without_cells_falls_to_its_areas():
    territory = tiny_territory()
    bare = replace(territory, cells=tuple(cell for cell in territory.cells if cell.name[0] != "C"))
    found = ask(box(116.4015, 39.900, 116.4035, 39.901), compile_territory(1, AT, bare))
    assert shares(found.cells) == {cell_code("B0"): 0.25}
    assert shares(found.areas)["990101002001"] == 0.5
    assert shares(found.departments) == {"EAST": 0.5, "WEST": 0.25}
    assert found.outside_share == pytest.approx(0.25, abs=1e-6)


def test_cells_without_area_are_in_the_areas_that_cover_them():
    territory = tiny_territory()
    nameless = replace(territory, cells=tuple(replace(cell, area=None) for cell in territory.cells))
    found = ask(box(116.4015, 39.900, 116.4025, 39.901), compile_territory(1, AT, nameless))
    assert shares(found.departments) == {"EAST": 0.5, "WEST": 0.5}


def test_a_city_of_cells_alone_is_led_by_the_city():
    territory = tiny_territory()
    cells = tuple(replace(cell, area=None) for cell in territory.cells)
    edition = compile_territory(1, AT, Territory(territory.crs, cells=cells))
    assert shares(ask(box(116.401, 39.9, 116.402, 39.901), edition).departments) == {"CITY": 1.0}


corner = st.tuples(st.floats(116.399, 116.404), st.floats(39.899, 39.904))


@settings(max_examples=40, deadline=None)
@given(st.lists(corner, min_size=3, max_size=6, unique=True))
def test_shares_of_a_random_polygon_sum_to_one(corners):
    shape = shapely.MultiPoint(corners).convex_hull
    if shape.geom_type != "Polygon" or shape.area < 1e-9:
        return
    found = ask(shape)
    for level in (found.cells, found.departments, [a for a in found.areas if len(a.code) == 12]):
        assert sum(share.share for share in level) + found.outside_share == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 6, 11, 16])
def test_shares_sum_to_one_at_longitude_zero_where_edges_are_nearly_equal(seed):
    cells = make_partition(seed)
    unsteady = [
        shapely.transform(cell, lambda places, k=k: places + np.sin(places * 1e12 + k) * 1e-16)
        for k, cell in enumerate(cells)
    ]
    edition = compile_territory(1, AT, as_territory(unsteady))
    for shape in (cells[4], unsteady[3], affinity.scale(shapely.union_all(cells), 0.6, 0.6)):
        found = ask(shape, edition, compile_duties(Roster(1, {})))
        assert sum(share.share for share in found.cells) == pytest.approx(1.0, abs=1e-9)
        assert sum(share.share for share in found.departments) == pytest.approx(1.0, abs=1e-9)


def test_ground_that_cutting_loses_is_cut_again_on_a_grid(monkeypatch):
    """GEOS loses a polygon now and then; here it always does, where it has no grid."""
    real = shapely.intersection
    monkeypatch.setattr(
        partition.shapely,
        "intersection",
        lambda a, b, grid_size=None: real(a, b, grid_size=grid_size) if grid_size else Polygon(),
    )
    found = ask(box(116.4015, 39.9000, 116.4025, 39.9020))
    assert shares(found.cells) == {cell_code(name): 0.25 for name in ("B0", "B1", "C0", "C1")}


def test_areas_are_those_of_the_projected_crs_whatever_the_length_of_edges():
    triangle = Polygon([(116.0, 39.5), (117.0, 39.5), (116.3, 40.2)])
    fine = measure(EDITION.plane, shapely.segmentize(triangle, 1e-4))
    assert measure(EDITION.plane, triangle) == pytest.approx(fine, rel=1e-6)
    assert measure(EDITION.plane, MultiPolygon([triangle])) == pytest.approx(fine, rel=1e-6)


def test_same_shape_gives_the_same_answer():
    shape = box(116.4003, 39.9003, 116.4028, 39.9027)
    assert ask(shape) == ask(shape)


def test_a_line_across_the_country_is_worked_out_near_the_city_only(monkeypatch):
    cut_fine = []
    monkeypatch.setattr(segments, "projected", lambda plane, shape: cut_fine.append(shape) or projected(plane, shape))
    found = ask(LineString([(73.0, 39.9015), (135.0, 39.9015)]))
    assert {segment.code for segment in found.segments} >= {"L-A"}
    assert max(len(shapely.get_coordinates(shape)) for shape in cut_fine) < 1000


def test_a_line_that_crosses_itself_counts_each_stretch_once():
    once = LineString([(116.4002, 39.9015), (116.4015, 39.9015)])
    back = LineString([*once.coords, once.coords[0]])
    assert shares(ask(back).cells) == shares(ask(once).cells)
