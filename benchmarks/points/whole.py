"""The whole answer of a batch in the sample city: areas, segment, chief and lead beside the cell."""

from datetime import UTC, date, datetime
from functools import partial

import numpy as np
import shapely

from benchmarks.points.ground import make_places
from benchmarks.points.timing import Contestant, Run, compete
from geodata.sample_city.build import build_sample_city
from gridsvc.index.batch import resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.roster.duties import compile_duties
from gridsvc.model.roster import Roster, row_key

NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)


def measure_whole(cells: int, places: int, rounds: int) -> list[tuple[object, ...]]:
    """Rows of the table: one for each order."""
    city = build_sample_city(seed=2026, cells=cells, today=date(2026, 11, 1))
    edition = compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), city.territory)
    roster = Roster(1, {table: {row_key(row): row for row in entries} for table, entries in city.rows.items()})
    resolve = partial(resolve_many, edition, compile_duties(roster), at=NOON)
    bounds = shapely.total_bounds(np.array([cell.geometry for cell in city.territory.cells], object))
    who = Contestant("gridsvc, whole answer", places, lambda lon, lat: lambda: _found(resolve(lon, lat)), cores=(1,))
    rows = []
    for order in ("random", "local"):
        run = Run.of(who, 1, *make_places(bounds, places, order))
        compete([run], run(), rounds)
        speed = f"{run.per_second / 1e6:.3f}"
        rows.append(("whole answer", f"{len(edition.cells):,}", order, f"{places:,}", 1, who.name, speed, ""))
    return rows


def _found(answer: object) -> np.ndarray:
    """Which of the places were answered, for the comparison."""
    return np.array([status == "OK" for status in answer.status], np.int64)
