"""Kernels compiled before anybody waits for them."""

import numpy as np

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import engine, eyes
from gridsvc.index.layout import Places, RingArrays
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.rules.known import sight_of
from gridsvc.model.roster import Roster

_NOWHERE, _UPRIGHT = (0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 1.0)


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
    if len(table):
        eyes().nearest_edges(
            (table.x, table.y, table.ring_offsets, table.polygon_offsets), np.zeros(1, np.int64), _NOWHERE, _UPRIGHT
        )
