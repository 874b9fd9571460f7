"""Places per second: which cell covers each place, and which segment is nearest, by gridsvc and by everybody else.

All are asked the same in one run: at three numbers of cells, in random and in local order, on one core and on two,
in batches from one place to ten million. Every answer is compared before a time is believed.
"""

import importlib.util
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks.points.cells import cell_contestants
from benchmarks.points.chart import Line, draw_growth
from benchmarks.points.ground import make_cells, make_places, make_streets
from benchmarks.points.segments import clear_places, compile_streets, segment_contestants
from benchmarks.points.timing import Contestant, Run, compete
from benchmarks.points.whole import measure_whole
from benchmarks.report import write_table

HEADER = ("asked", "cells or segments", "order", "places a batch", "cores", "who", "M places/s", "× shapely")
ORDERS = ("random", "local")
Panel = dict[str, Line]
Table = list[tuple[object, ...]]


@dataclass(frozen=True)
class Plan:
    """How much is measured; `batched` is the one of `sizes` that batches of all powers of ten up to `most` are asked
    about.
    """

    sizes: Sequence[int] = (1_500, 40_000, 1_000_000)
    batched: int = 40_000
    segments: int = 50_000
    whole: int = 40_000
    most: int = 10_000_000
    rounds: int = 3


def main() -> None:
    rows, panels = measure(Plan())
    missing = [
        f"{name} was not there."
        for name, is_there in (
            ("SedonaDB (`sedonadb`)", importlib.util.find_spec("sedonadb") is not None),
            ("PostGIS (GRIDSVC_TEST_POSTGIS_URL)", "GRIDSVC_TEST_POSTGIS_URL" in os.environ),
        )
        if not is_there
    ]
    note = (
        "Slow ones are asked about fewer places. × shapely: against its tree in the same order on as many cores. "
        "Cells have 21 vertices, segments five pieces. Best of several rounds taken in turn."
    )
    write_table("points", "Cell of a place, nearest segment", HEADER, rows, " ".join([note, *missing]))
    draw_growth("points", panels)


def measure(plan: Plan) -> tuple[Table, dict[tuple[str, str], Panel]]:
    """Rows of the table, and the panels of the picture; AssertionError where two say something else of a place."""
    rows: Table = []
    by_cells: Panel = {}
    by_places: Panel = {}
    for size in plan.sizes:
        cells = make_cells(size)
        bounds = shapely.total_bounds(cells)
        with ExitStack() as opened:
            contestants = list(cell_contestants(cells, plan.most, opened))
            for order in ORDERS:
                runs = _compete(contestants, *make_places(bounds, plan.most, order), plan.rounds)
                rows += _rows("cell", len(cells), order, runs)
                if order == "random":
                    _add(by_cells, runs, len(cells))
        if size == plan.batched:
            for runs in _batches(contestants, *make_places(bounds, plan.most, "random"), plan.rounds):
                rows += _rows("cell", len(cells), "random", runs)
                _add(by_places, runs, runs[0].places)
    rows += _segments(plan)
    rows += measure_whole(plan.whole, plan.most // 50, plan.rounds)
    return rows, {
        ("By cells", "cells"): by_cells,
        (f"By places in a batch, {plan.batched:,} cells", "places a batch"): by_places,
    }


def _compete(contestants: Sequence[Contestant], lon: np.ndarray, lat: np.ndarray, rounds: int) -> list[Run]:
    """Everybody on every number of cores; shapely is believed, since rational arithmetic and proofs stand behind it."""
    runs = [Run.of(who, cores, lon, lat) for who in contestants for cores in who.cores]
    witness = next(run for run in runs if run.who.name.startswith("shapely"))
    compete(runs, witness(), rounds)
    return runs


def _batches(contestants: Sequence[Contestant], lon: np.ndarray, lat: np.ndarray, rounds: int) -> Iterator[list[Run]]:
    """Batches of 1, 10 … places on one core, by ours and the tree that it is held against."""
    asked = [who for who in contestants if who.name in ("gridsvc", "gridsvc, numpy kernels", "shapely STRtree")]
    places = 1
    while places <= len(lon):
        runs = [Run.of(who, 1, lon[:places], lat[:places]) for who in asked if who.most >= places]
        compete(runs, runs[-1](), rounds if places > 1_000 else 10 * rounds)
        yield runs
        places *= 10


def _segments(plan: Plan) -> Table:
    edition = compile_streets(make_streets(plan.segments))
    bounds = shapely.total_bounds(np.array([item.geometry for item in edition.segments.items], object))
    most = plan.most // 5
    contestants = list(segment_contestants(edition, most))
    rows: Table = []
    for order in ORDERS:
        lon, lat = clear_places(edition, *make_places(bounds, most, order), most // 25)
        rows += _rows("nearest segment", len(edition.segments), order, _compete(contestants, lon, lat, plan.rounds))
    return rows


def _rows(asked: str, size: int, order: str, runs: Sequence[Run]) -> Iterator[tuple[object, ...]]:
    base = {run.cores: run.per_second for run in runs if run.who.name.startswith("shapely")}
    for run in runs:
        times = f"{run.per_second / base[run.cores]:.2f}" if run.cores in base else ""
        speed = f"{run.per_second / 1e6:.3f}"
        yield asked, f"{size:,}", order, f"{run.places:,}", run.cores, run.who.name, speed, times


def _add(panel: Panel, runs: Sequence[Run], x: float) -> None:
    for run in runs:
        if run.cores == 1:
            panel.setdefault(run.who.name, []).append((x, 1e9 / run.per_second))
