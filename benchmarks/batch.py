"""Points per second of `POST /api/v1/resolve` as JSON, CSV and Arrow with every column, one worker, beside the same
question in process: batches from one point to a million, in random order and in local order (along a raster).

The clock runs from the first byte of a batch to the last of its answer. Each answer is compared with that in process
before a time is believed.
"""

import http.client
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray
from pyarrow import ipc

from api.batch.columns import ANSWERED, MAX_JSON_POINTS
from api.batch.write import ARROW, CSV, JSON
from api.bootstrap import build_services
from api.settings import Settings
from benchmarks.http import READY, demo_command, serving_on
from benchmarks.report import draw_bars, write_table
from gridsvc.index.batch import BatchResolver, BatchResult
from gridsvc.serving import Snapshot

CITIES = (1_500, 40_000)
SIZES = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
ROUNDS, LEAST_S, ROWS = 3, 0.2, 65_536
KINDS = {"Arrow": ARROW, "CSV": CSV, "JSON": JSON}
NAMES = ("in process", *KINDS)
WORDS = [name for name in ANSWERED if name not in ("id", "error", "distance_m")]
Floats = NDArray[np.float64]


def main() -> None:
    """A sample city of each size in turn."""
    rows, bars = [], {}
    for cells in CITIES:
        for order, size, speeds in _measure(cells):
            rows.append(
                (f"{cells:,}", order, f"{size:,}", *(f"{speeds[n]:,.0f}" if n in speeds else "" for n in NAMES))
            )
            most = {"JSON": MAX_JSON_POINTS}
            if cells == CITIES[-1]:
                bars |= {
                    f"{'gridsvc, ' if name != 'in process' else ''}{name} ({order})": speed
                    for name, speed in speeds.items()
                    if size == most.get(name, SIZES[-1])
                }
    note = (
        f"Points a second, one worker, best of {ROUNDS} rounds; the asking process shares the machine. "
        f"In process: one thread in chunks of {ROWS:,}, no formats."
    )
    write_table("batch", "Batches over HTTP, every column", ("cells", "order", "points", *NAMES), rows, note)
    draw_bars("batch", f"Batches, {CITIES[-1]:,} cells", "points per second", bars)


def _measure(cells: int) -> list[tuple[str, int, dict[str, float]]]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        settings = {"GRIDSVC_DATA_DIR": str(data), "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-m", "api.cli", "sample", "--commit", "--cells", str(cells)]
        subprocess.run(command, env=os.environ | settings, check=True, capture_output=True)
        with serving_on(demo_command(), folder, READY) as port:
            services = build_services(Settings(data_dir=data))
            services.serving.refresh()
            snapshot = services.serving.current()
            resolver = BatchResolver(snapshot.edition, snapshot.duties, services.settings.now(), services.options)
            found = [
                (order, size, _speeds(port, resolver, *(axis[:size] for axis in _points(snapshot, order))))
                for order in ("random", "local")
                for size in SIZES
            ]
            services.store.close()
    return found


def _points(snapshot: Snapshot, order: str) -> tuple[Floats, Floats]:
    """Anywhere in the city's box; a small batch in local order is of one quarter of town."""
    box = snapshot.edition.bbox
    if box is None:
        raise ValueError("the city has no extent")
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(box.west, box.east, SIZES[-1]), rng.uniform(box.south, box.north, SIZES[-1])
    if order == "random":
        return lon, lat
    local = np.lexsort((lon, ((lat - box.south) * 2000).astype(int)))
    return lon[local], lat[local]


def _speeds(port: int, resolver: BatchResolver, lon: Floats, lat: Floats) -> dict[str, float]:
    """Points per second by door; raises when two of them differ in any word."""
    ask = partial(_in_process, resolver, lon, lat)
    truth, speeds = _words_of(ask()), {"in process": len(lon) / _fastest(ask)}
    for name, kind in KINDS.items():
        if kind == JSON and len(lon) > MAX_JSON_POINTS:
            continue
        connection, body = http.client.HTTPConnection("127.0.0.1", port, timeout=300), _body(kind, lon, lat)
        told = _read(kind, _post(connection, kind, body))
        for column, words in truth.items():
            if not told[column].cast(pa.string()).combine_chunks().equals(words):
                raise AssertionError(f"{name} differs in {column} from what was found in process")
        speeds[name] = len(lon) / _fastest(partial(_post, connection, kind, body))
    return speeds


def _in_process(resolver: BatchResolver, lon: Floats, lat: Floats) -> list[BatchResult]:
    return [resolver.answer(lon[at : at + ROWS], lat[at : at + ROWS]) for at in range(0, len(lon), ROWS)]


def _words_of(found: list[BatchResult]) -> dict[str, pa.Array]:
    return {name: pa.array([word for part in found for word in getattr(part, name)], pa.string()) for name in WORDS}


def _body(kind: str, lon: Floats, lat: Floats) -> bytes:
    table, out = pa.table({"lon": lon, "lat": lat}), io.BytesIO()
    if kind == JSON:
        return orjson.dumps({"points": table.to_pylist()})
    if kind == CSV:
        pacsv.write_csv(table, out)
    else:
        with ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table, max_chunksize=ROWS)
    return out.getvalue()


def _post(connection: http.client.HTTPConnection, kind: str, body: bytes) -> bytes:
    connection.request("POST", "/api/v1/resolve?datum=WGS84", body, {"Content-Type": kind})
    answer = connection.getresponse()
    told = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {told[:300]!r}")
    return told


def _read(kind: str, told: bytes) -> pa.Table:
    if kind == JSON:
        return pa.Table.from_pylist(orjson.loads(told)["results"])
    if kind == CSV:
        options = pacsv.ConvertOptions(column_types=dict.fromkeys(WORDS, pa.string()), strings_can_be_null=True)
        return pacsv.read_csv(io.BytesIO(told), convert_options=options)
    return ipc.open_stream(told).read_all()


def _fastest(ask: Callable[[], object]) -> float:
    """Seconds; of what takes no time at all, many are asked."""
    times = []
    for _ in range(ROUNDS):
        asked, start = 0, time.perf_counter()
        while not asked or time.perf_counter() - start < LEAST_S:
            ask()
            asked += 1
        times.append((time.perf_counter() - start) / asked)
    return min(times)
