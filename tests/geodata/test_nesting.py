"""Shapes nested in shapes would take the process down, however few bytes they are: refused in words."""

import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.formats import read_files
from geodata.formats.nesting import DEEPEST, is_wkb_too_deep, is_wkt_too_deep
from geodata.normalise.values import BadValue, geometry_from_text
from gridsvc.errors import LayerRefused
from tests.geodata.layer_writing import SQUARE, frame
from tests.geodata.test_parquet_bombs import _write

POINT = struct.pack("<BIdd", 1, 1, 116.4, 39.9)
DEEP = 200_000


def _nested(levels: int, kind: int = 7, order: str = "<") -> bytes:
    return struct.pack(f"{order}BII", order == "<", kind, 1) * levels + POINT


def _text(levels: int) -> str:
    return "GEOMETRYCOLLECTION(" * levels + "POINT(1 2)" + ")" * levels


@pytest.mark.parametrize("kind", [4, 5, 6, 7, 0x80000006, 0x20000007, 1007, 3006, 12])
@pytest.mark.parametrize("order", ["<", ">"])
def test_nested_wkb_is_seen_in_every_way_of_writing(kind: int, order: str) -> None:
    blob = _nested(DEEP, kind, order)
    if kind == 0x20000007:
        blob = (struct.pack(f"{order}BIII", order == "<", kind, 4326, 1)) * DEEP
    assert is_wkb_too_deep(blob)
    assert is_wkb_too_deep(struct.pack("<BII", 1, 7, 3) + SQUARE.wkb + POINT + blob)


@given(st.integers(1, DEEPEST + 8), st.sampled_from([SQUARE, SQUARE.exterior, SQUARE.centroid, shapely.MultiPoint()]))
def test_depth_of_wkb_and_wkt_is_told_exactly(levels: int, inner: shapely.Geometry) -> None:
    nested = inner
    for _ in range(levels):
        nested = shapely.GeometryCollection([SQUARE, nested])
    deep = levels + (inner.geom_type == "MultiPoint") > DEEPEST
    assert is_wkb_too_deep(nested.wkb) == deep
    assert is_wkb_too_deep(shapely.to_wkb(nested, byte_order=0, include_srid=True)) == deep
    assert is_wkt_too_deep(_text(levels)) == (levels + 1 > DEEPEST)


def test_ordinary_shapes_of_many_parts_pass() -> None:
    xs = np.arange(3000) / 1000
    parts = shapely.MultiPolygon([shapely.box(x, 0, x + 0.0005, 1).difference(shapely.Point(x, 9)) for x in xs])
    tall = shapely.force_3d(parts, 7)
    for shape in (parts, tall, shapely.MultiLineString([part.exterior for part in parts.geoms]), parts.union(SQUARE)):
        assert not is_wkb_too_deep(shape.wkb)
        assert not is_wkt_too_deep(shape.wkt)
        assert geometry_from_text(shape.wkt) is not None


@pytest.mark.parametrize("levels", [DEEPEST, DEEP])
def test_nested_text_of_a_cell_is_a_finding(levels: int) -> None:
    with pytest.raises(BadValue) as caught:
        geometry_from_text(_text(levels))
    assert "levels deep" in str(caught.value.values["why"])


def _geopackage(path: Path, blob: bytes) -> Path:
    frame().to_file(path, layer="cells")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE cells SET geom = ?", (b"GP\0\1" + struct.pack("<i", 4326) + blob,))
    return path


def _parquet(path: Path, blob: bytes) -> Path:
    return _write(path, geometry=[blob], code=["1"])


@pytest.mark.parametrize(("ending", "write"), [("parquet", _parquet), ("gpkg", _geopackage)])
@pytest.mark.parametrize("levels", [DEEPEST + 20, DEEP])
def test_nested_shape_of_a_file_refuses_it(
    tmp_path: Path, ending: str, write: Callable[[Path, bytes], Path], levels: int
) -> None:
    with pytest.raises(LayerRefused) as caught:
        read_files([write(tmp_path / f"a.{ending}", _nested(levels))], "cells")
    assert [issue.code for issue in caught.value.issues] == ["FILE_UNREADABLE"]
