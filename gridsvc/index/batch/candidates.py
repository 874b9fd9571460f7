"""How sure the cell of each point is, where fixes have an accuracy: `weigh_candidates` for many."""

import numpy as np

from gridsvc.datum.arrays import FloatArray
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.territory.ground import find_ground
from gridsvc.index.territory.probabilities import cell_probabilities_many


def weigh_winners(
    edition: CompiledEdition, lon: FloatArray, lat: FloatArray, accuracy_m: FloatArray, tolerance_m: float
) -> tuple[FloatArray, FloatArray]:
    """For each point the probability of the cell that the answer names, or of areas alone, and that of nobody's ground.

    Degrees, NaN for no place; `accuracy_m` NaN for none: then the answer is certain. NaN outside coverage.
    """
    probability, outside = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    ground = find_ground(edition, lon[rows], lat[rows], tolerance_m)
    rows, cell = rows[~ground.outside], ground.cell[~ground.outside]
    probability[rows], outside[rows] = 1.0, 0.0
    doubtful = accuracy_m[rows] > 0
    rows, cell = rows[doubtful], cell[doubtful]
    found = cell_probabilities_many(edition, lon[rows], lat[rows], accuracy_m[rows])
    circle = np.repeat(np.arange(len(rows)), np.diff(found.offsets))
    won = np.where(cell < 0, found.other, 0.0)
    mine = found.cell == cell[circle]
    won[circle[mine]] = found.probability[mine]
    probability[rows], outside[rows] = won, found.outside
    return probability, outside
