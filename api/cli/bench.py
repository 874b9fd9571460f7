"""`gridsvc bench`: how fast this machine resolves places of this city, in one process and without a network."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

import numpy as np
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from api.bootstrap import Services, build_services
from api.cli.options import JsonOption
from api.cli.terminal import put_json, say
from api.settings import load_settings
from gridsvc.datum.arrays import FloatArray
from gridsvc.datum.location import locate
from gridsvc.errors import NotReady, OutsideCoverage
from gridsvc.index.batch import resolve_many
from gridsvc.index.resolve import resolve
from gridsvc.serving import Snapshot

ROUNDS = 3
MAX_SINGLE = 2_000
SEED = 2026


@dataclass(frozen=True, slots=True)
class Speed:
    """`places` resolved in `seconds`, the best of ROUNDS."""

    name: str
    places: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Places per second."""
        return self.places / self.seconds


def bench(
    points: Annotated[int, typer.Option(min=100, max=10_000_000, help="How many places the batch has.")] = 100_000,
    as_json: JsonOption = False,
) -> None:
    """Measure how many places of this city are resolved a second: one by one, and as a batch.

    Random places within the extent of the edition in force, the same ones each time; the best of three rounds.
    """
    services = build_services(load_settings())
    try:
        services.serving.refresh()
        now = services.settings.now()
        snapshot = services.serving.at(now)
        speeds = measure(services, snapshot, points, now)
    finally:
        services.store.close()
    if as_json:
        found = [asdict(speed) | {"per_second": speed.per_second} for speed in speeds]
        about = {"edition": snapshot.edition.number, "roster": snapshot.duties.revision}
        put_json(about | {"cells": len(snapshot.edition.cells), "rounds": ROUNDS, "speeds": found})
        return
    table = Table("places, in random order", "how many", "seconds", "a second", box=box.SIMPLE_HEAD)
    for speed in speeds:
        table.add_row(speed.name, f"{speed.places:,}", f"{speed.seconds:.3f}", f"{speed.per_second:,.0f}")
    say(f"Edition {snapshot.edition.number}, {len(snapshot.edition.cells):,} cells, one process, best of {ROUNDS}:")
    Console().print(table)


def measure(services: Services, snapshot: Snapshot, points: int, at: datetime) -> list[Speed]:
    """Whole answers one by one, then the columns of a batch. Raises NotReady for an edition without extent."""
    edition, duties, options = snapshot.edition, snapshot.duties, services.options
    if edition.bbox is None:
        raise NotReady("The edition in force has no extent: import layers, then `gridsvc publish --commit`.")
    lon, lat = _places(edition.bbox.as_list(), points)
    locations = [locate(x, y, "WGS84") for x, y in zip(lon[:MAX_SINGLE], lat[:MAX_SINGLE], strict=True)]

    def one_by_one() -> None:
        for location in locations:
            try:
                resolve(edition, duties, location, at=at, options=options)
            except OutsideCoverage:
                continue  # an answer too: the extent is a box, the city is not

    return [
        Speed("one by one, whole answers", len(locations), _fastest(one_by_one)),
        Speed("as a batch", points, _fastest(lambda: resolve_many(edition, duties, lon, lat, at=at, options=options))),
    ]


def _places(sides: list[float], count: int) -> tuple[FloatArray, FloatArray]:
    west, south, east, north = sides
    chance = np.random.default_rng(SEED)
    return chance.uniform(west, east, count), chance.uniform(south, north, count)


def _fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
