"""Cells anywhere on the globe, from a picodegree to ten degrees across: by both kernels as rational numbers say."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridsvc.index import kernels, plain_kernels
from gridsvc.index.compile import compile_territory
from gridsvc.index.territory.cells import BOUNDARY, GAP, INSIDE, NO_MATCH, OVERLAP, covering, match_cells, nearest_cell
from tests.fixtures.magnitudes import coverages, telling_places
from tests.fixtures.oracles import rational_edges, rational_place
from tests.fixtures.partitions import as_territory

ASKING = ("gridsvc.index.territory.cells.engine", "gridsvc.index.geometry.box_tree.engine")


def answers(cells, lon, lat, tolerance_m):
    """Everything that is said of the places, as text, so that NaN equals NaN; then cells and matches."""
    edition = compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), as_territory(cells))
    found = match_cells(edition, lon, lat, tolerance_m)
    one_by_one = [covering(edition, x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    nearest = nearest_cell(edition, float(lon[-1]), float(lat[-1]))
    told = repr((found.cell.tolist(), found.match.tolist(), found.distance_m.tolist(), one_by_one, nearest))
    return told, found, one_by_one


@given(coverages(), st.integers(0, 2**31), st.sampled_from([0.0, 10.0]))
@settings(max_examples=40, deadline=None)
def test_both_kernels_match_as_rational_numbers_do(cells, seed, tolerance_m):
    lon, lat = telling_places(seed, cells, 3)
    is_place = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    lon, lat = lon[is_place], lat[is_place]
    with pytest.MonkeyPatch.context() as patch:
        for name in ASKING:
            patch.setattr(name, lambda: plain_kernels)
        slow, _, _ = answers(cells, lon, lat, tolerance_m)
        for name in ASKING:
            patch.setattr(name, lambda: kernels)
        told, found, one_by_one = answers(cells, lon, lat, tolerance_m)
    assert told == slow
    edges = [rational_edges(cell) for cell in cells]
    for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        places = [rational_place(of_cell, x, y) for of_cell in edges]
        hits = [(cell, place == 0) for cell, place in enumerate(places) if place >= 0]
        assert one_by_one[i] == hits
        several = BOUNDARY if all(edge for _, edge in hits) else OVERLAP
        if hits:
            assert (found.cell[i], found.match[i]) == (hits[0][0], INSIDE if len(hits) == 1 else several)
        else:
            assert found.match[i] in (GAP, NO_MATCH)
