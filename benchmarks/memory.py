"""Memory of one serving worker by the size of the city: ready, after many answers, and while it takes a new edition."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.http import READY, demo_command, serving_on
from benchmarks.processes import listening_on, megabytes
from benchmarks.report import write_table

SIZES = (1_500, 40_000, 100_000)
ANSWERS = 5_000
FOLLOWED_S = 600


def main() -> None:
    """A sample city of each size in turn."""
    header = ("cells", "ready, MB", f"after {ANSWERS:,} answers, MB", "most while following a publish, MB")
    note = "Resident memory of one worker; a publish by another process brings an edition of the same size."
    write_table("memory", "Memory of a worker", header, [_measure(cells) for cells in SIZES], note)


def _measure(cells: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        _run(folder, "db", "upgrade")
        _run(folder, "sample", "--commit", "--cells", str(cells))
        with serving_on(demo_command(), folder, READY) as port:
            pid = listening_on(port)
            ready = megabytes(pid, "VmRSS")
            _ask(port)
            busy = megabytes(pid, "VmRSS")
            _run(folder, "restore", "1", "--commit")
            _follow(port)
            most = megabytes(pid, "VmHWM")
    return f"{cells:,}", f"{ready:.0f}", f"{busy:.0f}", f"{most:.0f}"


def _run(folder: str, *command: str) -> None:
    settings = {"GRIDSVC_DATA_DIR": str(Path(folder) / "data"), "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run(
        [sys.executable, "-m", "api.cli", *command], env=os.environ | settings, check=True, capture_output=True
    )


def _ask(port: int) -> None:
    """Random places of the city's box, one after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    west, south, east, north = _current(connection)["bbox"]
    rng = np.random.default_rng(3)
    for _ in range(ANSWERS):
        lon, lat = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        connection.request("GET", f"/api/v1/resolve?lon={lon!r}&lat={lat!r}&datum=WGS84")
        connection.getresponse().read()


def _follow(port: int) -> None:
    """Until the worker answers by the second edition."""
    connection, deadline = http.client.HTTPConnection("127.0.0.1", port), time.monotonic() + FOLLOWED_S
    while _current(connection)["number"] != 2:
        if time.monotonic() > deadline:
            raise TimeoutError("the new edition was not taken in time")
        time.sleep(0.5)


def _current(connection: http.client.HTTPConnection) -> dict[str, Any]:
    connection.request("GET", "/api/v1/editions/current")
    document: dict[str, Any] = orjson.loads(connection.getresponse().read())
    return document
