"""Cities that lack layers, and one of a single cell: points, batches and shapes are answered by what there is."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest
from shapely import LineString, box

from gridsvc.datum.location import locate
from gridsvc.errors import OutsideCoverage
from gridsvc.index import kernels, plain_kernels
from gridsvc.index.batch import resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.shape.resolver import resolve_shape
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Cell, Territory
from tests.fixtures.tiny_city import tiny_roster, tiny_territory

AT = datetime(2026, 5, 1, tzinfo=UTC)
LAYERS = ("areas", "cells", "groups", "segments", "components")
LON, LAT = np.array([116.4005, 116.402, 116.5, 116.4025]), np.array([39.9005, 39.901, 39.9, 39.9015])
ENGINES = [
    "gridsvc.index.territory.cells.engine",
    "gridsvc.index.territory.segment_choice.engine",
    "gridsvc.index.geometry.box_tree.engine",
]
lacking = [names for count in range(len(LAYERS) + 1) for names in combinations(LAYERS, count)]


def one_by_one(edition, duties):
    """Status, cell and segment of each place."""
    for lon, lat in zip(LON.tolist(), LAT.tolist(), strict=True):
        try:
            found = resolve(edition, duties, locate(lon, lat, "WGS84"), at=AT)
        except OutsideCoverage:
            yield "OUTSIDE", None, None
        else:
            yield "OK", found.cell and found.cell.code, found.segment and found.segment.code


@pytest.mark.parametrize("module", [kernels, plain_kernels], ids=lambda module: module.NAME)
@pytest.mark.parametrize("names", lacking, ids=lambda names: "-".join(names) or "none")
def test_what_is_there_answers_without_the_layers_that_are_not(names, module, monkeypatch):
    for name in ENGINES:
        monkeypatch.setattr(name, lambda: module)
    edition = compile_territory(1, AT, replace(tiny_territory(), **dict.fromkeys(names, ())))
    duties = compile_duties(tiny_roster())
    batch = resolve_many(edition, duties, LON, LAT, at=AT)
    assert list(zip(batch.status, batch.cell, batch.segment, strict=True)) == list(one_by_one(edition, duties))
    ground = {"areas", "cells"} - set(names)
    assert batch.status[0] == ("OK" if ground else "OUTSIDE")
    if ground:
        shape = resolve_shape(edition, duties, LineString(np.column_stack([LON, LAT])), at=AT)
        assert bool(shape.cells) == ("cells" in ground)


def test_one_cell_is_a_city():
    cell = Cell("GRID_LOCAL", "1", "the only one", box(116.4, 39.9, 116.401, 39.901))
    edition = compile_territory(1, AT, Territory("EPSG:32650", cells=(cell,)))
    batch = resolve_many(edition, compile_duties(Roster(1)), LON, LAT, at=AT)
    assert list(batch.cell) == ["1", None, None, None]


def test_no_places_are_answered_by_no_rows():
    edition = compile_territory(1, AT, Territory("EPSG:32650"))
    assert len(resolve_many(edition, compile_duties(Roster(1)), np.zeros(0), np.zeros(0), at=AT).status) == 0
