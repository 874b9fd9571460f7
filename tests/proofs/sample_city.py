"""The invented city: points anywhere, on every vertex, and one floating-point step beside, against two witnesses."""

from datetime import UTC, date, datetime

import numpy as np

from geodata.sample_city.build import build_sample_city
from gridsvc.index.compile import compile_territory
from tests.proofs.cells import anywhere, beside_borders, compare_exact, compare_kernels, compare_shapely
from tests.proofs.row import Row


def prove_sample_city(*, sample: bool) -> list[Row]:
    """Cells of the default city for a sample; forty thousand cells in full."""
    city = build_sample_city(seed=2026, cells=1_500 if sample else 40_000, today=date(2026, 1, 1)).territory
    edition = compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), city)
    polygons = np.array([cell.geometry for cell in city.cells], object)
    count = 10_000 if sample else 5_000_000
    random, beside = anywhere(polygons, count), beside_borders(polygons, count)
    return [
        compare_shapely("sample city, random points", edition, polygons, random),
        compare_shapely("sample city, on and beside borders", edition, polygons, beside),
        compare_kernels("sample city", edition, np.concatenate([random, beside])),
        compare_exact(
            "sample city, on and beside borders", edition, polygons, beside[: 2_000 if sample else 1_000_000]
        ),
    ]
