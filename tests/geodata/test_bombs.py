"""Small files that unpack to gigabytes while they are read: refused before a reader begins."""

import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from geodata.formats import read_files
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import frame


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
