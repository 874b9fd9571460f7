"""Files of editions: what cannot be trusted is refused, what is opened answers as what was compiled."""

import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import ipc

from geodata.sample_city.build import build_sample_city
from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.file import format as form
from gridsvc.index.file import open_edition, write_edition
from gridsvc.index.file.format import named_arrays
from gridsvc.index.file.read import check_arrays, stamp_of
from gridsvc.index.file.unusable import UnusableIndex
from gridsvc.model.territory import Territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def city() -> CompiledEdition:
    return compile_territory(1, NOW, build_sample_city(seed=3, cells=60, today=NOW.date()).territory)


@pytest.fixture
def path(city: CompiledEdition, tmp_path: Path) -> Path:
    path = tmp_path / f"{city.digest}.arrow"
    write_edition(city, path)
    return path


def test_a_file_that_is_not_there_is_not_found(city: CompiledEdition, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_edition(tmp_path / "none.arrow", 1, NOW, city.digest)


@pytest.mark.parametrize("kept", [0, 7, 100, 0.5, 0.99, -1])
def test_a_file_that_is_cut_off_is_refused(city: CompiledEdition, path: Path, kept: float) -> None:
    open_edition(path, 1, NOW, city.digest)
    whole = path.stat().st_size
    os.truncate(path, int(whole * kept) if isinstance(kept, float) else kept % whole)
    with pytest.raises(UnusableIndex, match="damaged or cut off"):
        open_edition(path, 1, NOW, city.digest)


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_one_bit_turned_is_refused_or_says_the_same(city: CompiledEdition, path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    content = bytearray(path.read_bytes())
    content[int(rng.integers(len(content)))] ^= 1 << int(rng.integers(8))
    path.write_bytes(content)
    try:
        opened = open_edition(path, 1, NOW, city.digest)
    except UnusableIndex:
        return
    # the bit was one of those that fill up gaps
    for (name, one), (_, other) in zip(named_arrays(opened), named_arrays(city), strict=True):
        assert np.array_equal(one, other, equal_nan=one.dtype == np.float64), name


def test_a_turned_bit_is_seen_by_who_looks_again(city: CompiledEdition, path: Path) -> None:
    open_edition(path, 1, NOW, city.digest)
    status, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(UnusableIndex, match="not those that were written"):
        check_arrays(path)


def test_a_file_of_another_version_is_refused(
    city: CompiledEdition, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridsvc.index.file.read.VERSION", "2")
    with pytest.raises(UnusableIndex, match="of version 1, and this is version 2"):
        open_edition(path, 1, NOW, city.digest)


def test_a_file_of_another_edition_is_refused(path: Path) -> None:
    with pytest.raises(UnusableIndex, match="another edition"):
        open_edition(path, 1, NOW, "0" * 64)


def test_a_file_of_something_else_is_refused(city: CompiledEdition, tmp_path: Path) -> None:
    path = tmp_path / "other.arrow"
    table = pa.table({"cells": [1, 2]})
    with ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(UnusableIndex, match="of version None"):
        open_edition(path, 1, NOW, city.digest)


def test_a_file_without_a_column_is_refused(
    city: CompiledEdition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "short.arrow"
    monkeypatch.setattr(form, "TABLES", {name: kind for name, kind in form.TABLES.items() if name != "segments"})
    write_edition(city, path)
    with pytest.raises(UnusableIndex, match=r"column segments\..* is not there"):
        open_edition(path, 1, NOW, city.digest)


def test_what_is_opened_is_what_was_compiled(city: CompiledEdition, path: Path) -> None:
    opened = open_edition(path, 7, LATER, city.digest)
    assert (opened.number, opened.effective_from) == (7, LATER)
    assert (opened.crs, opened.digest, opened.bbox) == (city.crs, city.digest, city.bbox)
    for (name, one), (_, other) in zip(named_arrays(opened), named_arrays(city), strict=True):
        assert np.array_equal(one, other, equal_nan=one.dtype == np.float64), name
        assert (one.dtype, one.shape) == (other.dtype, other.shape), name
    for table in ("areas", "segments", "components"):
        assert list(getattr(opened, table).items) == list(getattr(city, table).items)
    assert list(opened.groups_of_cell) == list(city.groups_of_cell)


def test_arrays_of_a_file_are_not_writable_and_not_copied(city: CompiledEdition, path: Path) -> None:
    opened = open_edition(path, 1, NOW, city.digest)
    with pytest.raises(ValueError, match="read-only"):
        opened.cells.polygons.x[0] = 0.0
    before = pa.total_allocated_bytes()
    again = open_edition(path, 1, NOW, city.digest)
    assert pa.total_allocated_bytes() - before < path.stat().st_size / 10
    assert np.array_equal(again.cells.polygons.x, opened.cells.polygons.x)


def test_all_of_it_is_read_once_and_again_only_when_it_has_changed(
    city: CompiledEdition, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr("gridsvc.index.file.read.check_arrays", read.append)
    for _ in range(2):
        open_edition(path, 1, NOW, city.digest)
    assert len(read) == 1
    os.utime(path)
    open_edition(path, 1, NOW, city.digest)
    assert len(read) == 2
    stamp_of(path).write_text("{", "utf-8")
    open_edition(path, 1, NOW, city.digest)
    assert len(read) == 3


def test_an_edition_without_anything_has_a_file_too(tmp_path: Path) -> None:
    empty = compile_territory(1, NOW, Territory("EPSG:4548"))
    write_edition(empty, tmp_path / "empty.arrow")
    opened = open_edition(tmp_path / "empty.arrow", 1, NOW, empty.digest)
    assert (len(opened.cells), len(opened.areas), len(opened.segments), opened.bbox) == (0, 0, 0, None)
