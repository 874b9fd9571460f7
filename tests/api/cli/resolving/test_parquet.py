"""`gridsvc resolve IN.parquet OUT`: hostile files first, then the same answers as from CSV."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tests.api.cli.terminal import Terminal

PLACES = {"id": ["1", "2", "3"], "lon": [116.4005, 116.4015, 1.0], "lat": [39.9013, 39.9013, 1.0]}


@pytest.fixture
def terminal(city_folder: Path, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, {"GRIDSVC_DATA_DIR": str(city_folder)})


def _write(terminal: Terminal, **columns: Any) -> None:
    pq.write_table(pa.table(columns), terminal.folder / "in.parquet", compression="zstd", store_schema=False)


def _same(value: object, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([value]))


@pytest.mark.parametrize("column", ["id", "datum", "category"])
def test_long_word_that_all_rows_mean_is_refused(terminal: Terminal, column: str) -> None:
    """Two million rows of 100,000 letters would take 200 GB."""
    zeros = _same(0.0, 2_000_000)
    _write(terminal, lon=zeros, lat=zeros, **{column: _same("x" * 100_000, 2_000_000)})
    result = terminal.run("resolve", "in.parquet", "out.csv", "--datum", "WGS84")
    assert result.returncode == 2, result.stderr
    assert f"{column} has 100000 bytes" in result.stderr


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"lon": [["1"]], "lat": [1.0]}, "numbers wanted"),
        ({"lon": [1.0], "lat": [1.0], "id": [[1]]}, "text wanted"),
        ({"lon": [1.0], "lat": [1.0]}, "--datum"),
        ({"lon": [1.0], "lat": [1.0], "name": ["x"]}, "Unknown: 'name'"),
    ],
)
def test_columns_that_are_none_of_a_batch(terminal: Terminal, columns: dict[str, Any], says: str) -> None:
    _write(terminal, **columns)
    result = terminal.run("resolve", "in.parquet", "out.csv")
    assert result.returncode == 2
    assert says in result.stderr


def test_file_that_is_no_parquet(terminal: Terminal) -> None:
    (terminal.folder / "in.parquet").write_bytes(b"PAR1" + os.urandom(100))
    result = terminal.run("resolve", "in.parquet", "out.csv", "--datum", "WGS84")
    assert result.returncode == 2
    assert "cannot be read" in result.stderr
    assert "Traceback" not in result.stderr


def test_parquet_is_answered_as_csv_is(terminal: Terminal) -> None:
    _write(terminal, **PLACES)
    pacsv.write_csv(pa.table(PLACES), terminal.folder / "in.csv")
    for name in ("in.parquet", "in.csv"):
        terminal.ok("resolve", name, f"{name}.out.csv", "--datum", "WGS84")
    answered = [(terminal.folder / f"{name}.out.csv").read_bytes() for name in ("in.parquet", "in.csv")]
    assert answered[0] == answered[1]
    assert answered[0].count(b"OK") == 2
