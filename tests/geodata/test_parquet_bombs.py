"""Parquet files of a few bytes that would become gigabytes: refused before they are made, by what they say and hold."""

import json
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import Geometry, LineString, MultiPolygon, Point

from geodata.formats import read_files
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import SQUARE, frame

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


def _keep(path: Path, store_schema: bool = True, **columns: Any) -> Path:
    """The types that the writer had come back with the file, if it is to store them."""
    table = pa.table(columns)
    with pq.ParquetWriter(path, table.schema, compression="zstd", store_schema=store_schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(GEO)})
    return path


RECORD = pa.struct([("b", pa.string())])
NESTED = {
    "list": pa.array([["x"]], pa.list_(pa.string())),
    "large list": pa.array([[b"x"]], pa.large_list(pa.binary())),
    "list view": pa.array([["x"]], pa.list_view(pa.string())),
    "as many in each": pa.array([["x"]], pa.list_(pa.string(), 1)),
    "numbers": pa.array([[1]], pa.list_(pa.int64())),
    "record": pa.array([{"b": "x"}], RECORD),
    "record of binary": pa.array([{"b": b"x"}], pa.struct([("b", pa.binary(1))])),
    "record in a list": pa.array([[{"b": "x"}]], pa.list_(RECORD)),
    "record in a record": pa.array([{"c": {"b": "x"}}], pa.struct([("c", RECORD)])),
    "map": pa.array([[("x", 1)]], pa.map_(pa.string(), pa.int8())),
    "extension": pa.ExtensionArray.from_storage(pa.opaque(RECORD, "a", "b"), pa.array([{"b": "x"}], RECORD)),
}


@pytest.mark.parametrize("store_schema", [True, False])
@pytest.mark.parametrize("name", NESTED)
def test_lists_and_records_are_not_read(tmp_path: Path, name: str, store_schema: bool) -> None:
    columns = {"a": NESTED[name], "code": pa.array(["A"])}
    path = _keep(tmp_path / "a.parquet", store_schema, geometry=pa.array([SQUARE.wkb]), **columns)
    (table,) = read_files([path], "cells")
    assert table.columns == {"code": ["A"]}
    assert table.geometry is not None
    assert list(table.geometry) == [SQUARE]


def test_text_in_lists_that_all_rows_mean_is_never_made(tmp_path: Path) -> None:
    said = pa.ListArray.from_arrays(np.arange(5001, dtype=np.int32), pa.array(["x" * 20_000] * 5000))
    path = _write(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb, 5000), a=said)
    assert path.stat().st_size < 10_000
    del said
    before = pa.total_allocated_bytes()
    (table,) = read_files([path], "cells")
    assert table.columns == {}
    assert pa.total_allocated_bytes() - before < 64 << 20


@pytest.mark.parametrize("names", [["a", "a.b"], ["a.b", "a"], ["a.b", "c"], ["a", "a"]])
def test_lists_that_would_be_read_with_another_column_are_refused(tmp_path: Path, names: list[str]) -> None:
    table = pa.table([pa.array([SQUARE.wkb]), NESTED["list"], pa.array(["x"])], names=["geometry", *names])
    with pq.ParquetWriter(tmp_path / "a.parquet", table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(GEO)})
    assert _refused(tmp_path / "a.parquet")[0] == "PARQUET_NESTED"


def test_list_that_is_read_with_every_other_column_is_refused(tmp_path: Path) -> None:
    """Pandas writes which columns name the rows, and reads them whatever is asked for."""
    table = pa.table({"geometry": pa.array([SQUARE.wkb]), "a": NESTED["list"]})
    with pq.ParquetWriter(tmp_path / "a.parquet", table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(GEO), "pandas": json.dumps({"index_columns": ["a"]})})
    assert _refused(tmp_path / "a.parquet")[0] == "PARQUET_NESTED"


def test_shape_that_holds_text(tmp_path: Path) -> None:
    assert _refused(_write(tmp_path / "a.parquet", geometry=NESTED["list"]))[0] == "PARQUET_NESTED"


def test_shape_with_room_for_a_thousand_axes(tmp_path: Path) -> None:
    """A null among positions of a set length takes all of it."""
    path = _keep(tmp_path / "a.parquet", geometry=pa.nulls(10, pa.list_(pa.float64(), 1000)))
    assert _refused(path)[0] == "PARQUET_NESTED"


@pytest.mark.parametrize("value", [b"x" * 100_000, None])
def test_bytes_of_a_set_length_in_all_rows(tmp_path: Path, value: bytes | None) -> None:
    same = pa.array([value] * 500, pa.binary(100_000))
    path = _write(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb, 500), a=same)
    assert path.stat().st_size < 10_000
    del same
    assert _refused(path)[0] == "FILE_TOO_LARGE"


@pytest.mark.parametrize("kind", [pa.json_(), pa.opaque(pa.string(), "a", "b")])
def test_text_of_an_extension_that_all_rows_mean(tmp_path: Path, kind: pa.BaseExtensionType) -> None:
    same = pa.ExtensionArray.from_storage(kind, pa.array(["x" * 20_000] * 5000))
    path = _keep(tmp_path / "a.parquet", geometry=_same(SQUARE.wkb, 5000), a=same)
    del same
    assert _refused(path)[0] == "FILE_TOO_LARGE"


def test_columns_that_cannot_be_told_apart(tmp_path: Path) -> None:
    """Of two columns of one name only one would be measured."""
    table = pa.table([[SQUARE.wkb], ["x"], [{"b": 1}]], names=["geometry", "a.b", "a"])
    path = _write(tmp_path / "a.parquet", **dict(zip(table.column_names, table.columns, strict=True)))
    assert _refused(path) == ("FILE_UNREADABLE", "two columns have one name")


def test_what_takes_no_more_than_it_says_is_read(tmp_path: Path) -> None:
    columns = {
        "bbox": pa.array([{"xmin": 1.0, "ymin": 2.0}]),
        "json": pa.array(["{}"], pa.json_()),
        "price": pa.array([Decimal("1.2")]),
        "bytes": pa.array([b"x"], pa.binary(1)),
        "kept": pa.array(["x"]).dictionary_encode(),
        "view": pa.array(["x"], pa.string_view()),
        "nothing": pa.nulls(1),
    }
    (table,) = read_files([_keep(tmp_path / "a.parquet", geometry=pa.array([SQUARE.wkb]), **columns)], "cells")
    assert {name: column.to_pylist() for name, column in columns.items()} == table.columns


@pytest.mark.parametrize("shape", [Point(1, 2, 3), LineString([(1, 2), (3, 4)]), SQUARE, MultiPolygon([SQUARE])])
def test_shapes_as_lists_of_positions_are_read(tmp_path: Path, shape: Geometry) -> None:
    frame([shape]).to_parquet(tmp_path / "a.parquet", geometry_encoding="geoarrow", write_covering_bbox=True)
    (table,) = read_files([tmp_path / "a.parquet"], "cells")
    assert table.geometry is not None
    assert list(table.geometry) == [shape]
