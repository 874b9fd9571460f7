"""Parquet files of a few bytes that would become gigabytes: refused before they are made, by what they say and hold."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geodata.formats import read_files
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import SQUARE

GEO = {"version": "1.0.0", "primary_column": "geometry"} | {"columns": {"geometry": {"encoding": "WKB"}}}
ROWS = 200_000


def _write(path: Path, **columns: Any) -> Path:
    """Without the writer's own types: whatever is kept once is plain for who reads it."""
    table = pa.table(columns)
    with pq.ParquetWriter(path, table.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(GEO)})
    return path


def _same(value: str | bytes, rows: int = ROWS) -> pa.Array:
    """One value, meant by every row."""
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([value]))


def _refused(path: Path) -> tuple[str, str]:
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    try:
        with pytest.raises(LayerRefused) as caught:
            read_files([path], "cells")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 << 20
    assert pa.total_allocated_bytes() - before < 64 << 20
    (issue,) = caught.value.issues
    return issue.code, str(issue.values.get("size") or issue.values.get("why"))


def test_text_that_all_rows_mean(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb), code=_same("x" * 100_000))
    assert path.stat().st_size < 10_000
    code, size = _refused(path)
    assert code == "FILE_TOO_LARGE"
    assert size.endswith("MB unpacked")


@pytest.mark.parametrize("kind", [pa.string_view(), pa.dictionary(pa.int32(), pa.large_string())])
def test_text_of_another_type_that_all_rows_mean(tmp_path: Path, kind: pa.DataType) -> None:
    """The types that the writer had come back with the file."""
    code = pa.array(["x" * 1000] * 50_000).cast(kind)
    table = pa.table({"geometry": pa.array([SQUARE.wkb] * 50_000), "code": code})
    with pq.ParquetWriter(tmp_path / "a.parquet", table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(GEO)})
    del code, table
    assert _refused(tmp_path / "a.parquet")[0] == "FILE_TOO_LARGE"


def test_shape_that_all_rows_mean(tmp_path: Path) -> None:
    outline = shapely.segmentize(SQUARE, 1e-6)
    assert _refused(_write(tmp_path / "a.parquet", geometry=_same(outline.wkb)))[0] == "FILE_TOO_LARGE"


def test_nothing_in_many_columns(tmp_path: Path) -> None:
    nothing = {f"c{number}": pa.nulls(ROWS, pa.int64()) for number in range(200)}
    path = _write(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb), **nothing)
    assert _refused(path) == ("FILE_TOO_LARGE", f"{201 * ROWS} cells")


def test_list_without_end_in_one_row(tmp_path: Path) -> None:
    values = pa.ListArray.from_arrays(pa.array([0, 20_000_000], pa.int32()), np.zeros(20_000_000, np.int8))
    assert _refused(_write(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb, 1), l=values))[0] == "FILE_TOO_LARGE"


def test_page_that_packs_well(tmp_path: Path) -> None:
    zeros = pa.array(["\0" * 100_000_000])
    assert _refused(_write(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb, 1), l=zeros))[0] == "FILE_TOO_LARGE"


def test_ordinary_repetition_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb, 5000), name=_same("东四网格", 5000))
    (table,) = read_files([path], "cells")
    assert table.columns["name"] == ["东四网格"] * 5000
    assert table.geometry is not None
    assert list(table.geometry) == [SQUARE] * 5000
