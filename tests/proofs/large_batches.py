"""Batches at and over the limit of rows, really sent to a serving process: answered or refused, in bounded memory.

The limit is the one that is served; a sample lowers it in the serving process, so that the same is shown in seconds.
"""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from api.settings import Settings
from geodata.sample_city import CITY_NAME
from tests.fixtures.drawn_pages import write_pages
from tests.proofs.row import Row

ROOT = Path(__file__).resolve().parents[2]
SERVE = (
    "import sys; from api.batch import read_tables; read_tables.MAX_ROWS = {limit}; from api.cli import main; main()"
)
KINDS = {"CSV": "text/csv", "Arrow": "application/vnd.apache.arrow.stream"}
CHUNK = 65_536
MOST_MB = 1_024
"""Of the serving process, whatever the number of rows: bodies alone are 200 MB, answers up to 900 MB."""


@dataclass
class Server:
    """A serving process; `peak_mb` is the largest resident size that was seen since it was last set."""

    port: int
    pid: int
    data: Path
    peak_mb: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    def resident_mb(self) -> float:
        """What it holds now."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text("utf-8"))
        return int(found[1]) / 1024 if found else 0.0

    def watch(self) -> None:
        """Look until told to stop."""
        while not self.stop.wait(0.02):
            self.peak_mb = max(self.peak_mb, self.resident_mb())

    def leftovers(self) -> int:
        """Files in the data folder, or open without a name, that nothing but a batch can have left."""
        links = [str(entry.readlink()) for entry in Path(f"/proc/{self.pid}/fd").iterdir() if entry.is_symlink()]
        unnamed = [link for link in links if link.startswith(str(self.data)) and link.endswith("(deleted)")]
        kept = ("gridsvc.db", "index", "kernels", "page", "tiles", "uploads")
        named = [entry for entry in self.data.iterdir() if not entry.name.startswith(kept)]
        return len(unnamed) + len(named)

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                return True
        except OSError:
            return False


def prove_large_batches(folder: Path, *, sample: bool) -> list[Row]:
    """One row too many is refused, exactly as many are answered, as CSV and as Arrow."""
    limit = 70_000 if sample else 10_000_000
    with _serving(folder / "data", limit) as server:
        over = [_row(server, kind, limit + 1, 413, 0) for kind in KINDS]
        whole = [_row(server, kind, limit, 200, limit) for kind in KINDS]
    return [*over, *whole]


def _row(server: Server, kind: str, rows: int, status: int, answered: int) -> Row:
    server.peak_mb = 0.0
    said, found = _send(server.port, kind, rows)
    faults = [said != status, found != answered, server.peak_mb > MOST_MB, not server.is_ready()]
    time.sleep(0.5)  # the place and the file are let go after the last byte
    faults.append(server.leftovers() > 0)
    outcome = f"status {said}, peak {server.peak_mb:.0f} MB"
    return Row(f"{rows:,} rows sent as {kind}", f"status {status}, at most {MOST_MB} MB", rows, sum(faults), outcome)


@contextmanager
def _serving(data: Path, limit: int) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GRIDSVC_")}
    write_pages(Settings(data_dir=data, city_name=CITY_NAME))
    settings = {"GRIDSVC_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVE.format(limit=limit), "demo", "--cells", "200", "--port", str(port)]
    process = subprocess.Popen(command, env=clean | settings, stderr=subprocess.DEVNULL)
    server = Server(port, process.pid, data)
    watcher = threading.Thread(target=server.watch)
    try:
        _wait(server, process)
        watcher.start()
        yield server
    finally:
        server.stop.set()
        if watcher.is_alive():
            watcher.join()
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 180
    while not server.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError("the service does not start")
        time.sleep(0.1)


def _send(port: int, kind: str, rows: int) -> tuple[int, int]:
    """The status, and how many rows came back."""
    connection = HTTPConnection("127.0.0.1", port, timeout=900)
    with closing(connection):
        body = (_csv if kind == "CSV" else _arrow)(rows)
        headers = {"Content-Type": KINDS[kind], "Accept": KINDS["CSV"], "Transfer-Encoding": "chunked"}
        connection.request("POST", "/api/v1/resolve?datum=WGS84", body, headers, encode_chunked=True)
        answer = connection.getresponse()
        lines = 0
        while piece := answer.read(1 << 20):
            lines += piece.count(b"\n")
    return answer.status, lines - 1 if answer.status == 200 else 0


def _places() -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    rng = np.random.default_rng(9)
    return rng.uniform(116.39, 116.41, CHUNK).round(6), rng.uniform(39.91, 39.93, CHUNK).round(6)


def _csv(rows: int) -> Iterator[bytes]:
    lines = [b"%.6f,%.6f\n" % pair for pair in zip(*_places(), strict=True)]
    yield b"lon,lat\n"
    for start in range(0, rows, CHUNK):
        yield b"".join(lines[: rows - start])


def _arrow(rows: int) -> Iterator[bytes]:
    lon, lat = _places()
    batch = pa.record_batch({"lon": lon, "lat": lat})
    out = io.BytesIO()
    with ipc.new_stream(out, batch.schema) as stream:
        for start in range(0, rows, CHUNK):
            stream.write_batch(batch.slice(0, rows - start))
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()
