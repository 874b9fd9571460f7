"""Which cells may be meant, with probabilities, when the fix has an accuracy; without one the winner is certain."""

from typing import NamedTuple

from gridsvc.index.territory.probability import cell_probabilities
from gridsvc.index.territory.spot import Spot
from gridsvc.model.resolution import Candidate


class Candidacy(NamedTuple):
    """Cells that may be meant, and the rest of the probability. `winner` is that of the answer itself."""

    candidates: tuple[Candidate, ...]
    outside: float
    other: float
    winner: float


def weigh_candidates(spot: Spot, accuracy_m: float | None, cell: int, distance_m: float) -> Candidacy:
    """`cell` is the winner's index; -1 where only an area answers, whose share is then the `other` one."""
    keys = spot.edition.cells.keys
    if accuracy_m is None:
        if cell < 0:
            return Candidacy((), 0.0, 1.0, 1.0)
        return Candidacy((Candidate(keys[cell].code, 1.0, distance_m),), 0.0, 0.0, 1.0)
    found = cell_probabilities(spot, accuracy_m)
    shares = {index: share for index, share, _ in found.cells}
    winner = found.other if cell < 0 else shares.get(cell, 0.0)
    candidates = tuple(Candidate(keys[index].code, share, far) for index, share, far in found.cells)
    return Candidacy(candidates, found.outside, found.other, winner)
