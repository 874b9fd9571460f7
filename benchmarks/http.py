"""Requests per second of `GET /api/v1/resolve` against an empty route with the same parameters, one worker each.

Both are asked by the same loading process over kept-alive connections, in turn, several rounds; ratios are by round.
"""

import asyncio
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.report import draw_bars, write_table

CONNECTIONS, REQUESTS, ROUNDS = 16, 2_000, 5
READY = "/health/ready"
EMPTY_APP = """
import sys
import uvicorn
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/api/v1/resolve")
async def resolve(lon: float, lat: float, datum: str) -> Response:
    return Response(b"{}", media_type="application/json")


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty_route.py"
        empty.write_text(EMPTY_APP, "utf-8")
        with (
            serving_on([sys.executable, str(empty)], folder, "/openapi.json") as bare,
            serving_on(demo_command(), folder, READY) as ours,
        ):
            with multiprocessing.Pool(1) as loader:
                box = _bbox(ours)
                rates = [[loader.apply(_load, (port, box)) for port in (bare, ours)] for _ in range(ROUNDS)]
    bare_rate, our_rate = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(ours / bare for bare, ours in rates)
    rows = [("empty route", f"{bare_rate:,.0f}", "1.00"), ("GET /api/v1/resolve", f"{our_rate:,.0f}", f"{ratio:.2f}")]
    note = f"{CONNECTIONS} connections, {REQUESTS:,} requests a round, median of {ROUNDS} rounds, one worker."
    write_table("http", "GET /resolve against an empty route", ("route", "requests/s", "× empty route"), rows, note)
    draw_bars("http", "One worker", "requests per second", {"empty route": bare_rate, "gridsvc GET /resolve": our_rate})


def demo_command() -> list[str]:
    return [sys.executable, "-m", "api.cli", "demo", "--port"]


@contextmanager
def serving_on(command: list[str], folder: str, ready: str) -> Iterator[int]:
    """Runs a server on a free loopback port, given as its last argument, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"GRIDSVC_DATA_DIR": str(Path(folder) / "data"), "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen([*command, str(port)], env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}{ready}")
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _wait(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


def _bbox(port: int) -> list[float]:
    import orjson

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/editions/current", timeout=10) as answer:
        return list(orjson.loads(answer.read())["bbox"])


def _load(port: int, box: list[float]) -> float:
    return asyncio.run(_requests_per_second(port, box))


async def _requests_per_second(port: int, box: list[float]) -> float:
    rng = np.random.default_rng(3)
    places = np.column_stack([rng.uniform(box[0], box[2], REQUESTS), rng.uniform(box[1], box[3], REQUESTS)]).tolist()
    start = time.perf_counter()
    await asyncio.gather(*(_ask(port, places[lane::CONNECTIONS]) for lane in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - start)


async def _ask(port: int, places: list[list[float]]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for lon, lat in places:
        target = f"/api/v1/resolve?lon={lon!r}&lat={lat!r}&datum=WGS84"
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()
