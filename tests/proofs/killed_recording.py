"""A serving process killed again and again while clients record incidents: what was acknowledged is there, once."""

import http.client
import json
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.bootstrap import open_store, upgrade_database
from api.settings import Settings
from gridsvc.accounts.secrets import digest_of
from gridsvc.model.accounts import Account, AccountRole, Action, Token
from gridsvc.model.incidents import IncidentFilter, Sight
from gridsvc.model.work import Topic
from gridsvc.ports import Store
from tests.fixtures.accounts import make_account
from tests.fixtures.drawn_pages import write_pages
from tests.fixtures.incidents import PLACES
from tests.fixtures.served_city import FIRST_EDITION, append_rows, publish_territory
from tests.fixtures.tiny_city import tiny_rows, tiny_territory
from tests.fixtures.warm_terminal import ROOT, WarmProcess
from tests.proofs.listener import Listener
from tests.proofs.row import Row

CLIENTS = 4
SECRET, LISTENING = "a secret of the proof", "a secret of who listens"
WEST = "990101001"
PATIENCE_S = 60.0
REUSED = "/problems/key-reused"


@dataclass
class Load:
    """What the clients send until it is acknowledged: by key, the number that each was told."""

    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    numbers: dict[str, str] = field(default_factory=dict)
    replayed: int = 0
    strange: Counter[int] = field(default_factory=Counter)

    def run(self, client: int) -> None:
        """Record one after the other."""
        for count in range(1_000_000):
            if self.stop.is_set():
                return
            self.record(f"{client}-{count}")

    def record(self, key: str) -> None:
        """Until it is acknowledged, with the same key."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                status, headers, document = post(self.port, key, key)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
                continue
            if status == 201:
                self.numbers[key] = document["number"]
                self.replayed += headers.get("idempotent-replayed") == "true"
                return
            if status not in {409, 503}:
                self.strange[status] += 1
            time.sleep(0.02)
        raise TimeoutError(f"{key} was not acknowledged in {PATIENCE_S:.0f} s")


def place_of(key: str) -> tuple[float, float]:
    """By turns in the west and in the east, by the count in the key."""
    return PLACES["C1" if int(key.rpartition("-")[2]) % 2 else "A1"]


def post(port: int, key: str, description: str) -> tuple[int, http.client.HTTPMessage, dict[str, str]]:
    """One report; status, headers and document."""
    lon, lat = place_of(key)
    location = {"lon": lon, "lat": lat, "datum": "WGS84"}
    body = json.dumps({"location": location, "source": "DEVICE", "description": description})
    headers = {"Authorization": f"Bearer {SECRET}", "Idempotency-Key": key, "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/api/v1/incidents", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, json.loads(answer.read())


def prove_killed_recording(folder: Path, kills: int, database_url: str | None = None) -> list[Row]:
    """On SQLite in the folder, or at a URL of an empty database."""
    settings = Settings(data_dir=folder, database_url=database_url)
    _make_city(settings)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        load = Load(probe.getsockname()[1])
    clients = [threading.Thread(target=load.run, args=(client,)) for client in range(CLIENTS)]
    with open_store(settings) as store:
        address, bearer = f"http://127.0.0.1:{load.port}/api/v1/live", {"Authorization": f"Bearer {LISTENING}"}
        listener = Listener(address, Topic.INCIDENT_RECORDED, bearer, store.last_message())
        for thread in (listener, *clients):
            thread.start()
        _kill_often(settings, load, listener, kills)
        with _serving(settings, load.port):
            load.stop.set()
            for thread in clients:
                thread.join()
            taken = _take_with_other_bodies(load)
            _hear_to_the_end(listener, store)
        listener.join()
        return _rows(store, load, listener, taken, kills)


def _kill_often(settings: Settings, load: Load, listener: Listener, kills: int) -> None:
    rng = random.Random(7)
    for _ in range(kills):
        acknowledged, hellos = len(load.numbers), listener.hellos
        with _serving(settings, load.port) as process:
            deadline = time.monotonic() + PATIENCE_S
            while len(load.numbers) < acknowledged + 5 or listener.hellos == hellos:
                assert time.monotonic() < deadline, "nobody came through"
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.5))
            os.killpg(process.pid, signal.SIGKILL)


def _rows(store: Store, load: Load, listener: Listener, taken: list[str], kills: int) -> list[Row]:
    kept = dict(store.list_incidents(IncidentFilter(), Sight(everything=True), 10_000_000))
    by_number = {incident.number: incident.description for incident in kept.values()}
    lost = sum(by_number.get(number) != key for key, number in load.numbers.items())
    twice = len(kept) - len(load.numbers)
    messages = store.list_messages(0, 10_000_000)
    told = [str(m.body["number"]) for m in messages if m.topic is Topic.INCIDENT_RECORDED]
    untold = sum(number != expected for number, expected in zip(told, sorted(by_number), strict=False))
    west = sorted(incident.number for incident in kept.values() if WEST in incident.answer.areas)
    gaps = sum(int(number[9:]) != count for number, count in _counted(sorted(by_number)))
    remark = f"{kills} kills, {load.replayed} answered again"
    resumed = f"of {len(kept):,} incidents; resumed {listener.hellos - 1} times"
    return [
        Row("acknowledged incidents after kill -9", "what was told", len(load.numbers), lost, remark),
        Row("incidents without an acknowledgement, or twice", "one for each key", len(kept), abs(twice)),
        Row("numbers of the day without a gap", "counting", len(kept), gaps),
        Row("messages of the outbox", "one incident each, in order", len(told), untold + abs(len(told) - len(kept))),
        Row("live messages to a dispatcher of the west", "its incidents", len(west), _unheard(listener, west), resumed),
        Row("a used key with another body", "409 key-reused", len(taken), sum(kind != REUSED for kind in taken)),
        Row("answers that are neither 201 nor come-again", "none", len(load.numbers), sum(load.strange.values())),
    ]


def _counted(numbers: list[str]) -> Iterator[tuple[str, int]]:
    """Each number with its place within its day."""
    seen: Counter[str] = Counter()
    for number in numbers:
        seen[number[:8]] += 1
        yield number, seen[number[:8]]


def _take_with_other_bodies(load: Load) -> list[str]:
    """What each used key is answered when it comes with another body: the kind of the problem, or the status."""
    answers = [post(load.port, key, "something else") for key in load.numbers]
    return [document.get("type", str(status)) for status, _, document in answers]


def _hear_to_the_end(listener: Listener, store: Store) -> None:
    """Until the last message for it has come by, or nothing more comes for long."""
    last = max(message.number for message in store.list_messages(0, 10_000_000) if WEST in message.areas)
    deadline = time.monotonic() + PATIENCE_S
    while int(listener.last or 0) < last and time.monotonic() < deadline:
        time.sleep(0.05)
    listener.is_done = True


def _unheard(listener: Listener, expected: list[str]) -> int:
    """Incidents that were not heard of, heard of without a right or twice, out of order; and every reset."""
    heard = [body["number"] for body in listener.bodies]
    strange = len(heard) - len(set(heard) & set(expected))
    unordered = heard != sorted(heard) or listener.heard != sorted(set(listener.heard))
    return len(set(expected) - set(heard)) + strange + unordered + listener.resets


def _make_city(settings: Settings) -> None:
    write_pages(settings)
    upgrade_database(settings)
    with open_store(settings) as store:
        append_rows(store, tiny_rows())
        publish_territory(store, tiny_territory(), FIRST_EDITION)
        recorder = make_account(store, AccountRole.DEVICE)
        _add_token(store, recorder, SECRET, Action.RECORD_INCIDENT, Action.READ_INCIDENTS)
        _add_token(store, make_account(store, AccountRole.DISPATCHER, area=WEST), LISTENING, Action.READ_INCIDENTS)


def _add_token(store: Store, account: Account, secret: str, *actions: Action) -> None:
    now = datetime.now(UTC)
    token = Token(
        number=0,
        digest=digest_of(secret),
        account=account,
        name="proof",
        actions=frozenset(actions),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    with store.begin() as work:
        work.add_token(token)


@contextmanager
def _serving(settings: Settings, port: int) -> Iterator[WarmProcess]:
    """A serving process with a group of its own, for whatever it starts."""
    given = {"GRIDSVC_DATA_DIR": str(settings.data_dir), "GRIDSVC_PORT": str(port)}
    if settings.database_url is not None:
        given["GRIDSVC_DATABASE_URL"] = settings.database_url
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIDSVC_")} | given
    process = WarmProcess(["serve"], ROOT, environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(30)
