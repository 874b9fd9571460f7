"""Kernels compiled before anybody waits for them."""

from datetime import UTC, datetime

import numpy as np

from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import engine, eyes
from gridsvc.index.layout import Places, RingArrays
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.rules.known import sight_of
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Territory

_ANY_CRS = "EPSG:32650"
_NOWHERE, _UPRIGHT = (0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 1.0)


def warm_up_early() -> None:
    """As `warm_up` before there is any edition: kernels do not mind how much there is in their arrays."""
    warm_up(compile_territory(0, datetime(2000, 1, 1, tzinfo=UTC), Territory(_ANY_CRS)))


def warm_up(edition: CompiledEdition) -> None:
    """Ask every kernel once, of the arrays that it is going to be asked of: seconds the first time on a machine."""
    kernels, nowhere, nothing = engine(), np.zeros(1), np.zeros(0, np.int64)
    number = np.full(1, -1, np.int32)
    table = edition.cells.polygons
    rings = RingArrays(table.x, table.y, table.ring_offsets, table.polygon_offsets)
    kernels.walk_raster(edition.cells.raster, nowhere, nowhere)
    kernels.choose_segments(edition.segments.arrays, Places(nowhere, nowhere, number, number), 1.0)
    kernels.rows_in_box(table.tree.arrays, _NOWHERE)
    kernels.box_pairs(table.tree.arrays, np.zeros((1, 4)))
    kernels.locate(rings, nothing, np.zeros(0), np.zeros(0))
    eyes().look(sight_of(edition, compile_duties(Roster(0, {}))), _UPRIGHT, _NOWHERE, (1.0, 1.0))
    eyes().nearest_edges((rings.x, rings.y, rings.ring_offsets, rings.polygon_offsets), nothing, _NOWHERE, _UPRIGHT)
