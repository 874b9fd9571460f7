"""A real serving process: it loads nothing slow, follows what others publish, answers on, and ends gracefully."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gridsvc.store import open_store
from tests.fixtures.served_city import publish_territory
from tests.fixtures.tiny_city import cell_code, tiny_territory

# The process tells its port, and what it has imported when it ends.
SCRIPT = """
import json, socket, sys
from pathlib import Path
from api.server import run_server
from api.settings import Settings

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
folder = Path(sys.argv[1])
(folder / "port.new").write_text(str(port))
(folder / "port.new").rename(folder / "port")
run_server(Settings(data_dir=folder, city_name="Tiny City", demo=True, public_read=True, port=port))
heavy = {name for name, module in sys.modules.items() if module and name in {"pandas", "geopandas", "folium"}}
print(json.dumps(sorted(heavy)))
"""


@pytest.fixture(scope="module")
def city_folder(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Path:
    return Path(shutil.copytree(tiny_database, tmp_path_factory.mktemp("served") / "city"))


@pytest.fixture(scope="module")
def server(city_folder: Path) -> Iterator[tuple[httpx.Client, "subprocess.Popen[str]"]]:
    """One process for this file; the last test ends it."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", SCRIPT, str(city_folder)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        wait_for((city_folder / "port").is_file)
        with httpx.Client(base_url=f"http://127.0.0.1:{(city_folder / 'port').read_text()}", timeout=30) as client:
            wait_for(lambda: is_ready(client))
            yield client, process
    finally:
        process.kill()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def wait_for(done: Any, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def test_too_long_a_body_is_refused_before_it_is_sent(server: Any) -> None:
    client, _ = server
    head = (
        "POST /api/v1/resolve HTTP/1.1\r\nHost: city\r\nContent-Type: application/json\r\n"
        f"Content-Length: {40 * 1024 * 1024}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_process_serves_follows_and_ends(server: Any, city_folder: Path) -> None:
    client, process = server
    page = client.get("/")
    assert page.status_code == 200
    assert "Tiny City" in page.text

    place = {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84"}
    assert client.get("/api/v1/resolve", params=place).json()["cell"]["code"] == cell_code("A1")

    rows = b"lon,lat\n" + b"116.4005,39.9013\n116.5,39.9\n" * 20_000
    answer = client.post("/api/v1/resolve?datum=WGS84", content=rows, headers={"Content-Type": "text/csv"})
    assert answer.text.count("\n") == 40_001

    # An edition published by another process is followed while this one answers.
    store = open_store(f"sqlite:///{city_folder / 'gridsvc.db'}")
    publish_territory(store, tiny_territory(), store.get_edition(1).effective_from)
    store.close()
    wait_for(lambda: client.get("/health/ready").json()["edition"] == 2)
    assert client.get("/api/v1/resolve", params=place).json()["edition"] == 2

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert output.strip().splitlines()[-1] == "[]"
