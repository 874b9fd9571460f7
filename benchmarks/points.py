"""Points per second: cell of a point by gridsvc, shapely STRtree, geopandas sjoin and PostGIS, in one run.

All are asked the same: which cell covers each of these points, on the sample city at two sizes, in random order and
in local order (sorted along a raster). Every answer is compared before a time is believed.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.report import draw_bars, write_table
from geodata.sample_city.build import build_sample_city
from gridsvc.index.batch import resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.territory.cells import match_cells
from gridsvc.model.roster import Roster, row_key
from gridsvc.model.territory import Cell

SIZES = (1_500, 40_000)
POINTS, POSTGIS_POINTS, ROUNDS = 200_000, 20_000, 3
TODAY, NOON = date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)
Winners = NDArray[np.int64]


def main() -> None:
    rows, bars = [], {}
    for size in SIZES:
        city = build_sample_city(seed=2026, cells=size, today=TODAY)
        edition = compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), city.territory)
        roster = Roster(1, {table: {row_key(row): row for row in entries} for table, entries in city.rows.items()})
        duties = compile_duties(roster)
        for order in ("random", "local"):
            lon, lat = _points(edition, order)
            speeds = measure(edition, city.territory.cells, lon, lat)
            whole = _fastest(partial(resolve_many, edition, duties, lon, lat, at=NOON))
            speeds["gridsvc, whole batch answer"] = len(lon) / whole
            base = speeds["shapely STRtree"]
            rows += [
                (f"{len(edition.cells):,}", order, name, f"{speed / 1e6:.3f}", f"{speed / base:.2f}")
                for name, speed in speeds.items()
            ]
            if size == SIZES[-1]:
                bars |= {f"{name} ({order})": speed / 1e6 for name, speed in speeds.items()}
    note = f"{POINTS:,} points a run ({POSTGIS_POINTS:,} for PostGIS), best of {ROUNDS}, one core but for PostGIS."
    header = ("cells", "order", "who", "M points/s", "× STRtree")
    write_table("points", "Cell of a point", header, rows, note)
    draw_bars("points", f"Cell of a point, {SIZES[-1]:,} cells", "million points per second", bars)


def measure(
    edition: CompiledEdition, cells: tuple[Cell, ...], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> dict[str, float]:
    """Points per second by contestant; raises when two of them disagree on a point."""
    polygons = np.array([cell.geometry for cell in cells], dtype=object)
    tree, points = shapely.STRtree(polygons), shapely.points(lon, lat)
    contestants: dict[str, Callable[[], Winners]] = {
        "gridsvc reference": lambda: match_cells(edition, lon, lat, 0.0).cell.astype(np.int64),
        "shapely STRtree": lambda: _lowest(tree.query(points, predicate="intersects"), len(lon)),
        "geopandas sjoin": _sjoin(polygons, points),
    }
    speeds, truth = {}, contestants["shapely STRtree"]()
    for name, ask in contestants.items():
        if not np.array_equal(ask(), truth):
            raise AssertionError(f"{name} differs from shapely")
        speeds[name] = len(lon) / _fastest(ask)
    url = os.environ.get("GRIDSVC_TEST_POSTGIS_URL")
    if url:
        speeds["PostGIS join"] = _postgis(url, cells, lon[:POSTGIS_POINTS], lat[:POSTGIS_POINTS], truth)
    return speeds


def _points(edition: CompiledEdition, order: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if edition.bbox is None:
        raise ValueError("the city has no extent")
    rng = np.random.default_rng(7)
    lon = rng.uniform(edition.bbox.west, edition.bbox.east, POINTS)
    lat = rng.uniform(edition.bbox.south, edition.bbox.north, POINTS)
    if order == "random":
        return lon, lat
    row = ((lat - edition.bbox.south) * 2000).astype(int)
    local = np.lexsort((lon, row))
    return lon[local], lat[local]


def _lowest(pairs: NDArray[np.int64], count: int) -> Winners:
    winner = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(winner, pairs[0], pairs[1])
    return np.where(winner == np.iinfo(np.int64).max, -1, winner)


def _sjoin(polygons: NDArray[np.object_], points: NDArray[np.object_]) -> Callable[[], Winners]:
    import geopandas

    cells = geopandas.GeoDataFrame(geometry=polygons, crs=4326)
    places = geopandas.GeoDataFrame(geometry=points, crs=4326)

    def ask() -> Winners:
        joined = geopandas.sjoin(places, cells, predicate="intersects")
        pairs = np.array([joined.index.to_numpy(), joined["index_right"].to_numpy()], dtype=np.int64)
        return _lowest(pairs, len(points))

    return ask


def _postgis(
    url: str, cells: tuple[Cell, ...], lon: NDArray[np.float64], lat: NDArray[np.float64], truth: Winners
) -> float:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TEMP TABLE bench_cell (id int, geometry geometry(Geometry, 4326))")
        connection.execute("CREATE TEMP TABLE bench_point (id int, geometry geometry(Point, 4326))")
        with connection.cursor().copy("COPY bench_cell FROM STDIN") as copy:
            for number, cell in enumerate(cells):
                copy.write_row(
                    (number, shapely.to_wkb(shapely.set_srid(cell.geometry, 4326), hex=True, include_srid=True))
                )
        with connection.cursor().copy("COPY bench_point FROM STDIN") as copy:
            for number, point in enumerate(shapely.set_srid(shapely.points(lon, lat), 4326)):
                copy.write_row((number, shapely.to_wkb(point, hex=True, include_srid=True)))
        connection.execute("CREATE INDEX ON bench_cell USING gist (geometry)")
        connection.execute("ANALYZE bench_cell; ANALYZE bench_point")
        question = (
            "SELECT p.id, min(c.id) FROM bench_point p JOIN bench_cell c "
            "ON ST_Intersects(c.geometry, p.geometry) GROUP BY p.id"
        )
        answer = dict(connection.execute(question).fetchall())
        wrong = sum(answer.get(n, -1) != truth[n] for n in range(len(lon)))
        if wrong:
            raise AssertionError(f"PostGIS differs on {wrong} random points")
        return len(lon) / _fastest(lambda: connection.execute(question).fetchall())


def _fastest(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return min(times)
