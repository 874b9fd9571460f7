"""Text of shapefiles and CSV: as said, as declared, or found by strict decoding and told."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geodata.formats import read_files
from geodata.formats.encoding import find_codec, guess_encoding
from geodata.formats.table import SourceTable
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import CODE, NAME, SQUARE, frame

RealData = Callable[[str], Path]


def shapefile(folder: Path, encoding: str, cpg: str | None, name: str = NAME, column: str = "名称") -> Path:
    """A shapefile in an encoding, with the .cpg that is asked for."""
    frame([SQUARE], **{"code": [CODE], column: [name]}).to_file(folder / "a.shp", encoding=encoding)
    (folder / "a.cpg").unlink(missing_ok=True)
    dbf = bytearray((folder / "a.dbf").read_bytes())
    dbf[29] = 0
    (folder / "a.dbf").write_bytes(bytes(dbf))
    if cpg is not None:
        (folder / "a.cpg").write_text(cpg)
    return folder / "a.shp"


def read(path: Path, encoding: str | None = None) -> SourceTable:
    (table,) = read_files([path], "cells", encoding)
    return table


def refusal(path: Path, encoding: str | None = None) -> str:
    with pytest.raises(LayerRefused) as caught:
        read_files([path], "cells", encoding)
    return str(caught.value.issues[0].code)


@pytest.mark.parametrize("cpg", ["ISO-8859-1", "1252", "ANSI 1252"])
@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_mojibake_by_a_wrong_cpg_is_told_with_the_right_encoding(tmp_path: Path, cpg: str, encoding: str) -> None:
    path = shapefile(tmp_path, encoding, cpg)
    with pytest.raises(LayerRefused) as caught:
        read_files([path], "cells")
    (issue,) = caught.value.issues
    assert (issue.code, issue.values["better"]) == ("ENCODING_MOJIBAKE", encoding)
    assert read(path, encoding).columns["名称"] == [NAME]


def test_an_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "GBK", None)
    assert refusal(path, "UTF-8") == "ENCODING_WRONG"
    assert refusal(path, "klingon") == "ENCODING_UNKNOWN_NAME"
    assert refusal(shapefile(tmp_path, "GBK", "UTF-8")) == "ENCODING_WRONG"


def test_an_encoding_that_nobody_says_and_bytes_do_not_tell_is_asked_for(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "ISO-8859-1", None, "Peçeña México", "name")
    assert refusal(path) == "ENCODING_NOT_SAID"
    assert read(path, "latin1").columns["name"] == ["Peçeña México"]


def test_accents_of_a_declared_single_byte_encoding_are_no_mojibake(tmp_path: Path) -> None:
    assert read(shapefile(tmp_path, "ISO-8859-1", "ISO-8859-1", "Hérault", "name")).columns["name"] == ["Hérault"]


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("UTF-8", "UTF-8"), ("GBK", "GBK"), ("GBK", "936"), ("GB18030", "GB18030")]
)
def test_declared_encodings_with_names_of_columns(tmp_path: Path, encoding: str, cpg: str) -> None:
    table = read(shapefile(tmp_path, encoding, cpg))
    assert (table.columns["名称"], table.issues) == ([NAME], [])


def test_utf8_without_a_word_is_found_silently_and_gbk_is_told(tmp_path: Path) -> None:
    assert read(shapefile(tmp_path, "UTF-8", None)).issues == []
    table = read(shapefile(tmp_path, "GBK", None))
    assert table.columns["名称"] == [NAME]
    assert [issue.code for issue in table.issues] == ["ENCODING_GUESSED"]


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_zipped_shapefile_in_a_folder(tmp_path: Path, encoding: str) -> None:
    shapefile(tmp_path, encoding, encoding)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob("a.*"):
            if part.suffix != ".zip":
                archive.write(part, f"数据/{part.name}")
    table = read(tmp_path / "a.zip")
    assert (table.columns["名称"], table.crs is not None) == ([NAME], True)


def test_shapefile_parts_in_capitals_and_missing_ones(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "UTF-8", "UTF-8")
    for suffix in (".dbf", ".prj", ".cpg"):
        path.with_suffix(suffix).rename(path.with_suffix(suffix.upper()))
    path.with_suffix(".shx").unlink()
    table = read(path)
    assert (table.columns["名称"], table.crs is not None) == ([NAME], True)
    assert [issue.values["part"] for issue in table.issues] == [".shx"]
    assert not path.with_suffix(".shx").exists()
    path.with_suffix(".DBF").unlink()
    assert read(path).columns == {}


@pytest.mark.parametrize("suffix", [".shx", ".prj", ".cpg"])
def test_a_part_alone_is_refused_with_a_hint(tmp_path: Path, suffix: str) -> None:
    path = shapefile(tmp_path, "UTF-8", "UTF-8").with_suffix(suffix)
    assert refusal(path) == "SHAPEFILE_PART_ALONE"


@pytest.mark.parametrize(
    ("name", "encoding", "text"),
    [
        ("gbk", None, "简体国语"),
        ("gb2312", None, "简体国语"),
        ("utf8", None, "国语國語"),
        ("big5", "Big5", "繁體國語"),
        ("shiftjis", "Shift_JIS", "ひたちなか市"),
        ("eucjp", "EUC-JP", "ひたちなか市"),
        ("latin1", "latin1", "Peçeña México"),
        ("ldid/chinese", None, "简体"),
        ("cpg/big5", None, "國語"),
        ("cpg/euckr", None, "한국말"),
        ("cpg/koi8r", None, "русский"),
        ("cpg/win1251", None, "РУССКИЙ"),
        ("cpg/latin2", None, "čeština"),
        ("cpg/win874", None, "ภาษาไทย"),
    ],
)
@pytest.mark.real_data
def test_real_dbf_names_come_out_right(real_data: RealData, name: str, encoding: str | None, text: str) -> None:
    folder = real_data("bad_files_mapshaper") / "test" / "data" / "dbf"
    assert text in read(folder / f"{name}.dbf", encoding).columns["NAME"]


@pytest.mark.parametrize("name", ["big5", "shiftjis", "eucjp", "latin1"])
@pytest.mark.real_data
def test_real_dbf_of_other_encodings_are_never_silently_wrong(real_data: RealData, name: str) -> None:
    folder = real_data("bad_files_mapshaper") / "test" / "data" / "dbf"
    try:
        codes = [issue.code for issue in read(folder / f"{name}.dbf").issues]
    except LayerRefused as caught:
        codes = [issue.code for issue in caught.issues]
    assert codes in (["ENCODING_NOT_SAID"], ["ENCODING_GUESSED"])


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", None), ("utf-8-sig", None), ("gbk", None), ("utf-16", None), ("big5", "Big5")]
)
def test_csv_encodings(tmp_path: Path, encoding: str, said: str | None) -> None:
    path = tmp_path / "a.csv"
    name = "東華門" if said else "东华门街道办事处"
    path.write_bytes(f"code,name\r\n110101001,{name}\r\n".encode(encoding))
    assert read(path, said).columns == {"code": ["110101001"], "name": [name]}


def test_csv_in_an_encoding_that_is_not_found_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("code,name\n1,Hérault\n".encode("latin1"))
    assert refusal(path) == "ENCODING_NOT_SAID"
    path.write_bytes("code,name\n1,x\n".encode("utf-16-le"))
    assert refusal(path) == "ENCODING_NOT_SAID"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\n\n", "HEADER_MISSING"),
        ("code,code\n1,2\n", "HEADER_TWICE"),
        ('code,name\n1,"open\n', "FILE_UNREADABLE"),
    ],
)
def test_csv_without_a_usable_header_or_form(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert refusal(path) == code


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiters_short_and_long_lines(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    lines = ["code|name|x", "1|a|b", "", '2|"two\nlines"', "3|c|d|e"]
    path.write_text("\n".join(lines).replace("|", delimiter))
    table = read(path)
    assert (table.columns["code"], table.columns["x"], list(table.numbers)) == (["1", "2"], ["b", None], [2, 5])
    assert [(issue.code, issue.values["where"]) for issue in table.issues] == [("ROW_TOO_LONG", "a.csv #6")]


def test_guesses() -> None:
    assert guess_encoding([b"plain"]) is not None
    assert guess_encoding(["网格".encode("gbk")]).name == "gb18030"  # type: ignore[union-attr]
    assert guess_encoding(["Peçeña".encode("latin1")]) is None
    assert (find_codec("936"), find_codec("nonsense"), find_codec("hex")) == ("gb18030", None, None)
