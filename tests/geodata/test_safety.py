"""Hostile and damaged files are refused before a reader sees them, with a message that names no folder."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from geodata.formats import read_files
from geodata.formats.workbook import read_workbook
from geodata.issues import text_of
from geodata.safety import FileLimits, check_file, check_zip, clean_message, unpack
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import SQUARE, collection, feature, frame, write_json

SOURCE = "<SrcDataSource>/etc/passwd</SrcDataSource>"
VRT = f"<OGRVRTDataSource><OGRVRTLayer name='x'>{SOURCE}</OGRVRTLayer></OGRVRTDataSource>"
BILLION_LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>a</name></Folder></Document></kml>'


def refused(*files: Path, layer: str = "cells") -> str:
    """The code of the one finding with which the files are refused; its texts name no folder."""
    with pytest.raises(LayerRefused) as caught:
        read_files(files, layer)
    (issue,) = caught.value.issues
    told = " ".join([*text_of(issue, "en"), *text_of(issue, "zh"), caught.value.message])
    assert str(files[0].parent) not in told
    assert files[0].name in told
    return str(issue.code)


def codes_of(path: Path) -> list[str]:
    """Codes of what is found, whether the file is read or refused."""
    try:
        return [issue.code for table in read_files([path], "cells") for issue in table.issues]
    except LayerRefused as caught:
        told = [text_of(issue, "en")[0] for issue in caught.issues]
        codes = [issue.code for issue in caught.issues]
    assert not any(str(path.parent) in line for line in told)
    return codes


def write_zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_a_missing_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.geojson") == "FILE_MISSING"
    assert refused(tmp_path / "none.xyz") == "FILE_MISSING"


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").touch()
    assert refused(tmp_path / "a.gpkg") == "FILE_EMPTY"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").mkdir()
    assert refused(tmp_path / "a.geojson") == "FILE_MISSING"


def test_too_large_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"[" * 100)
    with pytest.raises(LayerRefused) as caught:
        check_file(path, "GeoJSON", "cells", FileLimits(text_bytes=99))
    assert caught.value.issues[0].code == "FILE_TOO_LARGE"


@pytest.mark.parametrize("kind", [".vrt", ".gml", ".tab", ".pbf", ".exe", ""])
def test_kinds_that_are_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a{kind}"
    path.write_text(VRT)
    assert refused(path) == "FILE_KIND_UNKNOWN"


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet", ".shp", ".zip", ".xlsx", ".geojson", ".csv"])
@pytest.mark.parametrize("head", [b"%PDF-1.7 something", b"\x1f\x8b\x08\x00 gzip", b"Rar!\x1a\x07"])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, suffix: str, head: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(head + bytes(100))
    assert refused(path) == "FILE_IS_NOT"


def test_a_flatgeobuf_of_nothing_but_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.fgb"
    path.write_bytes(b"fgb\x03fgb\x00" + b"\xff" * 100)
    assert refused(path) == "FILE_UNREADABLE"


def test_a_vrt_behind_the_name_of_a_geopackage_never_reaches_gdal(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_text(VRT)
    assert refused(path) == "FILE_IS_NOT"


def test_geojson_that_names_an_address_is_no_geojson(tmp_path: Path) -> None:
    assert refused(write_json(tmp_path / "a.json", "/vsicurl/http://127.0.0.1/x.json")) == "GEOJSON_STRUCTURE"


@pytest.mark.parametrize("depth", [50, 900, 100_000])
def test_a_depth_bomb_in_json(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"type": "Polygon", "coordinates": ' + "[" * depth + "]" * depth + "}")
    assert codes_of(path) in (["GEOJSON_FEATURE"], ["JSON_UNREADABLE"])


def test_truncated_zip(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "a.zip", {"a.geojson": b"{}" * 5000})
    whole.write_bytes(whole.read_bytes()[:-40])
    assert refused(whole) == "ZIP_DAMAGED"


def test_zip_with_a_broken_entry(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "a.zip", {"a.geojson": bytes(range(256)) * 20})
    data = bytearray(whole.read_bytes())
    data[60:90] = bytes(30)
    whole.write_bytes(bytes(data))
    assert refused(whole) == "ZIP_DAMAGED"


def test_zip_bomb_by_ratio(tmp_path: Path) -> None:
    assert refused(write_zip(tmp_path / "a.zip", {"a.geojson": bytes(40 << 20)})) == "ZIP_BOMB"


def test_zip_bomb_by_number_and_by_size(tmp_path: Path) -> None:
    many = write_zip(tmp_path / "many.zip", {f"{n}.json": b"{}" for n in range(20)})
    with zipfile.ZipFile(many) as archive:
        for limits in (FileLimits(zip_entries=10), FileLimits()):
            with pytest.raises(LayerRefused, match=r"many\.zip"):
                check_zip(archive, "cells", "many.zip", 30, limits)


def test_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.json": b"x" * 100_000})
    data = path.read_bytes().replace(struct.pack("<L", 100_000), struct.pack("<L", 10))
    path.write_bytes(data)
    (tmp_path / "out").mkdir()
    with pytest.raises(LayerRefused):
        unpack(path, tmp_path / "out", "cells", FileLimits(unpacked_bytes=1000))


@pytest.mark.parametrize("name", ["../evil.geojson", "/etc/evil.geojson", "a/../../evil.geojson", "C:\\evil.geojson"])
def test_zip_entries_that_point_outside(tmp_path: Path, name: str) -> None:
    assert refused(write_zip(tmp_path / "a.zip", {name: b"{}"})) == "ZIP_UNSAFE_PATH"
    assert not list(tmp_path.glob("**/evil*"))


def test_zip_with_a_link(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        entry = zipfile.ZipInfo("a.geojson")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert refused(tmp_path / "a.zip") == "ZIP_UNSAFE_PATH"


@pytest.mark.parametrize("name", ["inner.zip", "inner.ZIP", "a/inner.7z", "inner.kmz"])
def test_zip_in_zip(tmp_path: Path, name: str) -> None:
    assert refused(write_zip(tmp_path / "a.zip", {name: b"PK\x05\x06"})) == "ZIP_NESTED"


def test_encrypted_zip(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.geojson": b"{}"})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert refused(path) == "ZIP_ENCRYPTED"


def test_zip_without_a_layer(tmp_path: Path) -> None:
    assert refused(write_zip(tmp_path / "a.zip", {"README.md": b"hello"})) == "ZIP_WITHOUT_LAYER"


def test_zip_names_in_gbk_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AAAA.geojson", b'{"type": "FeatureCollection", "features": []}')
    path.write_bytes(path.read_bytes().replace(b"AAAA", "网格".encode("gbk")))
    assert [table.file for table in read_files([path], "cells")] == ["网格.geojson"]


def test_xml_bomb_in_kml(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(BILLION_LAUGHS + "<kml>&c;</kml>")
    assert refused(path) == "XML_UNSAFE"


def test_external_entity_in_kml(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text('<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>')
    assert refused(path) == "XML_UNSAFE"


def test_broken_kml(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(KML[:-20])
    assert refused(path) == "FILE_UNREADABLE"


def workbook_with(name: str, data: bytes, path: Path) -> Path:
    buffer = BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["code"])
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, data if entry == name else source.read(entry))
    return path


def test_xml_bomb_in_xlsx(tmp_path: Path) -> None:
    bomb = BILLION_LAUGHS.encode() + b"<worksheet>&c;</worksheet>"
    path = workbook_with("xl/worksheets/sheet1.xml", bomb, tmp_path / "a.xlsx")
    with pytest.raises(LayerRefused) as caught:
        read_workbook(path, "people")
    assert caught.value.issues[0].code == "XML_UNSAFE"


def test_zip_bomb_in_xlsx(tmp_path: Path) -> None:
    path = workbook_with("xl/worksheets/sheet1.xml", b" " * (40 << 20), tmp_path / "a.xlsx")
    assert refused(path) == "ZIP_BOMB"


@pytest.mark.parametrize("keep", [30, 300, 2000])
def test_truncated_xlsx(tmp_path: Path, keep: int) -> None:
    path = workbook_with("", b"", tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(path) in {"ZIP_DAMAGED", "FILE_UNREADABLE"}


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    assert refused(write_zip(tmp_path / "a.xlsx", {"a.txt": b"x"})) == "FILE_IS_NOT"


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_binary_files_that_were_cut_off(tmp_path: Path, suffix: str, share: float) -> None:
    whole = tmp_path / f"whole{suffix}"
    rows = frame([SQUARE] * 50)
    rows.to_parquet(whole) if suffix == ".parquet" else rows.to_file(whole)
    data = whole.read_bytes()
    cut = tmp_path / f"cut{suffix}"
    cut.write_bytes(data[: int(len(data) * share)])
    assert set(codes_of(cut)) <= {"FILE_UNREADABLE", "READER_WARNING", "TABLE_NOT_SAID"}


def test_a_view_in_a_geopackage_is_not_run(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="cells")
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW trick AS SELECT * FROM cells")
        database.execute(
            "INSERT INTO gpkg_contents SELECT 'trick', data_type, 'trick', '', last_change, min_x, min_y, max_x, max_y,"
            " srs_id FROM gpkg_contents WHERE table_name = 'cells'"
        )
        database.execute(
            "INSERT INTO gpkg_geometry_columns SELECT 'trick', column_name, geometry_type_name, srs_id, z, m"
            " FROM gpkg_geometry_columns WHERE table_name = 'cells'"
        )
    database.close()
    with pytest.raises(LayerRefused) as caught:
        read_files([Path(f"{path}:trick")], "cells")
    assert caught.value.issues[0].code == "GEOPACKAGE_VIEW"


def test_messages_of_libraries_lose_their_folders() -> None:
    error = OSError("Unable to open /home/someone/secret/a.shx or /b/c.shp.\nmore")
    assert clean_message(error) == "Unable to open a.shx or c.shp"
    assert clean_message(zlib.error()) == "error"


def test_features_beside_a_hostile_one_are_not_half_taken(tmp_path: Path) -> None:
    good = write_json(tmp_path / "good.geojson", collection(feature(SQUARE)))
    bad = tmp_path / "bad.geojson"
    bad.write_text("{")
    with pytest.raises(LayerRefused):
        read_files([good, bad], "cells")


def test_a_sheet_that_says_it_is_huge_is_read_as_wide_as_its_header(tmp_path: Path) -> None:
    """A few hundred bytes that would be a billion cells."""
    book = openpyxl.Workbook()
    book.active.append(("code", "name"))
    book.active.cell(60_000, 1, "P01")
    book.active.cell(60_001, 16_384, "far out")
    path = tmp_path / "people.xlsx"
    book.save(path)
    grid = read_workbook(path, "people")
    assert (grid.header, grid.rows, grid.numbers) == (["code", "name"], [["P01", None]], [60_000])
