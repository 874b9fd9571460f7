"""A disk that fills up and a database that goes away while the service runs: answers go on, and all is well again."""

import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from gridsvc.model.work import Message, Topic
from gridsvc.store import open_store, upgrade
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.real_server import served_for_real
from tests.fixtures.requirements import need
from tests.fixtures.served_city import FIRST_EDITION, City, append_rows, publish_territory
from tests.fixtures.tiny_city import tiny_rows, tiny_territory
from tests.fixtures.warm_terminal import ROOT, WarmProcess

PLACE = "/api/v1/resolve?lon=116.4005&lat=39.9013&datum=WGS84"
SCRIPT = """
import socket, sys
from pathlib import Path
from api import server
from api.settings import Settings

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
folder = Path(sys.argv[1])
(folder / "port.new").write_text(str(port))
(folder / "port.new").rename(folder / "port")
server.prepare_pages = lambda _: None  # pages are not what this is about
server.run_server(Settings(data_dir=folder, city_name="Tiny City", port=port))
"""


def _wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def _draft(client: SignedInClient) -> httpx.Response:
    return client.post("/api/v1/drafts", json={"comment": "x" * 500})


def _report(client: SignedInClient, key: str) -> httpx.Response:
    location = {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84"}
    body = {"location": location, "source": "HOTLINE_12345", "description": key}
    return client.post("/api/v1/incidents", json=body, headers={"Idempotency-Key": key})


def _is_not_ready(answer: httpx.Response) -> bool:
    is_told = (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")
    return is_told and int(answer.headers["retry-after"]) > 0


def _check_recorded_once(client: SignedInClient, *keys: str) -> None:
    """What was refused with one of the keys left nothing behind: it records now where it had not, and only once."""
    told = [_report(client, key).json()["number"] for key in keys]
    for key, number in zip(keys, told, strict=True):
        again = _report(client, key)
        assert (again.status_code, again.json()["number"]) == (201, number)
        assert again.headers["idempotent-replayed"] == "true"
    listed = {item["number"]: item["description"] for item in client.get("/api/v1/incidents").json()["items"]}
    assert listed == dict(zip(told, keys, strict=True))


@dataclass(frozen=True)
class Struck:
    """A serving process, whose files can be kept from growing, and who is signed in to it."""

    planner: SignedInClient
    acceptor: SignedInClient
    process: int


@pytest.fixture
def struck(city_folder: Path) -> Iterator[Struck]:
    with closing(open_store(f"sqlite:///{city_folder / 'gridsvc.db'}")) as store:
        make_account(store, AccountRole.PLANNER)
        make_account(store, AccountRole.ACCEPTOR)
    process = WarmProcess(["-c", SCRIPT, str(city_folder)], ROOT, os.environ)
    try:
        _wait_for((city_folder / "port").is_file)
        with httpx.Client(base_url=f"http://127.0.0.1:{(city_folder / 'port').read_text()}", timeout=30) as client:
            _wait_for(lambda: _is_ready(client), 120)
            city = City(None, client)  # type: ignore[arg-type]  only its client is asked
            yield Struck(SignedInClient(city, "planner"), SignedInClient(city, "acceptor"), process.pid)
    finally:
        process.kill()
        process.communicate(20)


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def test_full_disk_refuses_writes_in_words_and_answers_on(struck: Struck, city_folder: Path) -> None:
    planner, acceptor, process = struck.planner, struck.acceptor, struck.process
    assert _draft(planner).status_code == 201
    assert _report(acceptor, "before").status_code == 201
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, hard))
    refused = []
    for _ in range(5):
        refused += [_draft(planner), _report(acceptor, "meanwhile")]
        assert planner.get(PLACE).status_code == 200
        assert _report(acceptor, "before").headers["idempotent-replayed"] == "true"
    assert all(_is_not_ready(answer) and "disk" in answer.json()["detail"] for answer in refused)
    number = planner.get("/api/v1/drafts").json()["items"][0]["number"]
    body = b'{"type": "FeatureCollection", "features": []}' + b" " * 10_000
    address = f"/api/v1/drafts/{number}/layers/cells?name=c.geojson&datum=WGS84"
    upload = planner.request("PUT", address, content=body, headers={"If-Match": '"v0"'})
    assert (upload.status_code, upload.json()["type"]) == (503, "/problems/not-ready")
    table = b"id,lon,lat\n" + b"1,116.4,39.9\n" * 500_000  # kept in a file, being this large
    batch = planner.post("/api/v1/resolve?datum=WGS84", content=table, headers={"Content-Type": "text/csv"})
    assert (batch.status_code, batch.json()["type"]) == (503, "/problems/not-ready")
    assert "disk" in batch.json()["detail"]
    assert [file.name for file in city_folder.iterdir() if file.name.startswith(("tmp", "uploads/"))] == []
    _wait_for(lambda: planner.get("/health/ready").json()["writable"] is False)
    ready = planner.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))
    assert _draft(planner).status_code == 201
    _wait_for(lambda: planner.get("/health/ready").json()["writable"] is True)
    assert len(planner.get("/api/v1/drafts").json()["items"]) == 3  # that of the city itself, and two of ours
    _check_recorded_once(acceptor, "before", "meanwhile")


@pytest.mark.parametrize("name", ["gridsvc.db", "gridsvc.db-wal"])
def test_a_database_file_that_is_moved_away_takes_no_writes_until_it_is_back(
    struck: Struck, city_folder: Path, name: str
) -> None:
    """What would be acknowledged meanwhile would be in a file that nobody finds any more."""
    planner, acceptor = struck.planner, struck.acceptor
    file = city_folder / name
    assert _draft(planner).status_code == 201
    assert _report(acceptor, "before").status_code == 201

    def is_refused() -> None:
        for answer in (_draft(planner), _report(acceptor, "meanwhile")):
            assert _is_not_ready(answer)
            assert "restart" in answer.json()["detail"]
        ready = planner.get("/health/ready")  # in the same moment
        assert (ready.status_code, ready.json()["database"], ready.json()["writable"]) == (200, "unreachable", False)
        assert planner.get(PLACE).status_code == 200

    file.rename(city_folder / "gone.db")
    is_refused()
    assert not file.exists()
    shutil.copyfile(city_folder / "gone.db", file)
    is_refused()
    file.unlink()
    (city_folder / "gone.db").rename(file)
    assert _draft(planner).status_code == 201
    _wait_for(lambda: planner.get("/health/ready").json()["writable"] is True)
    assert len(planner.get("/api/v1/drafts").json()["items"]) == 3
    _check_recorded_once(acceptor, "before", "meanwhile")


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Path, str]]:
    """A database server of one's own: its folder and URL. Not below pytest's folder: its user may not go through that,
    which every run of pytest sees to.
    """
    there = bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))
    need("postgis", there and shutil.which("bash") is not None, "no PostgreSQL server is installed")
    with tempfile.TemporaryDirectory(prefix="gridsvc-") as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "pg"
        done = subprocess.run([ROOT / ".ci" / "postgis", "start", folder], capture_output=True, text=True, check=False)
        try:
            assert done.returncode == 0, done.stderr
            yield folder, done.stdout.strip().splitlines()[-1]
        finally:
            subprocess.run([ROOT / ".ci" / "postgis", "stop", folder], check=False)


def _postgis(action: str, folder: Path) -> None:
    subprocess.run([ROOT / ".ci" / "postgis", action, folder], check=True, stdout=subprocess.DEVNULL)


def _tell(city: City, name: str) -> None:
    with city.services.store.begin() as work:
        message = Message(topic=Topic.JOB_CHANGED, at=FIRST_EDITION, body={"name": name}, made_by="planner")
        work.tell([message])


@pytest.mark.postgis
def test_database_that_goes_away_comes_back_by_itself(cluster: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = cluster
    upgrade(url)
    with closing(open_store(url)) as store:
        append_rows(store, tiny_rows())
        publish_territory(store, tiny_territory(), FIRST_EDITION)
    heard: list[str] = []
    with served_for_real(Settings(data_dir=tmp_path, database_url=url)) as city:
        planner, acceptor = sign_in(city, AccountRole.PLANNER), sign_in(city, AccountRole.ACCEPTOR)
        assert _draft(planner).status_code == 201
        assert _report(acceptor, "before").status_code == 201
        assert planner.get(PLACE).status_code == 200

        def listen() -> None:
            with (
                httpx.Client(base_url=city.client.base_url, timeout=60) as own,  # type: ignore[attr-defined]
                own.stream("GET", "/api/v1/live", headers=planner.headers) as answer,
            ):
                heard.extend(line for line in answer.iter_lines() if line.startswith("data"))

        ear = threading.Thread(target=listen, daemon=True)
        ear.start()
        _wait_for(lambda: bool(heard))
        _postgis("pause", folder)
        try:
            end = time.monotonic() + 8  # longer than callers are remembered
            while time.monotonic() < end:
                assert planner.get(PLACE).status_code == 200
                time.sleep(0.25)
            assert _is_not_ready(_draft(planner))
            assert _is_not_ready(_report(acceptor, "meanwhile"))
            ready = city.client.get("/health/ready").json()
            assert (ready["status"], ready["database"]) == ("ready", "unreachable")
            figures = city.client.get("/metrics").text
            assert "gridsvc_database_up 0.0" in figures
            assert "gridsvc_jobs" not in figures
        finally:
            _postgis("resume", folder)
        _wait_for(lambda: _draft(planner).status_code == 201)
        _check_recorded_once(acceptor, "before", "meanwhile")
        _wait_for(lambda: city.client.get("/health/ready").json()["database"] == "reachable")
        _tell(city, "after the outage")
        _wait_for(lambda: any("after the outage" in line for line in heard))
    ear.join(10)
