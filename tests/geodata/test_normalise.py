"""Tables to features: codes, datums, geometry. Findings name the row; good doubles are never touched."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Geometry, GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from geodata.formats.table import SourceTable, geometry_array
from geodata.issues import list_blocking
from geodata.normalise import Incoming, Rules, normalise
from geodata.schemes import load_schemes
from gridsvc.datum import from_wgs84
from gridsvc.model.issue import Issue
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Component, Group, GroupKind, Layer, Level, Segment, SegmentKind
from tests.geodata.layer_writing import CODE, SQUARE

SCHEMES = load_schemes(None)
BOWTIE = Polygon([(116.4, 39.9), (116.41, 39.91), (116.41, 39.9), (116.4, 39.91)])
LINE = LineString([(116.4, 39.9), (116.41, 39.9)])


def table(
    geometries: Sequence[Geometry | None] | None = (SQUARE,), crs: str | None = None, **columns: Any
) -> SourceTable:
    count = len(geometries) if geometries is not None else len(next(iter(columns.values())))
    named = columns or {"code": [CODE] * count}
    placed = geometry_array(list(geometries)) if geometries is not None else None
    return SourceTable("f.geojson", named, range(1, count + 1), placed, crs, crs_is_binding=crs is not None)


def run(source: SourceTable, layer: Layer = Layer.CELLS, **options: Any) -> tuple[list[Incoming], list[Issue]]:
    options.setdefault("datum", "WGS84")
    return normalise([source], Rules(layer, SCHEMES, **options), lambda done, total: None)


def blocking(source: SourceTable, layer: Layer = Layer.CELLS, **options: Any) -> list[str]:
    return [issue.code for issue in list_blocking(run(source, layer, **options)[1])]


def one(source: SourceTable, layer: Layer = Layer.CELLS, **options: Any) -> Any:
    (incoming,), issues = run(source, layer, **options)
    assert list_blocking(issues) == []
    return incoming.feature


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
    assert blocking(source, Layer.SEGMENTS) == ["INVALID_OUTLINE"]
    assert blocking(source, Layer.SEGMENTS, repair=True) == ["INVALID_OUTLINE"]


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


def test_cells_take_their_area_from_the_code_or_a_column() -> None:
    assert one(table()).area == "110101001001"
    assert one(table(code=[CODE], community=["110101001009"])).area == "110101001009"
    assert one(table(code=[CODE], community=[None])).area == "110101001001"


def test_all_columns_of_a_cell_under_chinese_names() -> None:
    source = table(
        BGID=[110101001001001],
        网格名称=["东四"],
        责任主体=["PARKS"],
        用地分类=["G1"],
        管理等级=["1"],
        初始时间=["2020"],
    )
    (incoming,), issues = run(source)
    assert incoming.feature == Cell("GRID_DB11_2157", CODE, "东四", SQUARE, "110101001001", "PARKS", "G1", "1")
    assert [(issue.code, issue.values["columns"]) for issue in issues] == [("COLUMNS_IGNORED", "初始时间")]


def test_areas_without_a_polygon_and_padded_codes() -> None:
    codes = ["110000000000", "110100000000", "110101000000", "110101001000", "110101001001", "110115103200"]
    incoming, issues = run(
        table(
            None,
            code=codes,
            name=list("abcdef"),
            parent=[None, "110000000000", "110100000000", "110101000000", "110101001000", None],
        ),
        Layer.AREAS,
        scheme="ADMIN_STAT12",
        datum=None,
    )
    assert [item.feature for item in incoming] == [
        Area("ADMIN_GB2260", "110101", "c", Level.DISTRICT),
        Area("ADMIN_GB2260", "110101001", "d", Level.SUBDISTRICT, "110101"),
        Area("ADMIN_GB2260", "110101001001", "e", Level.COMMUNITY, "110101001"),
        Area("ADMIN_GB2260", "110115103200", "f", Level.VILLAGE, "110115103"),
    ]
    assert {issue.code: issue.values["count"] for issue in issues} == {"CODES_UNPADDED": 4, "ABOVE_DISTRICT": 2}


def test_an_area_of_a_city_s_own_scheme_needs_a_level() -> None:
    assert blocking(table(None, code=["X"]), Layer.AREAS, scheme="ADMIN_LOCAL") == ["LEVEL_UNKNOWN"]
    area = one(table(None, code=["X"], level=["街道"], parent=["Y"]), Layer.AREAS, scheme="ADMIN_LOCAL")
    assert (area.level, area.parent) == (Level.SUBDISTRICT, "Y")
    assert blocking(table(None, code=["X"], level=["moon"]), Layer.AREAS, scheme="ADMIN_LOCAL") == ["VALUE_UNKNOWN"]


def test_code_from_the_name_of_the_file() -> None:
    source = table(None, colour=["x"])
    source.file = "110101.json"
    assert one(source, Layer.AREAS, code_from_filename=True).code == "110101"


@pytest.mark.parametrize(
    ("scheme", "finding"), [("GRID_DB11_2157", "SCHEME_OF_OTHER_LAYER"), ("NO_SUCH", "SCHEME_UNKNOWN")]
)
def test_a_scheme_in_a_column_must_be_one_of_the_layer(scheme: str, finding: str) -> None:
    assert blocking(table(None, code=["110101"], scheme=[scheme]), Layer.AREAS) == [finding]


def test_segments_take_their_kind_from_a_column_or_their_name() -> None:
    source = table([LINE, LINE, LINE], code=["1", "2", "3"], name=["帽儿胡同", "南锣鼓巷", "X"], kind=[None, "", "巷"])
    incoming, _ = run(source, Layer.SEGMENTS)
    assert [item.feature.kind for item in incoming if isinstance(item.feature, Segment)] == [
        SegmentKind.HUTONG, SegmentKind.LANE, SegmentKind.LANE
    ]  # fmt: skip


def test_components_by_the_field_standard_with_category_in_the_code() -> None:
    point = MultiPoint([(116.4, 39.9)])
    source = table(
        [point], ObjID=["1101010102000001"], ObjName=["井盖"], DeptCode1=["A"], DeptCode3=["C"], ObjState=["破损"]
    )
    component = Component(
        "COMP_2_2_6",
        "1101010102000001",
        "井盖",
        Key("COMPONENT_CJT214", "0102"),
        Point(116.4, 39.9),
        "A",
        None,
        "C",
        "DAMAGED",
    )
    assert one(source, Layer.COMPONENTS) == component
    assert blocking(source, Layer.COMPONENTS, scheme="COMP_2_3_5") == ["VALUE_MISSING"]


def test_components_from_two_columns_of_numbers() -> None:
    source = table(None, code=["1101010102000001", "1101010102000002"], lon=["116.4", "x"], lat=[39.9, 39.9])
    incoming, issues = run(source, Layer.COMPONENTS)
    assert [item.feature.geometry for item in incoming if isinstance(item.feature, Component)] == [Point(116.4, 39.9)]
    assert {issue.code for issue in list_blocking(issues)} == {"GEOMETRY_TEXT", "GEOMETRY_MISSING"}


@pytest.mark.parametrize(
    "text", [SQUARE.wkt, '{"type":"Polygon","coordinates":[[[116.4,39.9],[116.41,39.9],[116.41,39.91],[116.4,39.9]]]}']
)
def test_geometry_as_text(text: str) -> None:
    assert one(table(None, code=[CODE], wkt=[text])).geometry.is_valid


@pytest.mark.parametrize("text", ["POLYGON ((", "hello", '{"type":"Polygon"}', "{"])
def test_geometry_as_text_that_is_none(text: str) -> None:
    assert set(blocking(table(None, code=[CODE], wkt=[text]))) == {"GEOMETRY_TEXT", "GEOMETRY_MISSING"}


def test_groups_name_their_cells_by_key_or_by_a_code_whose_scheme_is_plain() -> None:
    source = table(None, code=["D-1"], kind=["责任网格"], cells=[f"{CODE};GRID_LOCAL:A;11010100100101"])
    keys = (Key("GRID_DB11_2157", CODE), Key("GRID_LOCAL", "A"), Key("GRID_CJT213", "11010100100101"))
    assert one(source, Layer.GROUPS, datum=None) == Group("GROUP_LOCAL", "D-1", "D-1", GroupKind.DUTY, keys)
    assert blocking(table(None, code=["D-1"], kind=["DUTY"], cells=["A"]), Layer.GROUPS) == ["KEY_INCOMPLETE"]
    assert blocking(table(None, code=["D-1"], cells=[CODE]), Layer.GROUPS) == ["VALUE_MISSING"]


def test_a_layer_without_any_feature_is_refused() -> None:
    assert blocking(table([], code=[])) == ["LAYER_EMPTY"]
