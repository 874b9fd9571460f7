"""Incidents per second through HTTP, one worker, several clients over kept-alive connections, on both databases.

Each report is another place of the invented city with a key of its own; what is measured is from the first byte sent to
the last byte of the 201. A bare transaction of two rows, as durable, is measured beside it: what the disk gives.
"""

import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import numpy as np

from benchmarks.http import serving_on
from benchmarks.locks import _schema
from benchmarks.report import write_table

CLIENTS, SECONDS, WARM_S, PLACES = 8, 20.0, 3.0, 20_000
RUBBISH = "EVENT_CJT214:0102"
SECRET = "a secret of the measurement"
"""Of a token that records incidents in a city that is thrown away."""


def main() -> None:
    rows = [_measure("SQLite", None)]
    if url := os.environ.get("GRIDSVC_TEST_POSTGIS_URL"):
        with _schema(url) as inside:
            rows.append(_measure("PostGIS", inside))
    note = f"{CLIENTS} clients for {SECONDS:.0f} s, sample city of 1,500 cells, one worker, loader on the same machine."
    header = ("database", "incidents/s", "p50 ms", "p99 ms", "slowest ms", "not 201", "bare durable writes/s")
    write_table("incidents", "Incidents accepted", header, rows, note)


def _measure(name: str, url: str | None) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder, _city(folder, url):
        with serving_on([sys.executable, "-m", "api.cli", "demo", "--port"], folder, "/health/ready") as port:
            places = _places(port)
            asyncio.run(_load(port, places, WARM_S))
            times, refused = asyncio.run(_load(port, places, SECONDS))
        bare = f"{_bare_writes(Path(folder)):,.0f}" if url is None else "–"
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    rate = len(times) / SECONDS
    return (name, f"{rate:,.0f}", f"{p50:.1f}", f"{p99:.1f}", f"{max(times) * 1000:.0f}", refused, bare)


@contextmanager
def _city(folder: str, url: str | None) -> Iterator[None]:
    """The sample city in a folder's database or at a URL, with a token that may record."""
    given = {"GRIDSVC_DATA_DIR": str(Path(folder) / "data")} | ({} if url is None else {"GRIDSVC_DATABASE_URL": url})
    before = dict(os.environ)
    os.environ.update(given | {"PYTHONPATH": str(Path(__file__).parents[1])})
    try:
        for command in (["db", "upgrade"], ["sample", "--commit"]):
            subprocess.run([sys.executable, "-m", "api.cli", *command], check=True, capture_output=True)
        _add_token()
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _add_token() -> None:
    from api.bootstrap import open_store
    from api.settings import load_settings
    from gridsvc.accounts.secrets import digest_of
    from gridsvc.model.accounts import Account, AccountRole, Action, Token

    now = datetime.now(UTC)
    account = Account(login="bench", name="Bench", role=AccountRole.DEVICE)
    with open_store(load_settings()) as store, store.begin() as work:
        work.put_account(account)
        work.add_token(
            Token(
                number=0,
                digest=digest_of(SECRET),
                account=account,
                name="bench",
                actions=frozenset({Action.RECORD_INCIDENT, Action.READ_INCIDENTS}),
                created_at=now,
                expires_at=now + timedelta(days=1),
            )
        )


def _places(port: int) -> list[list[float]]:
    """Random places in the city; outside of it nothing is recorded."""
    base, rng = f"http://127.0.0.1:{port}/api/v1", random.Random(3)
    with urllib.request.urlopen(f"{base}/editions/current", timeout=10) as answer:
        west, south, east, north = json.loads(answer.read())["bbox"]
    drawn = [[rng.uniform(west, east), rng.uniform(south, north)] for _ in range(PLACES)]
    body = json.dumps({"datum": "WGS84", "points": [{"lon": lon, "lat": lat} for lon, lat in drawn]})
    request = urllib.request.Request(f"{base}/resolve", body.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        results = json.loads(answer.read())["results"]
    return [place for place, result in zip(drawn, results, strict=True) if result["status"] == "OK"]


async def _load(port: int, places: list[list[float]], seconds: float) -> tuple[list[float], int]:
    """Seconds that each accepted report took, and how many were not accepted."""
    until = time.perf_counter() + seconds
    lanes = await asyncio.gather(*(_send(port, places[lane::CLIENTS], until, lane) for lane in range(CLIENTS)))
    return [taken for times, _ in lanes for taken in times], sum(refused for _, refused in lanes)


async def _send(port: int, places: list[list[float]], until: float, lane: int) -> tuple[list[float], int]:
    times, refused = [], 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for lon, lat in cycle(places):
        if (start := time.perf_counter()) >= until:
            break
        place = {"lon": lon, "lat": lat, "datum": "WGS84"}
        body = json.dumps({"location": place, "source": "DEVICE", "description": "路面有暴露垃圾", "category": RUBBISH})
        writer.write(_request(body.encode(), f"{lane}-{start!r}"))
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        status = int(head[9:12])
        if status == 201:
            times.append(time.perf_counter() - start)
        refused += status != 201
    writer.close()
    return times, refused


def _request(body: bytes, key: str) -> bytes:
    head = (
        f"POST /api/v1/incidents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SECRET}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _bare_writes(folder: Path) -> float:
    """Transactions per second of one connection that inserts two rows of 5 KB, flushed to the disk at each commit."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, content BLOB)")
        start, count = time.perf_counter(), 0
        while time.perf_counter() < start + 3:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO bare (content) VALUES (?)", [(b"x" * 5000,)] * 2)
            connection.execute("COMMIT")
            count += 1
        return count / (time.perf_counter() - start)
