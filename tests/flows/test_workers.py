"""Several workers behind one address: they follow a publish and the clock together, and outlive one another."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from gridsvc.index.compile import compile_territory
from gridsvc.serving import EditionFiles
from gridsvc.store import open_store
from tests.fixtures.served_city import publish_territory
from tests.fixtures.tiny_city import tiny_territory
from tests.flows.test_served_over_http import is_ready, wait_for

PLACE = {"lon": 116.4003, "lat": 39.9003, "datum": "WGS84"}
FOLLOWED_S = 1.0


@dataclass
class Heard:
    """Answers as (when, edition, name of the cell), and what was no answer."""

    answers: list[tuple[datetime, int, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Path:
    return Path(shutil.copytree(tiny_database, tmp_path_factory.mktemp("workers") / "city"))


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The address of a service with two workers, and its first process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"GRIDSVC_DATA_DIR": str(folder), "GRIDSVC_PORT": str(port), "GRIDSVC_WORKERS": "2"}
    environment = {**os.environ, **told, "GRIDSVC_PUBLIC_READ": "true", "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen([sys.executable, "-m", "api.cli", "serve"], env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=address, timeout=30) as client:
            wait_for(lambda: is_ready(client))
        wait_for(lambda: len(workers_of(process.pid)) == 2)
        yield address, process
    finally:
        process.terminate()
        process.wait(30)


def workers_of(pid: int) -> list[int]:
    """Processes that a process started to serve."""
    children = (Path(f"/proc/{pid}/task/{pid}/children").read_text()).split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def ask(address: str, heard: Heard, stop: threading.Event) -> None:
    """Over connections that are kept for a while, so that all workers are asked."""
    while not stop.is_set():
        with httpx.Client(base_url=address, timeout=30) as client:
            for _ in range(20):
                try:
                    answer = client.get("/api/v1/resolve", params=PLACE)
                except httpx.TransportError as error:
                    heard.faults.append(repr(error))
                    continue
                if answer.status_code != 200:
                    heard.faults.append(answer.text)
                    continue
                document = answer.json()
                heard.answers.append((datetime.now(UTC), document["edition"], document["cell"]["name"]))


@pytest.fixture
def heard(served: tuple[str, object]) -> Iterator[Heard]:
    """Two who ask all the time."""
    listened, stop = Heard(), threading.Event()
    threads = [threading.Thread(target=ask, args=(served[0], listened, stop)) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield listened
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def publish(folder: Path, name: str, when: datetime) -> int:
    """As a job does it: compiled and kept before it is current."""
    territory = tiny_territory()
    cells = (replace(territory.cells[0], name=name), *territory.cells[1:])
    store = open_store(f"sqlite:///{folder / 'gridsvc.db'}")
    try:
        changed = replace(territory, cells=cells)
        EditionFiles(folder / "index", store, lambda: when).keep(compile_territory(0, when, changed))
        return publish_territory(store, changed, when).number
    finally:
        store.close()


def wait_until(heard: Heard, done: Callable[[list[tuple[datetime, int, str]]], bool]) -> None:
    wait_for(lambda: done(heard.answers) or bool(heard.faults), 60)


@pytest.mark.parametrize("ahead_s", [0.0, 4.0], ids=["a publish", "the clock"])
def test_all_workers_follow_within_a_second_without_a_fault_or_a_mixed_answer(
    folder: Path, served: tuple[str, object], heard: Heard, ahead_s: float
) -> None:
    wait_until(heard, lambda answers: len(answers) > 100)
    before = {edition: name for _, edition, name in heard.answers}
    asked = datetime.now(UTC) + timedelta(seconds=ahead_s)
    number = publish(folder, f"new after {ahead_s:.0f} s", asked)
    in_force = max(asked, datetime.now(UTC))
    wait_until(heard, lambda answers: answers[-1][0] > in_force + timedelta(seconds=3 * FOLLOWED_S))
    assert heard.faults == []
    names = before | {number: f"new after {ahead_s:.0f} s"}
    assert {(edition, name) for _, edition, name in heard.answers} == set(names.items())
    assert not [at for at, edition, _ in heard.answers if edition == number and at < asked]
    late = [at for at, edition, _ in heard.answers if edition != number and at > in_force]
    assert max(late, default=in_force) - in_force < timedelta(seconds=FOLLOWED_S)


def test_a_worker_that_is_killed_is_replaced(served: tuple[str, "subprocess.Popen[bytes]"]) -> None:
    address, first = served
    victim, other = workers_of(first.pid)
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: len(found := workers_of(first.pid)) == 2 and victim not in found and other in found)
    with httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/api/v1/resolve", params=PLACE).status_code == 200


def test_all_workers_end_with_the_first_process(served: tuple[str, "subprocess.Popen[bytes]"]) -> None:
    _, first = served
    workers = workers_of(first.pid)
    assert len(workers) == 2
    first.terminate()
    assert first.wait(30) == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
