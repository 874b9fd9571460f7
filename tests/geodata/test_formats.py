"""Formats: what each reader hands over, and that no double changes on the way."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from geodata.formats import read_files
from geodata.formats.table import SourceTable
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import CODE, NAME, SQUARE, collection, feature, frame, write_json

ODD = Polygon([(116.1 + 0.1, 39.9), (116.3000000000000004, 39.9), (116.3, 39.900000000000006), (116.2, 1 / 3 + 39.6)])
RETYPED = shapely.force_2d(ODD)


def read(path: Path, encoding: str | None = None) -> SourceTable:
    (table,) = read_files([path], "cells", encoding)
    return table


def refusal(path: Path) -> str:
    with pytest.raises(LayerRefused) as caught:
        read_files([path], "cells")
    return str(caught.value.issues[0].code)


def test_geopackage_with_several_tables_must_be_said(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    frame().to_file(path, layer="cells")
    frame([Point(1, 2)]).to_file(path, layer="lamps")
    assert refusal(path) == "TABLE_NOT_SAID"
    assert refusal(tmp_path / "city.gpkg:trees") == "TABLE_UNKNOWN"
    assert read(tmp_path / "city.gpkg:cells").columns["name"] == [NAME]


def test_parquet_without_geo_metadata_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"code": ["1"]}), tmp_path / "a.parquet")
    assert refusal(tmp_path / "a.parquet") == "PARQUET_NOT_GEO"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"type": "featurecollection", "features": []}, "GEOJSON_STRUCTURE"),
        ({"type": "FeatureCollection", "features": {}}, "GEOJSON_STRUCTURE"),
        ([], "GEOJSON_STRUCTURE"),
        ({"type": ["Polygon"]}, "GEOJSON_STRUCTURE"),
    ],
)
def test_geojson_of_no_known_structure_is_refused(tmp_path: Path, document: object, code: str) -> None:
    assert refusal(write_json(tmp_path / "a.json", document)) == code


@pytest.mark.parametrize(
    "geometry",
    [
        "POINT (1 2)",
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, "0"], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[0, 0], [1, 1], [1, 0], [0, 0]]},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point"},
        {"type": "point", "coordinates": [1, 2]},
        {"type": "LineString", "coordinates": [[1, 2]]},
    ],
)
def test_a_wrong_geojson_feature_is_told_and_the_others_are_read(tmp_path: Path, geometry: object) -> None:
    table = read(write_json(tmp_path / "a.json", collection(feature(geometry), feature(SQUARE))))
    assert [issue.code for issue in table.issues] == ["GEOJSON_FEATURE"]
    assert table.issues[0].values["where"] == "a.json #1"
    assert (table.where(0), len(table.numbers)) == ("a.json #2", 1)


WRITERS: dict[str, Callable[[Path], None]] = {
    "a.geojson": lambda path: frame([ODD]).to_file(path, COORDINATE_PRECISION=17),
    "a.gpkg": lambda path: frame([ODD]).to_file(path),
    "a.fgb": lambda path: frame([ODD]).to_file(path),
    "a.shp": lambda path: frame([ODD]).to_file(path, encoding="UTF-8"),
    "a.parquet": lambda path: frame([ODD]).to_parquet(path),
    "a.geoparquet": lambda path: frame([ODD]).to_parquet(path, geometry_encoding="geoarrow"),
}


@pytest.mark.parametrize("name", list(WRITERS))
def test_codes_names_and_every_bit_of_the_coordinates_arrive(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    table = read(tmp_path / name)
    assert (table.columns["code"], table.columns["name"], table.file) == ([CODE], [NAME], name)
    assert table.geometry is not None
    assert shapely.normalize(table.geometry[0]).equals_exact(shapely.normalize(ODD), 0)


@pytest.mark.parametrize(
    ("name", "binding"), [("a.geojson", False), ("a.gpkg", True), ("a.fgb", True), ("a.shp", True), ("a.parquet", True)]
)
def test_who_says_a_crs_and_means_it(tmp_path: Path, name: str, binding: bool) -> None:
    WRITERS[name](tmp_path / name)
    table = read(tmp_path / name)
    assert table.crs_is_binding is binding
    assert (table.crs is not None) is binding


def test_geojson_doubles_are_the_nearest_to_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"type":"Point","coordinates":[116.39747000000000123456789, 3.9908820e1]}')
    table = read(path)
    assert table.geometry is not None
    assert shapely.get_coordinates(table.geometry).tolist() == [[116.39747000000000123456789, 39.90882]]


def test_bare_geometry_single_feature_and_lines_of_features(tmp_path: Path) -> None:
    bare = write_json(tmp_path / "110101.json", SQUARE.__geo_interface__)
    single = write_json(tmp_path / "b.geojson", feature(SQUARE))
    lines = tmp_path / "c.ndjson"
    lines.write_text("\n".join(["\x1e" + p.read_text() for p in (single, single)]) + "\n")
    assert [len(read(path).numbers) for path in (bare, single, lines)] == [1, 1, 2]
    assert read(bare).columns == {}


def test_geojson_ids_serve_as_a_column_where_properties_have_none(tmp_path: Path) -> None:
    document = collection({**feature(SQUARE), "id": 7})
    assert read(write_json(tmp_path / "a.json", document)).columns["id"] == [7]


def test_geojson_in_another_encoding_must_be_said(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(f'{{"type":"Feature","properties":{{"name":"{NAME}"}},"geometry":null}}'.encode("gbk"))
    assert refusal(path) == "JSON_UNREADABLE"
    assert read(path, "GBK").columns["name"] == [NAME]


def test_geojson_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"type":"FeatureCollection","features":[]}', "utf-8-sig")
    assert len(read(path).numbers) == 0


def test_an_old_crs_member_is_read_where_it_says_something(tmp_path: Path) -> None:
    for name, crs in (
        ("urn:ogc:def:crs:OGC:1.3:CRS84", None),
        ("urn:ogc:def:crs:EPSG::4548", "urn:ogc:def:crs:EPSG::4548"),
    ):
        member = {"type": "name", "properties": {"name": name}}
        assert read(write_json(tmp_path / "a.json", {**collection(), "crs": member})).crs == crs


def test_kml_is_read_and_says_no_datum(tmp_path: Path) -> None:
    frame([SQUARE], Name=[NAME]).to_file(tmp_path / "a.kml", driver="KML")
    table = read(tmp_path / "a.kml")
    assert (table.crs, table.columns["Name"]) == (None, [NAME])


def test_zip_of_many_layer_files(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("b.geojson", "a.geojson", "README.md"):
            archive.writestr(f"folder/{name}", '{"type":"FeatureCollection","features":[]}')
    assert [table.file for table in read_files([tmp_path / "a.zip"], "cells")] == ["a.geojson", "b.geojson"]


def test_heights_stay_until_the_layer_is_made(tmp_path: Path) -> None:
    frame([shapely.force_3d(LineString([(1, 2), (3, 4)]), 5.0)]).to_file(tmp_path / "a.gpkg")
    table = read(tmp_path / "a.gpkg")
    assert table.geometry is not None
    assert np.array_equal(shapely.has_z(table.geometry), [True])


def test_integers_with_gaps_stay_integers(tmp_path: Path) -> None:
    rows = frame([SQUARE, box(0, 0, 1, 1)], code=["1", "2"])
    rows["n"] = [110101001001003, None]
    rows["n"] = rows["n"].astype("Int64")
    for name in ("a.gpkg", "a.fgb", "a.parquet"):
        rows.to_parquet(tmp_path / name) if name.endswith("parquet") else rows.to_file(tmp_path / name)
        values = read(tmp_path / name).columns["n"]
        assert sorted(values, key=str) == [110101001001003, None]
        assert {type(value) for value in values} == {int, type(None)}
