"""How long a tiny write waits while long work goes on: import, publish and a large roster, on each kind of database.

Another process tries a tiny durable write every 10 ms, as a person at work would now and then; its time holds the wait
for the lock, the write and the flush to disk. "Nothing" is the same without long work.
"""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

import numpy as np
import shapely

from benchmarks.report import write_table
from gridsvc.model.edition import Edition
from gridsvc.model.people import Person
from gridsvc.model.places import BoundingBox
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Cell, Layer
from gridsvc.store import SqlStore, open_store, upgrade

FEATURES, EVERY_S, IDLE_S = 100_000, 0.01, 5.0
NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)
Waits = list[float]
HEADER = ("database", "long work", "rows/s", "tiny writes", "p50 ms", "p99 ms", "max ms")


def main() -> None:
    cells = _cells()
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _measure("SQLite", f"sqlite:///{Path(folder) / 'city.db'}", cells)
    if base := os.environ.get("GRIDSVC_TEST_POSTGIS_URL"):
        with _schema(base) as url:
            rows += _measure("PostGIS", url, cells)
    note = f"{FEATURES:,} rows of each; the tiny write is tried every {1000 * EVERY_S:.0f} ms by another process."
    write_table("locks", "How long others wait for long writes", HEADER, rows, note)


def _measure(database: str, url: str, cells: list[Cell]) -> Iterator[tuple[str, ...]]:
    upgrade(url)
    with closing(open_store(url)) as store:
        draft = store.create_draft(NOON, crs="EPSG:4548")
        works: dict[str, Callable[[], object]] = {
            "nothing": lambda: time.sleep(IDLE_S),
            "import": lambda: store.put_features(draft.number, Layer.CELLS, cells, [], _silent),
            "publish": lambda: store.publish_draft(draft.number, _edition(1), _silent),
            "append to the roster": lambda: store.append_roster(_people(), NOON),
            "a draft's roster": lambda: _put_roster(store),
            "publish with roster": lambda: store.publish_draft(draft.number + 1, _edition(2), _silent),
        }
        for name, work in works.items():
            seconds, waits = _while_others_write(url, work)
            rate = "" if name == "nothing" else f"{FEATURES / seconds:,.0f}"
            p50, p99, most = (f"{1000 * value:.0f}" for value in (*np.percentile(waits, [50, 99]), max(waits)))
            yield database, name, rate, f"{len(waits):,}", p50, p99, most


def _put_roster(store: SqlStore) -> None:
    store.put_draft_roster(store.create_draft(NOON).number, _people())


def _while_others_write(url: str, work: Callable[[], object]) -> tuple[float, Waits]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_write_often, args=(url, there))
    process.start()
    here.recv()
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    here.send("stop")
    waits: Waits = here.recv()
    process.join()
    return seconds, waits


def _write_often(url: str, parent: Connection) -> None:
    waits: Waits = []
    with closing(open_store(url)) as store:
        store.accept_issues(["FIRST"], "a first write makes the connection", NOON)
        parent.send("ready")
        while not parent.poll(EVERY_S):
            start = time.perf_counter()
            store.accept_issues(["GAP:cells:1"], "a lake", NOON)
            waits.append(time.perf_counter() - start)
    parent.send(waits)


def _cells() -> list[Cell]:
    """Polygons of 20 vertices, side by side."""
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    outline = 0.0005 * np.column_stack([np.cos(angle), np.sin(angle)])
    middles = np.column_stack([116 + np.arange(FEATURES) % 1000 / 1000, 39 + np.arange(FEATURES) // 1000 / 1000])
    return [
        Cell("BENCH", f"{n:015d}", f"cell {n}", shapely.Polygon(outline + middle)) for n, middle in enumerate(middles)
    ]


def _people() -> list[RosterChange]:
    codes = [f"P{n:06d}" for n in range(FEATURES)]
    return [RosterChange("people", code, Person(code=code, name=f"Person {code}")) for code in codes]


def _edition(number: int) -> Edition:
    box = BoundingBox(116, 39, 117, 40)
    return Edition(number, NOON, NOON, "EPSG:4548", box, {"cells": FEATURES}, f"{number:064x}")


def _silent(done: int, total: int) -> None:
    pass


@contextmanager
def _schema(base: str) -> Iterator[str]:
    """URL of an empty schema in the PostGIS database, dropped afterwards."""
    import psycopg
    from sqlalchemy import make_url

    url, name = make_url(base), f"bench_{uuid4().hex}"
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            inside = url.update_query_dict({"options": f"-csearch_path={name},public"})
            yield inside.render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")
