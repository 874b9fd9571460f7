"""Small files for a layer that would become large: each ends as a refused job, soon, and the draft is untouched."""

import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gridsvc.model.accounts import AccountRole
from tests.api.routes.test_drafts import FIRST, _ended, _put
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.reports import serve_apart
from tests.fixtures.served_city import City
from tests.geodata.layer_writing import SQUARE, frame
from tests.geodata.test_bombs import _exchanged
from tests.geodata.test_nesting import _geopackage, _nested
from tests.geodata.test_parquet_bombs import _same
from tests.geodata.test_parquet_bombs import _write as write_parquet


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[City]:
    """A city where nothing is ever imported: one worker refuses all the files."""
    yield from serve_apart(tmp_path_factory, tiny_database)


@pytest.fixture(scope="module")
def planner(city: City) -> SignedInClient:
    return sign_in(city, AccountRole.PLANNER)


@pytest.fixture(scope="module")
def draft(planner: SignedInClient) -> int:
    return int(planner.post("/api/v1/drafts", json={}).json()["number"])


def _zip_of(path: Path, name: str, data: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return path


def _zip_of_blobs(path: Path) -> Path:
    """A GeoPackage of nothing but zeros: 60 MB out of 60 KB."""
    inner = path.with_name("inner.gpkg")
    frame().to_file(inner, layer="cells")
    with closing(sqlite3.connect(inner, isolation_level=None)) as database:
        database.execute("CREATE TABLE zeros (x BLOB)")
        database.execute("INSERT INTO zeros VALUES (zeroblob(60000000))")
    return _zip_of(path, "inner.gpkg", inner.read_bytes())


def _computed(path: Path) -> Path:
    return _exchanged(path, "CREATE TABLE cells (fid INTEGER PRIMARY KEY, geom BLOB, x TEXT AS (hex(zeroblob(4e8))))")


def _endless(path: Path) -> Path:
    """A view that has rows without end."""
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, zeroblob(9) AS geom FROM n"
    return _exchanged(path, f"CREATE VIEW cells AS {rows}")


def _miscounted(path: Path) -> Path:
    frame([SQUARE] * 50).to_file(path, driver="FlatGeobuf")
    data = bytearray(path.read_bytes())
    struct.pack_into("<Q", data, data.index(struct.pack("<Q", 50)), 2**31)
    path.write_bytes(data)
    return path


_BOMBS: list[tuple[str, str, Callable[[Path], Path]]] = [
    ("a.zip", "ZIP_BOMB", lambda path: _zip_of(path, "a.geojson", bytes(60 << 20))),
    ("a.zip", "ZIP_BOMB", _zip_of_blobs),
    ("a.zip", "ZIP_NESTED", lambda path: _zip_of(path, "a.zip", b"PK\x05\x06")),
    ("a.zip", "ZIP_UNSAFE_PATH", lambda path: _zip_of(path, "../../a.geojson", b"{}")),
    ("a.gpkg", "GEOPACKAGE_VIEW", _computed),
    ("a.gpkg", "GEOPACKAGE_VIEW", _endless),
    ("a.gpkg", "FILE_UNREADABLE", lambda path: _geopackage(path, _nested(200_000))),
    ("a.parquet", "FILE_UNREADABLE", lambda path: write_parquet(path, geometry=[_nested(200_000)])),
    ("a.parquet", "FILE_TOO_LARGE", lambda path: write_parquet(path, geometry=_same(SQUARE.wkb), x=_same("x" * 10**5))),
    ("a.fgb", "FILE_UNREADABLE", _miscounted),
]


@pytest.mark.parametrize(("name", "code", "make"), _BOMBS)
def test_file_is_refused_in_words(
    planner: SignedInClient, draft: int, tmp_path: Path, name: str, code: str, make: Callable[[Path], Path]
) -> None:
    body = make(tmp_path / name).read_bytes()
    assert len(body) < 3_000_000
    job: dict[str, Any] = _ended(planner, _put(planner, draft, body, FIRST, name=name), 60)
    assert job["state"] == "REFUSED", job["error"]
    assert job["attempts"] == 1
    assert [finding["code"] for finding in job["findings"]] == [code]
    assert all(finding["message_zh"] and finding["remedy_zh"] for finding in job["findings"])
    assert planner.get(f"/api/v1/drafts/{draft}").json()["revision"] == 0
