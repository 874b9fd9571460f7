"""Rows to features of each layer: columns in both languages, codes, levels, kinds, keys."""

import pytest
from shapely import MultiPoint, Point

from geodata.issues import list_blocking
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Component, Group, GroupKind, Layer, Level, Segment, SegmentKind
from tests.geodata.layer_writing import CODE, SQUARE
from tests.geodata.normalising import LINE, blocking, one, run, table


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
