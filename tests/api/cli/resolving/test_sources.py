"""What a file of points may not be, and which of its rows cannot be answered: said in one line each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
import shapely

from api.batch import columns
from api.batch.columns import Points
from api.cli.resolving import sources
from api.cli.resolving.sources import Source, open_source
from gridsvc.errors import GridError, InvalidInput, LayerRefused, TooLarge
from tests.fixtures.point_files import PLACES, features_of, shapes_of, write_geoparquet, write_layer, write_points

POINT, LINE = shapely.Point(116.4, 39.9), shapely.LineString([(116.4, 39.9), (116.5, 39.9)])


def open_all(path: Path, datum: str | None = "WGS84", layer: str | None = None) -> tuple[Source, list[Points]]:
    with open_source(path, datum, layer) as source:
        return source, list(source.chunks())


def write_collection(folder: Path, features: list[Any], **around: Any) -> Path:
    file = folder / "in.geojson"
    file.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": features, **around}))
    return file


def wkb_of(*shapes: Any) -> pa.Array:
    return pa.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], pa.binary())


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _refused(path: Path, says: str, **asked: Any) -> None:
    with pytest.raises((InvalidInput, LayerRefused)) as refused:
        open_all(path, **asked)
    told = refused.value
    text = told.message if not isinstance(told, LayerRefused) else f"{told.issues[0].code} {told.issues[0].values}"
    assert says in text, text
    assert "\n" not in text


class TestGeoPackage:
    def test_several_layers_are_listed(self, tmp_path: Path) -> None:
        file = write_layer(tmp_path / "in.gpkg", [POINT], name="lamps")
        write_layer(file, [POINT, POINT], name="trees")
        _refused(file, "several layers: say which one with --layer. There are lamps, trees.")
        _refused(file, "no layer 'roads' with geometry. There are lamps, trees.", layer="roads")
        assert open_all(file, layer="trees")[0].rows == 2

    def test_what_holds_no_points_is_refused(self, tmp_path: Path) -> None:
        _refused(write_layer(tmp_path / "in.gpkg", [LINE], kind="LineString"), "holds LineString: a layer of Points")
        _refused(_table_alone(tmp_path / "table.gpkg"), "no layer with geometry")
        (tmp_path / "text.gpkg").write_text("id,lon,lat\n")
        _refused(tmp_path / "text.gpkg", "FILE_IS_NOT")
        (tmp_path / "empty.gpkg").touch()
        _refused(tmp_path / "empty.gpkg", "FILE_EMPTY")
        damaged = write_points(tmp_path / "damaged.gpkg")
        damaged.write_bytes(damaged.read_bytes()[:30_000])
        _refused(damaged, "FILE_UNREADABLE")

    def test_a_file_that_is_open_elsewhere_is_refused(self, tmp_path: Path) -> None:
        file = write_points(tmp_path / "in.gpkg")
        (tmp_path / "in.gpkg-wal").write_bytes(b"x")
        _refused(file, "is being edited by another program")

    @pytest.mark.parametrize(
        ("attribute", "says"),
        [
            ({"accuracy_m": ["five"]}, "accuracy_m holds string: numbers wanted"),
            ({"category": [5]}, "category holds int64: text wanted"),
            ({"datum": [1.5]}, "datum holds double: text wanted"),
            ({"id": [1.5]}, "id holds double: text wanted"),
            ({"id": ["x" * 2000]}, "An id has 2000 bytes"),
        ],
    )
    def test_attributes_of_another_kind_are_refused(self, tmp_path: Path, attribute: dict[str, Any], says: str) -> None:
        _refused(write_layer(tmp_path / "in.gpkg", [POINT], attribute), says)

    def test_rows_without_a_point_say_why(self, tmp_path: Path) -> None:
        shapes = [POINT, None, LINE, shapely.Point(), shapely.MultiPoint([POINT]), shapely.MultiPoint([POINT] * 2)]
        shapes += [shapely.Point(1, 2, 3), shapely.GeometryCollection([POINT]), shapely.Point(np.nan, 2)]
        source, [points] = open_all(write_layer(tmp_path / "in.gpkg", shapes))
        assert source.rows == 9
        assert points.errors == {
            1: "it has no geometry",
            2: "its geometry is LineString: Point is wanted",
            3: "its geometry is empty",
            5: "its geometry is MultiPoint: Point is wanted",
            7: "its geometry is GeometryCollection: Point is wanted",
        }
        assert (points.x[4], points.y[4], points.x[6], points.y[6]) == (116.4, 39.9, 1.0, 2.0)

    def test_no_rows_are_no_fault(self, tmp_path: Path) -> None:
        source, chunks = open_all(write_layer(tmp_path / "in.gpkg", [], kind="Point"))
        assert (source.rows, sum(map(len, chunks))) == (0, 0)

    def test_numbers_of_features_are_the_ids_where_there_are_no_others(self, tmp_path: Path) -> None:
        _, [points] = open_all(write_layer(tmp_path / "in.gpkg", [POINT, POINT]))
        assert points.ids.to_pylist() == ["1", "2"]
        _, [points] = open_all(write_layer(tmp_path / "said.gpkg", [POINT, POINT], {"id": ["a", None]}))
        assert points.ids.to_pylist() == ["a", None]

    def test_other_attributes_are_told(self, tmp_path: Path) -> None:
        file = write_layer(tmp_path / "in.gpkg", [POINT], {"height": [3], "lon": [7.0], "id": ["a"]})
        source, [points] = open_all(file, datum=None)
        assert "Attributes that are not read: height, lon." in source.remarks
        assert points.x.tolist() == [116.4]


def _table_alone(file: Path) -> Path:
    from pyogrio.raw import write

    write(file, None, [np.array(["a"], object)], ["id"], layer="t", driver="GPKG", geometry_type=None)
    return file


class TestGeoJson:
    def test_rows_without_a_point_say_why(self, tmp_path: Path) -> None:
        point = {"type": "Point", "coordinates": [116.4, 39.9]}
        cases: list[tuple[Any, str | None]] = [
            (_feature(point), None),
            ({"type": "Thing"}, 'it is no object with "type": "Feature"'),
            ([], 'it is no object with "type": "Feature"'),
            ({"type": "Feature", "properties": {}}, 'it has no member "geometry" (write null where there is none)'),
            (_feature([]), '"geometry" is neither an object nor null'),
            (_feature(None), "it has no geometry"),
            (_feature(point) | {"properties": []}, '"properties" is neither an object nor null'),
            (_feature({"type": "Polygon", "coordinates": []}), "its geometry is Polygon: Point is wanted"),
            (_feature({"coordinates": [1, 2]}), "its geometry is None: Point is wanted"),
            (_feature({"type": "Point"}), "its coordinates are no list of numbers"),
            (_feature({"type": "Point", "coordinates": []}), "its geometry is empty"),
            (_feature({"type": "Point", "coordinates": [1]}), "its coordinates are not two numbers"),
            (_feature({"type": "Point", "coordinates": ["1", "2"]}), "its coordinates are not two numbers"),
            (_feature({"type": "Point", "coordinates": [True, 2]}), "its coordinates are not two numbers"),
            (_feature({"type": "Point", "coordinates": [[1, 2]]}), "its coordinates are not two numbers"),
            (_feature({"type": "MultiPoint", "coordinates": [[1, 2]]}), None),
            (_feature({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}), "its geometry is MultiPoint"),
            (_feature(point, accuracy_m="x"), "accuracy_m: 'x' is no number"),
            (_feature(point, category=5), "category: text is wanted"),
            (_feature({"type": "Point", "coordinates": [1, 2, 3]}) | {"properties": None}, None),
        ]
        _, [points] = open_all(write_collection(tmp_path, [feature for feature, _ in cases]))
        for row, (feature, why) in enumerate(cases):
            assert points.errors.get(row, "").startswith(why or ""), feature
            assert (row in points.errors) == (why is not None), feature

    def test_ids_are_those_of_the_properties_or_of_the_features(self, tmp_path: Path) -> None:
        point = {"type": "Point", "coordinates": [1, 2]}
        features = [_feature(point, id="a") | {"id": "b"}, _feature(point) | {"id": 7}, _feature(point)]
        _, [points] = open_all(write_collection(tmp_path, features))
        assert points.ids.to_pylist() == ["a", "7", None]

    def test_damage_is_refused_before_anything_is_answered(self, tmp_path: Path) -> None:
        file = write_collection(tmp_path, features_of(PLACES))
        file.write_bytes(file.read_bytes()[:-4])
        _refused(file, "is no GeoJSON")

    def test_other_attributes_are_told(self, tmp_path: Path) -> None:
        point = {"type": "Point", "coordinates": [1, 2]}
        names = [f"a{number}" for number in range(100)]
        source, _ = open_all(write_collection(tmp_path, [_feature(point, **{name: 1}) for name in names]))
        assert source.remarks == (f"Attributes that are not read: {', '.join(names[:20])}.",)

    def test_a_layer_is_not_said_of_it(self, tmp_path: Path) -> None:
        _refused(write_collection(tmp_path, []), "--layer is for a GeoPackage", layer="x")


class TestGeoParquet:
    @pytest.mark.parametrize(
        ("about", "says"),
        [
            ({"encoding": "WKB", "geometry_types": ["LineString"]}, "holds LineString: Points are wanted"),
            ({"encoding": "polygon"}, "write it as WKB"),
            ({}, "write it as WKB"),
            ({"encoding": "WKB", "geometry_types": 7}, "metadata cannot be read"),
        ],
    )
    def test_what_holds_no_points_is_refused(self, tmp_path: Path, about: dict[str, Any], says: str) -> None:
        _refused(write_geoparquet(tmp_path / "in.parquet", wkb_of(POINT), **about), says)

    def test_metadata_of_another_file_are_refused(self, tmp_path: Path) -> None:
        import pyarrow.parquet as pq

        for said in (b"{", b"[]", b'{"primary_column":"g","columns":{}}', b"[" * 100_000):
            pq.write_table(pa.table({"a": [1]}, metadata={"geo": said}), tmp_path / "in.parquet")
            _refused(tmp_path / "in.parquet", "metadata cannot be read")
        said = b'{"primary_column":"g","columns":{"g":{"encoding":"WKB"}}}'
        pq.write_table(pa.table({"a": [1]}, metadata={"geo": said}), tmp_path / "in.parquet")
        _refused(tmp_path / "in.parquet", "has not one column 'g'")

    def test_a_column_of_other_things_is_refused(self, tmp_path: Path) -> None:
        file = write_geoparquet(tmp_path / "in.parquet", pa.array([1.5]), encoding="WKB")
        _refused(file, "in.parquet cannot be read")
        file = write_geoparquet(tmp_path / "in.parquet", pa.array([{"a": 1.5}]), encoding="point")
        _refused(file, "has no x and y")

    def test_rows_without_a_point_say_why(self, tmp_path: Path) -> None:
        shapes = wkb_of(POINT, None, LINE, shapely.Point(), shapely.MultiPoint([POINT]), POINT)
        broken = pa.array([*shapes.to_pylist(), b"\x01\x01", b""], pa.binary())
        _, [points] = open_all(write_geoparquet(tmp_path / "in.parquet", broken, encoding="WKB"))
        assert points.errors == {
            1: "it has no geometry",
            2: "its geometry is LineString: Point is wanted",
            3: "its geometry is empty",
            6: "its geometry cannot be read",
            7: "its geometry cannot be read",
        }
        assert points.x[[0, 4, 5]].tolist() == [116.4] * 3

    def test_points_may_be_columns_of_x_and_y(self, tmp_path: Path) -> None:
        shapes = pa.array([{"x": 116.4, "y": 39.9}, None, {"x": np.nan, "y": np.nan}])
        _, [points] = open_all(write_geoparquet(tmp_path / "in.parquet", shapes, encoding="point"))
        assert (points.x[0], points.y[0]) == (116.4, 39.9)
        assert points.errors == {1: "it has no geometry", 2: "its geometry is empty"}

    def test_a_large_shape_that_all_rows_mean_is_kept_once(self, tmp_path: Path) -> None:
        """A million rows of 100,000 bytes would take 100 GB."""
        line = shapely.LineString(np.zeros((6000, 2)))
        shapes = pa.DictionaryArray.from_arrays(np.zeros(1_000_000, np.int32), wkb_of(line))
        source, chunks = open_all(write_geoparquet(tmp_path / "in.parquet", shapes, encoding="WKB"))
        assert source.rows == sum(len(points.errors) for points in chunks) == 1_000_000

    def test_geometry_holds_beside_columns_of_coordinates(self, tmp_path: Path) -> None:
        file = write_geoparquet(tmp_path / "in.parquet", wkb_of(POINT), {"lon": [1.0], "lat": [2.0]}, encoding="WKB")
        source, [points] = open_all(file)
        assert points.x.tolist() == [116.4]
        assert "Attributes that are not read: lon, lat." in source.remarks


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sources, "MAX_ROWS", 5)
    yield
    assert columns.MAX_ROWS == 10_000_000


@pytest.mark.parametrize("ending", [".geojson", ".geojsonl", ".gpkg"])
def test_a_row_too_many_is_refused(tmp_path: Path, few_rows: None, ending: str) -> None:
    with pytest.raises(TooLarge, match="More than 5 rows: resolve the file in parts"):
        open_all(write_points(tmp_path / f"in{ending}"))


def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "in.shp").touch()
    with pytest.raises(GridError, match=r"\.csv, \.arrow, \.parquet, \.geojson, \.geojsonl or \.gpkg"):
        open_all(tmp_path / "in.shp")


def test_shapes_are_read_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from geodata.points import geojson, geopackage, geoparquet

    for module in (geojson, geopackage, geoparquet):
        monkeypatch.setattr(module, "CHUNK_ROWS", 4)
    shaped = write_geoparquet(tmp_path / "in.parquet", wkb_of(*shapes_of(PLACES)), encoding="WKB")
    for file in (write_points(tmp_path / "in.geojson"), write_points(tmp_path / "in.gpkg"), shaped):
        _, chunks = open_all(file)
        assert [len(points) for points in chunks] == [4, 2]
        assert [list(points.errors) for points in chunks] == [[], [0]]
        assert np.concatenate([points.x for points in chunks])[:4].tolist() == PLACES["lon"][:4]
