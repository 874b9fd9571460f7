"""Which cell covers each place, asked of everybody: the lowest one, -1 where there is none."""

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import numpy as np
import shapely

from benchmarks.points.ground import Floats, Shapes
from benchmarks.points.timing import Answer, Ask, Contestant
from gridsvc.index import plain_kernels
from gridsvc.index.geometry.polygons import compile_polygons
from gridsvc.index.raster.build import compile_raster
from gridsvc.index.territory.cells import match_cells


def cell_contestants(cells: Shapes, most: int, opened: ExitStack) -> Iterator[Contestant]:
    """Everybody who is installed; `most` is for the fastest, the slower ones are asked fewer. `opened` closes them."""
    table = compile_polygons(list(cells))
    ours = SimpleNamespace(cells=SimpleNamespace(polygons=table, raster=compile_raster(table)))

    def asked_of_us(lon: Floats, lat: Floats) -> Ask:
        return lambda: match_cells(ours, lon, lat, 0.0).cell.astype(np.int64)

    yield Contestant("gridsvc", most, asked_of_us)
    yield Contestant("gridsvc, numpy kernels", most // 10, asked_of_us, kernels=plain_kernels)
    yield Contestant("shapely STRtree", most // 50, _tree(cells))
    yield Contestant("geopandas sjoin", most // 50, _sjoin(cells))
    yield Contestant("rtree + shapely", most // 500, _rtree(cells), cores=(1,))
    if importlib.util.find_spec("sedonadb") is not None:
        yield _sedona(cells, most // 20)
    if url := os.environ.get("GRIDSVC_TEST_POSTGIS_URL"):
        yield Contestant("PostGIS join", most // 500, _postgis(opened, url, cells), cores=(1,))


def _lowest(point: Answer, cell: Answer, count: int) -> Answer:
    winner = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(winner, point, cell)
    return np.where(winner == np.iinfo(np.int64).max, -1, winner)


def _tree(cells: Shapes) -> Callable[[Floats, Floats], Ask]:
    tree = shapely.STRtree(cells)

    def prepare(lon: Floats, lat: Floats) -> Ask:
        points = shapely.points(lon, lat)
        return lambda: _lowest(*tree.query(points, predicate="intersects"), len(points))

    return prepare


def _sjoin(cells: Shapes) -> Callable[[Floats, Floats], Ask]:
    import geopandas

    frame = geopandas.GeoDataFrame(geometry=cells, crs=4326)

    def prepare(lon: Floats, lat: Floats) -> Ask:
        places = geopandas.GeoDataFrame(geometry=shapely.points(lon, lat), crs=4326)

        def ask() -> Answer:
            joined = geopandas.sjoin(places, frame, predicate="intersects")
            return _lowest(joined.index.to_numpy(), joined["index_right"].to_numpy(np.int64), len(places))

        return ask

    return prepare


def _rtree(cells: Shapes) -> Callable[[Floats, Floats], Ask]:
    """Its boxes, then shapely's exact test on prepared polygons."""
    from rtree.index import Index

    boxes = shapely.bounds(cells)
    tree = Index((np.arange(len(cells)), boxes[:, :2].copy(), boxes[:, 2:].copy()))
    shapely.prepare(cells)

    def prepare(lon: Floats, lat: Floats) -> Ask:
        places = np.column_stack([lon, lat])

        def ask() -> Answer:
            cell, counts = tree.intersection_v(places, places)
            point = np.repeat(np.arange(len(lon)), counts.astype(np.int64))
            covers = shapely.intersects_xy(cells[cell], lon[point], lat[point])
            return _lowest(point[covers], cell[covers], len(lon))

        return ask

    return prepare


def _sedona(cells: Shapes, most: int) -> Contestant:
    """Both tables in memory beforehand; it builds the index of its join within each query."""
    import pyarrow as pa
    import sedonadb

    context = sedonadb.connect()

    def show(name: str, shapes: Shapes) -> None:
        table = pa.table({"id": pa.array(np.arange(len(shapes))), "wkb": pa.array(shapely.to_wkb(shapes))})
        context.create_data_frame(table).to_view("given", overwrite=True)
        decoded = context.sql("SELECT id, ST_GeomFromWKB(wkb) AS geometry FROM given")
        decoded.to_memtable().to_view(name, overwrite=True)

    show("cell", cells)

    def prepare(lon: Floats, lat: Floats) -> Ask:
        show(f"place_{len(lon)}", shapely.points(lon, lat))
        question = (
            f"SELECT p.id AS point, c.id AS cell FROM place_{len(lon)} p "
            "JOIN cell c ON ST_Intersects(c.geometry, p.geometry)"
        )

        def ask() -> Answer:
            pairs = pa.table(context.sql(question))
            return _lowest(pairs["point"].to_numpy(), pairs["cell"].to_numpy(), len(lon))

        return ask

    def use_cores(cores: int) -> None:
        context.sql(f"SET datafusion.execution.target_partitions = {cores}").execute()

    return Contestant("SedonaDB join", most, prepare, use_cores=use_cores)


def _postgis(opened: ExitStack, url: str, cells: Shapes) -> Callable[[Floats, Floats], Ask]:
    import psycopg

    connection = opened.enter_context(psycopg.connect(url.replace("+psycopg", ""), autocommit=True))

    def fill(table: str, shapes: Shapes) -> None:
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (id int, geometry geometry(Geometry, 4326))")
        connection.execute(f"TRUNCATE {table}")
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in enumerate(shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)):
                copy.write_row(row)
        connection.execute(f"CREATE INDEX IF NOT EXISTS {table}_index ON {table} USING gist (geometry)")
        connection.execute(f"ANALYZE {table}")

    fill("bench_cell", cells)
    question = (
        "SELECT p.id, min(c.id) FROM bench_place p JOIN bench_cell c "
        "ON ST_Intersects(c.geometry, p.geometry) GROUP BY p.id"
    )

    def prepare(lon: Floats, lat: Floats) -> Ask:
        fill("bench_place", shapely.points(lon, lat))

        def ask() -> Answer:
            rows = np.array(connection.execute(question).fetchall(), np.int64).reshape(-1, 2)
            return _lowest(rows[:, 0], rows[:, 1], len(lon))

        return ask

    return prepare
