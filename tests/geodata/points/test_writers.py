"""Writers of maps: what ends them too early is told as it was, and memory does not grow with the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pytest

from geodata.points.writers import write_geojson, write_geopackage

SCHEMA = pa.schema([("name", pa.dictionary(pa.int32(), pa.string())), ("metres", pa.float64())])


def _batch(rows: int) -> pa.RecordBatch:
    names = pa.array([f"街 {row}" for row in range(rows)]).dictionary_encode()
    place = pa.array(np.linspace(0, 1, rows))
    return pa.record_batch([names, place, place, place], [*SCHEMA.names, "lon", "lat"])


def _ended_by(error: BaseException) -> Iterator[pa.RecordBatch]:
    yield _batch(3)
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(5, "Input/output error"), ValueError("no such thing")])
def test_what_ends_a_geopackage_too_early_is_raised_as_it_was(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)) as raised:
        write_geopackage(tmp_path / "out.gpkg", SCHEMA, _ended_by(error), {})
    assert raised.value is error


def test_a_place_where_nothing_can_be_written_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="could not be written"):
        write_geopackage(tmp_path / "nowhere" / "out.gpkg", SCHEMA, iter([_batch(1)]), {})


def test_a_geopackage_tells_what_its_answers_have_in_common_and_has_an_index(tmp_path: Path) -> None:
    write_geopackage(tmp_path / "out.gpkg", SCHEMA, iter([_batch(70_000), _batch(5)]), {"edition": "3"})
    with closing(sqlite3.connect(tmp_path / "out.gpkg")) as database:
        (rows,) = database.execute("SELECT count(*) FROM answers").fetchone()
        (indexed,) = database.execute("SELECT count(*) FROM rtree_answers_geom").fetchone()
        (said,) = database.execute("SELECT metadata FROM gpkg_metadata").fetchone()
        last = database.execute("SELECT fid, name, metres FROM answers ORDER BY fid DESC").fetchone()
    assert rows == indexed == 70_005
    assert "edition" in said
    assert last == (70_005, "街 4", 1.0)


def test_geojson_in_pieces_is_one_collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.points.writers.ROWS_AT_ONCE", 2)
    write_geojson(tmp_path / "out.geojson", [_batch(0), _batch(5), _batch(0), _batch(1)], {"edition": 3})
    text = (tmp_path / "out.geojson").read_bytes()
    document = orjson.loads(text)
    assert document.pop("edition") == 3
    assert [feature["properties"]["name"] for feature in document["features"]] == [
        *(f"街 {row}" for row in range(5)),
        "街 0",
    ]
    assert len(text.splitlines()) == 6 + 2
