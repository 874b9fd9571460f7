"""How much ground a circle of doubt reaches over: no question about one place is to compute for minutes."""

from gridsvc.errors import InvalidInput
from gridsvc.index.territory.spot import Spot

ACCURACY_IN_SIGMAS = 1.5096
"""Radius of the circle that holds 68 % of a round Gaussian: sqrt(-2 ln 0.32), rounded as agreed."""

REACH_IN_SIGMAS = 7.0
"""What lies beyond weighs 2e-11."""

WIDE_M = 500.0
"""A circle that is less accurate may touch thousands of cells: its answer must not hold up those of others."""

MOST_CELLS, MOST_LOOSE = 50_000, 10_000
"""Cells, and edges of theirs that no neighbour shares, which one circle may reach over."""


def check_reach(spot: Spot, accuracy_m: float | None) -> None:
    """Raise InvalidInput for a circle that would have half a province looked at."""
    if accuracy_m is None or accuracy_m <= WIDE_M:
        return
    box = spot.reach(REACH_IN_SIGMAS * accuracy_m / ACCURACY_IN_SIGMAS)
    cells = spot.edition.cells
    count = len(cells.polygons.in_box(*box))
    if count > MOST_CELLS:
        raise too_wide(f"{count} cells", f"{count} 个单元网格", MOST_CELLS)
    loose = len(cells.loose_tree.in_box(*box))
    if loose > MOST_LOOSE:
        raise too_wide(f"{loose} edges without a neighbour", f"{loose} 条无相邻网格的边界", MOST_LOOSE)


def too_wide(what: str, what_zh: str, most: int) -> InvalidInput:
    """The refusal of a circle that reaches over too much of something."""
    return InvalidInput(
        f"accuracy_m: the circle reaches over {what}: {most} at most; wait for a better fix, or leave it out",
        zh=f"定位精度圈过大，涉及{what_zh}（上限 {most}）：请等待更准的定位，或不填精度。",
        parameter="accuracy_m",
        limit=most,
    )
