"""Kernels compiled before anybody waits for them."""

import numpy as np

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import engine
from gridsvc.index.layout import Places, RingArrays


def warm_up(edition: CompiledEdition) -> None:
    """Ask every kernel once, of the arrays that it is going to be asked of: seconds the first time on a machine."""
    kernels, nowhere = engine(), np.zeros(1)
    number = np.full(1, -1, np.int32)
    kernels.walk_raster(edition.cells.raster, nowhere, nowhere)
    kernels.choose_segments(edition.segments.arrays, Places(nowhere, nowhere, number, number), 1.0)
    kernels.rows_in_box(edition.cells.polygons.tree.arrays, (0.0, 0.0, 0.0, 0.0))
    kernels.box_pairs(edition.cells.polygons.tree.arrays, np.zeros((1, 4)))
    table = edition.cells.polygons
    rings = RingArrays(table.x, table.y, table.ring_offsets, table.polygon_offsets)
    kernels.locate(rings, np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
