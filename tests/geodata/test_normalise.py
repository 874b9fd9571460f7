"""Tables to features: codes, datums, geometry. Findings name the row; good doubles are never touched."""

from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Geometry, GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from geodata.issues import list_blocking
from gridsvc.datum import from_wgs84
from gridsvc.model.territory import Layer
from tests.geodata.layer_writing import CODE, SQUARE
from tests.geodata.normalising import BOWTIE, LINE, blocking, one, run, table


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        (None, "CODE_MISSING"),
        ("  ", "CODE_MISSING"),
        ("1.10101001001E+14", "CODE_IS_NUMBER"),
        ("110101001001001.0", "CODE_IS_NUMBER"),
        (110101001001001.0, "CODE_IS_NUMBER"),
        ("11010100100101", "CODE_OF_OTHER_SCHEME"),
        ("1101010010010", "CODE_PATTERN"),
        ("110101001001000", "CODE_PATTERN"),
    ],
)
def test_codes_that_are_no_codes(code: Any, finding: str) -> None:
    assert blocking(table(code=[code])) == [finding]


def test_fourteen_digits_are_never_filled_up_and_the_remedy_names_their_scheme() -> None:
    _, issues = run(table(code=["11010100100101"]))
    assert issues[0].values["others"] == "GRID_CJT213"
    assert one(table(code=["11010100100101"]), scheme="GRID_CJT213").code == "11010100100101"


def test_no_column_for_the_code_lists_the_fields() -> None:
    _, issues = run(table(colour=["red"]))
    assert [(issue.code, issue.values.get("fields")) for issue in list_blocking(issues)] == [
        ("COLUMN_REQUIRED", "colour")
    ]


def test_the_same_code_twice_names_both_rows() -> None:
    _, issues = run(table([SQUARE, SQUARE]))
    assert [(i.code, i.values["where"], i.values["first"]) for i in list_blocking(issues)] == [
        ("CODE_TWICE", "f.geojson #2", "f.geojson #1")
    ]


def test_area_codes_are_unique_whatever_their_scheme() -> None:
    source = table([None, None], code=["110101", "110101"], scheme=["ADMIN_GB2260", "ADMIN_LOCAL"], level=["区", "区"])
    assert blocking(source, Layer.AREAS) == ["CODE_TWICE"]


def with_number(text: str) -> Polygon:
    with np.errstate(invalid="ignore"):
        return Polygon(shapely.from_wkt(f"POLYGON ((0 0, 1 0, 1 {text}, 0 0))"))


@pytest.mark.parametrize(
    ("geometry", "finding"),
    [
        (None, "GEOMETRY_MISSING"),
        (Polygon(), "GEOMETRY_MISSING"),
        (LINE, "GEOMETRY_WRONG_TYPE"),
        (Point(1, 2), "GEOMETRY_WRONG_TYPE"),
        (GeometryCollection([SQUARE]), "GEOMETRY_COLLECTION"),
        (with_number("nan"), "COORDINATES_NOT_FINITE"),
        (with_number("inf"), "COORDINATES_NOT_FINITE"),
        (box(39.9, 116.4, 39.91, 116.41), "COORDINATES_OUT_OF_RANGE"),
        (box(448_000, 4_419_000, 448_100, 4_419_100), "COORDINATES_OUT_OF_RANGE"),
        (BOWTIE, "INVALID_OUTLINE"),
    ],
)
def test_geometry_that_cannot_be_a_cell(geometry: Geometry | None, finding: str) -> None:
    assert blocking(table([geometry])) == [finding]


def test_an_invalid_outline_shows_its_place_and_can_be_accepted_by_its_id() -> None:
    incoming, issues = run(table([BOWTIE]))
    assert issues[0].geometry is not None
    assert issues[0].geometry.distance(Point(116.405, 39.905)) < 1e-9
    assert issues[0].id == f"INVALID_OUTLINE:cells:{CODE}"
    assert incoming[0].feature.geometry == BOWTIE  # type: ignore[union-attr]


def test_repair_makes_it_valid_and_tells_the_change_of_area() -> None:
    (incoming,), issues = run(table([BOWTIE]), repair=True)
    assert [issue.code for issue in issues if issue.code.startswith("GEOMETRY")] == ["GEOMETRY_REPAIRED"]
    assert incoming.feature.geometry.is_valid  # type: ignore[union-attr]
    assert isinstance(incoming.feature.geometry, MultiPolygon)  # type: ignore[union-attr]
    assert isinstance(issues[0].values["area_change_m2"], float)


def test_a_line_of_no_length_is_told() -> None:
    source = table([LineString([(116.4, 39.9), (116.4, 39.9)])], code=["L-1"])
    assert blocking(source, Layer.SEGMENTS) == ["SEGMENT_ZERO_LENGTH"]
    assert blocking(source, Layer.SEGMENTS, repair=True) == ["SEGMENT_ZERO_LENGTH"]


@pytest.mark.parametrize(
    ("crs", "said", "finding"),
    [
        (None, None, "DATUM_MISSING"),
        ("EPSG:4548", "WGS84", "DATUM_CONTRADICTS"),
        ("EPSG:4548", "GCJ02", "DATUM_CONTRADICTS"),
        ("EPSG:4548", "EPSG:4547", "DATUM_CONTRADICTS"),
        ("EPSG:4326", "EPSG:4548", "DATUM_CONTRADICTS"),
        ('LOCAL_CS["Undefined Cartesian SRS"]', None, "DATUM_MISSING"),
    ],
)
def test_a_datum_is_never_guessed_and_contradictions_are_refused(
    crs: str | None, said: str | None, finding: str
) -> None:
    assert blocking(table(crs=crs), datum=said) == [finding]


def test_a_missing_prj_has_its_own_hint() -> None:
    source = table()
    source.file = "cells.shp"
    assert blocking(source, datum=None) == ["DATUM_MISSING_PRJ"]


@pytest.mark.parametrize(
    ("crs", "said", "note"),
    [
        ("EPSG:4326", None, "DATUM_FROM_FILE"),
        ("EPSG:4490", None, "DATUM_FROM_FILE"),
        ("EPSG:4326", "GCJ02", "DATUM_OVERRIDES_FILE"),
        ("EPSG:4326", "CGCS2000", None),
        ("EPSG:4490", "WGS84", None),
    ],
)
def test_a_said_datum_may_refine_what_a_file_says(crs: str, said: str | None, note: str | None) -> None:
    _, issues = run(table(crs=crs), datum=said)
    assert [issue.code for issue in issues if issue.code.startswith("DATUM")] == ([note] if note else [])


@pytest.mark.parametrize("form", ["EPSG:4548", "WKT2_2019", "WKT1_ESRI", "CUSTOM"])
def test_projected_files_are_converted(form: str) -> None:
    crs = pyproj.CRS("EPSG:4548")
    text = (
        form
        if form == "EPSG:4548"
        else crs.to_wkt(form)
        if form != "CUSTOM"
        else pyproj.CRS("+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m").to_wkt()
    )
    metres = shapely.transform(SQUARE, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "EPSG:4548")))
    feature = one(table([metres], crs=text), datum=None)
    assert shapely.hausdorff_distance(feature.geometry, SQUARE) < 1e-9
    assert shapely.equals_exact(one(table([metres]), datum="EPSG:4548").geometry, feature.geometry, 1e-9)


def test_gcj02_is_shifted_back() -> None:
    shifted = shapely.transform(SQUARE, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "GCJ02")))
    assert shapely.hausdorff_distance(one(table([shifted]), datum="GCJ02").geometry, SQUARE) < 1e-7
    paris = box(2.3, 48.8, 2.31, 48.81)
    assert blocking(table([paris]), datum="GCJ02") == ["COORDINATES_OUT_OF_RANGE"]


@given(
    st.floats(70, 140),
    st.floats(10, 55),
    st.floats(1e-7, 1e-2),
    st.floats(1e-7, 1e-2),
    st.sampled_from(["WGS84", "CGCS2000"]),
)
def test_doubles_that_are_degrees_already_stay_bit_by_bit(x: float, y: float, w: float, h: float, datum: str) -> None:
    cell = Polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    if not cell.is_valid:
        return
    kept = one(table([cell]), datum=datum).geometry
    assert shapely.get_coordinates(kept).tobytes() == shapely.get_coordinates(cell).tobytes()
    lifted = one(table([shapely.force_3d(cell, 50.0)]), datum=datum).geometry
    assert shapely.get_coordinates(lifted).tobytes() == shapely.get_coordinates(cell).tobytes()
    assert not lifted.has_z


def test_winding_is_told_for_geojson_and_never_changed() -> None:
    clockwise = SQUARE.reverse()
    source = table([clockwise])
    source.outer_rings_ccw = True
    (incoming,), issues = run(source)
    assert "WINDING_UNUSUAL" in {issue.code for issue in issues}
    assert incoming.feature.geometry == clockwise  # type: ignore[union-attr]
