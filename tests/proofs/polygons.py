"""Every other layer of polygons of the real data: districts, départements, and files that were made to be difficult."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from tests.fixtures.partitions import as_territory
from tests.fixtures.real_polygons import read_large_layers, read_odd_layers
from tests.proofs.cells import anywhere, beside_borders, compare_exact, compare_kernels, compare_shapely
from tests.proofs.row import Row


def prove_polygons(data: Path, *, sample: bool) -> list[Row]:
    """Ten million points on each of the large layers, as many on all odd ones together; a sample takes few."""
    count, exactly = (2_000, 300) if sample else (5_000_000, 100_000)
    rows: list[Row] = []
    for name, polygons in read_large_layers(data):
        rows += _compare(name, polygons, count, exactly)
    odd = list(read_odd_layers(data))
    each = [_compare("", polygons, count // len(odd) + 1, exactly // len(odd) + 1) for polygons in odd]
    return rows + list(_added(f"{len(odd)} odd layers", each))


def _compare(name: str, polygons: NDArray[np.object_], count: int, exactly: int) -> list[Row]:
    edition = _edition(polygons)
    random, beside = anywhere(polygons, count), beside_borders(polygons, count)
    return [
        compare_shapely(f"{name}, random points", edition, polygons, random),
        compare_shapely(f"{name}, on and beside borders", edition, polygons, beside),
        compare_kernels(name, edition, np.concatenate([random, beside])),
        compare_exact(f"{name}, on and beside borders", edition, polygons, beside[:exactly]),
    ]


def _added(name: str, each: list[list[Row]]) -> Iterator[Row]:
    """One row where every layer had one."""
    for rows in zip(*each, strict=True):
        head, _, rest = rows[0].proof.partition(", ")
        proof = ", ".join(part for part in (head, name, rest.removeprefix(", ")) if part)
        yield Row(proof, rows[0].against, sum(row.cases for row in rows), sum(row.differences for row in rows))


def _edition(polygons: NDArray[np.object_]) -> CompiledEdition:
    return compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), as_territory(list(polygons)))
