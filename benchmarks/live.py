"""200 listeners of one worker: how late they hear, how many messages a second it tells them, and what memory it takes.

Each message carries the instant of its commit; listeners are read by one process, which also tells.
"""

import asyncio
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.http import READY, demo_command, serving_on
from benchmarks.processes import listening_on, megabytes
from benchmarks.report import write_table

LISTENERS, SECONDS, RATES = 200, 10, (20, 200)
ALL_AT_ONCE = 5_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving_on(demo_command(), folder, READY) as port:
        pid = listening_on(port)
        alone = megabytes(pid, "VmRSS")
        rows = asyncio.run(_measure(port, Path(folder) / "data" / "gridsvc.db", pid))
    note = f"{LISTENERS} listeners of one worker; without any it takes {alone:.0f} MB. The outbox is read every 250 ms."
    header = ("messages a second", "told a second", "delay p50, ms", "delay p99, ms", "memory, MB", "lost")
    write_table("live", "Live streams", header, rows, note)


async def _measure(port: int, database: Path, pid: int) -> list[tuple[str, ...]]:
    ears = [_Ear() for _ in range(LISTENERS)]
    tasks = [asyncio.create_task(ear.listen(port, number)) for number, ear in enumerate(ears)]
    while not all(ear.is_ready for ear in ears):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    rows = [await _at_rate(ears, database, rate, pid) for rate in RATES]
    rows.append(await _at_once(ears, database, pid))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return rows


async def _at_rate(ears: list["_Ear"], database: Path, rate: int, pid: int) -> tuple[str, ...]:
    for ear in ears:
        ear.delays.clear()
    begun, count = time.perf_counter(), rate * SECONDS
    await asyncio.to_thread(_tell, database, count, rate)
    seconds = await _heard(ears, count, begun)
    return _row(f"{rate}", ears, count, seconds, pid)


async def _at_once(ears: list["_Ear"], database: Path, pid: int) -> tuple[str, ...]:
    for ear in ears:
        ear.delays.clear()
    begun = time.perf_counter()
    await asyncio.to_thread(_tell, database, ALL_AT_ONCE, None)
    return _row(f"{ALL_AT_ONCE:,} at once", ears, ALL_AT_ONCE, await _heard(ears, ALL_AT_ONCE, begun), pid)


async def _heard(ears: list["_Ear"], count: int, begun: float) -> float:
    end = time.monotonic() + 60
    while not all(len(ear.delays) >= count for ear in ears) and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return time.perf_counter() - begun


def _row(name: str, ears: list["_Ear"], count: int, seconds: float, pid: int) -> tuple[str, ...]:
    delays = np.array([delay for ear in ears for delay in ear.delays]) * 1000
    told, p50, p99 = len(delays) / seconds, np.percentile(delays, 50), np.percentile(delays, 99)
    lost = count * len(ears) - len(delays)
    return name, f"{told:,.0f}", f"{p50:.0f}", f"{p99:.0f}", f"{megabytes(pid, 'VmRSS'):.0f}", str(lost)


class _Ear:
    def __init__(self) -> None:
        self.delays: list[float] = []
        self.is_ready = False

    async def listen(self, port: int, number: int) -> None:
        # Visitors are counted by address: the loopback has enough of them.
        local = (f"127.0.1.{number + 1}", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=local, limit=1 << 20)
        writer.write(b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while line := await reader.readline():
            if line.startswith(b"event: hello"):
                self.is_ready = True
            elif line.startswith(b'data: {"told":'):
                self.delays.append(time.time() - float(line[14 : line.index(b"}")]))


def _tell(database: Path, count: int, rate: int | None) -> None:
    from gridsvc.model.work import Message, Topic
    from gridsvc.store import open_store

    with closing(open_store(f"sqlite:///{database}")) as store:
        begun = time.perf_counter()
        step = 1 if rate else 500
        for number in range(0, count, step):
            if rate:
                time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            told: dict[str, object] = {"told": time.time()}
            message = Message(topic=Topic.EDITION_PUBLISHED, at=datetime.now(UTC), body=told)
            with store.begin() as work:
                work.tell([message] * step)
