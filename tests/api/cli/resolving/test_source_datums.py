"""The datum of a file of points, as for an imported layer: GeoJSON says none, the other formats may."""

from pathlib import Path

import pyproj
import pytest
import shapely

from gridsvc.errors import InvalidInput, UnknownDatum
from tests.api.cli.resolving.test_sources import open_all, wkb_of, write_collection
from tests.fixtures.point_files import PLACES, features_of, write_geoparquet, write_points

POINT = shapely.Point(116.4, 39.9)


def test_where_nobody_says_one_it_is_never_guessed(tmp_path: Path) -> None:
    for file in (
        write_points(tmp_path / "in.geojson"),
        write_points(tmp_path / "in.geojsonl"),
        write_points(tmp_path / "in.gpkg", crs=None),
        write_geoparquet(tmp_path / "in.parquet", wkb_of(POINT), encoding="WKB", crs=None),
        write_collection(tmp_path, features_of(PLACES), crs={"type": "name", "properties": {"name": "EPSG:4548"}}),
    ):
        with pytest.raises(UnknownDatum, match="Row 1 says no datum, nor does the batch"):
            open_all(file, datum=None)


def test_rows_may_say_their_own(tmp_path: Path) -> None:
    said = {**PLACES, "datum": ["WGS84", "GCJ02", "WGS84", "WGS84", None, "WGS84"]}
    source, [points] = open_all(write_points(tmp_path / "in.geojson", said), datum=None)
    assert source.datum is None
    assert points.datum.to_pylist() == said["datum"]


@pytest.mark.parametrize(
    ("crs", "datum"), [("EPSG:4326", "WGS84"), ("EPSG:4490", "CGCS2000"), ("EPSG:4548", "EPSG:4548")]
)
def test_a_file_with_a_crs_says_its_own(tmp_path: Path, crs: str, datum: str) -> None:
    about = {"encoding": "WKB", "crs": pyproj.CRS(crs).to_json_dict()}
    for file in (
        write_points(tmp_path / "in.gpkg", crs=crs),
        write_geoparquet(tmp_path / "in.parquet", wkb_of(POINT), **about),
    ):
        source, _ = open_all(file, datum=None)
        assert source.datum == datum
        assert source.remarks[0] == f"{file.name}: coordinates taken as {datum}, as the file says"


def test_a_geoparquet_that_is_silent_is_wgs84_by_its_standard(tmp_path: Path) -> None:
    file = write_geoparquet(tmp_path / "in.parquet", wkb_of(POINT), encoding="WKB")
    assert open_all(file, datum=None)[0].datum == "WGS84"


def test_a_crs_that_names_files_says_nothing(tmp_path: Path) -> None:
    crs = pyproj.CRS("EPSG:4326").to_json_dict() | {"name": "+proj=longlat +nadgrids=/etc/passwd"}
    file = write_geoparquet(tmp_path / "in.parquet", wkb_of(POINT), encoding="WKB", crs=crs)
    with pytest.raises(UnknownDatum):
        open_all(file, datum=None)


def test_gcj02_may_be_said_of_degrees_and_of_nothing_else(tmp_path: Path) -> None:
    source, _ = open_all(write_points(tmp_path / "in.gpkg"), datum="GCJ02")
    assert source.datum == "GCJ02"
    assert source.remarks == ("in.gpkg says WGS84; taken as GCJ02, as you said",)
    with pytest.raises(InvalidInput, match="says EPSG:4548, --datum says GCJ02"):
        open_all(write_points(tmp_path / "plane.gpkg", crs="EPSG:4548"), datum="GCJ02")


def test_another_one_than_the_file_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="says EPSG:4548, --datum says WGS84: leave out --datum"):
        open_all(write_points(tmp_path / "in.gpkg", crs="EPSG:4548"), datum="WGS84")
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}
    with pytest.raises(InvalidInput, match="says EPSG:4548, --datum says WGS84"):
        open_all(write_collection(tmp_path, features_of(PLACES), crs=crs), datum="WGS84")
