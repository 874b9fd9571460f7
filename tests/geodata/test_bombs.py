"""Small files that unpack to gigabytes while they are read: refused before a reader begins."""

import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from geodata.formats import read_files
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import SQUARE, frame


def _refused(path: Path) -> str:
    with pytest.raises(LayerRefused) as caught:
        read_files([path], "cells")
    (issue,) = caught.value.issues
    return str(issue.code)


def _exchanged(path: Path, statement: str) -> Path:
    """A GeoPackage whose one table was exchanged for what a statement makes."""
    frame().to_file(path, layer="cells")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("DROP TABLE cells")
        database.execute(statement)
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE cells (fid INTEGER PRIMARY KEY, geom BLOB, x TEXT AS (hex(zeroblob(400000000))))",
        "CREATE TABLE cells (fid INTEGER PRIMARY KEY, geom BLOB AS (zeroblob(400000000)) STORED, x TEXT)",
        "CREATE VIEW CELLS AS SELECT 1 AS fid, zeroblob(9) AS geom",
        "CREATE VIEW cells AS SELECT 1 AS fid, zeroblob(9) AS geom",
    ],
    ids=["computed text", "computed shape", "view in capitals", "view"],
)
def test_what_a_geopackage_would_compute_is_not_read(tmp_path: Path, statement: str) -> None:
    assert _refused(_exchanged(tmp_path / "a.gpkg", statement)) == "GEOPACKAGE_VIEW"


def _varint(number: int) -> bytes:
    """As SQLite writes it."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(0x80 | number & 0x7F)
    return bytes(reversed(groups))


def test_pages_of_a_geopackage_that_follow_themselves(tmp_path: Path) -> None:
    """A text of 2 MB whose last page leads back to its first, and which says that it has 125 MB."""
    length, page = 2_200_000, 4096
    said = length + 30_000 * (page - 4)
    made = "CREATE TABLE cells (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT)"
    path = _exchanged(tmp_path / "a.gpkg", made)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("INSERT INTO cells (code) VALUES (CAST(zeroblob(?) AS TEXT))", (length,))
        database.execute("VACUUM")
    data = bytearray(path.read_bytes())
    at = data.index(_varint(13 + 2 * length))
    whole = next(size for size in range(length, length + 20) if _varint(size) in data[at - 12 : at])
    for place, old, new in ((at, 13 + 2 * length, 13 + 2 * said), (at - 12, whole, whole + said - length)):
        begin = data.index(_varint(old), place)
        data[begin : begin + 4] = _varint(new)
    following = {n: struct.unpack_from(">I", data, (n - 1) * page)[0] for n in range(2, len(data) // page + 1)}
    chain = [n for n, then in following.items() if then == n + 1]
    struct.pack_into(">I", data, chain[-1] * page, chain[0])
    path.write_bytes(data)
    assert _refused(path) == "FILE_UNREADABLE"


@pytest.mark.parametrize("count", [0, 1, 49, 51, 5000, 2**31, 2**32, 2**40, 2**64 - 1])
def test_flatgeobuf_of_a_false_count(tmp_path: Path, count: int) -> None:
    """It was read as an empty layer where the count led behind all features."""
    path = tmp_path / "a.fgb"
    frame([SQUARE] * 50).to_file(path, driver="FlatGeobuf")
    assert len(read_files([path], "cells")[0].numbers) == 50
    data = bytearray(path.read_bytes())
    struct.pack_into("<Q", data, data.index(struct.pack("<Q", 50)), count)
    path.write_bytes(data)
    assert _refused(path) == "FILE_UNREADABLE"


def test_flatgeobuf_of_nothing_and_one_that_does_not_count_are_read(tmp_path: Path) -> None:
    frame([]).to_file(tmp_path / "none.fgb", driver="FlatGeobuf")
    assert len(read_files([tmp_path / "none.fgb"], "cells")[0].numbers) == 0
    frame().to_file(tmp_path / "one.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    assert len(read_files([tmp_path / "one.fgb"], "cells")[0].numbers) == 1


def test_entries_of_a_zip_that_are_all_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    line = b'{"type": "Feature"}' * 20
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b"".join(line + struct.pack("<L", n * 2_654_435_761 % 2**32) for n in range(4000)))
        start, entry = archive.start_dir, archive.infolist()[0]
    assert entry.file_size < 200 * entry.compress_size
    data = path.read_bytes()
    listed, end = data[start:-22], data[-22:]
    count = 100
    tail = end[:8] + struct.pack("<HHL", count, count, len(listed) * count) + end[16:]
    path.write_bytes(data[:start] + listed * count + tail)
    assert _refused(path) == "ZIP_BOMB"
