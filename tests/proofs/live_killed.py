"""A serving process killed again and again while messages are told: a listener that resumes hears each of them once."""

import os
import socket
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from gridsvc.model.work import Message, Topic
from gridsvc.store import open_store
from tests.fixtures.served_city import make_tiny_database
from tests.fixtures.warm_terminal import ROOT, WarmProcess
from tests.proofs.listener import Listener
from tests.proofs.row import Row

EACH_S = 1.5
SCRIPT = """
import sys
from pathlib import Path
from api import server
from api.settings import Settings

server.prepare_pages = lambda _: None  # pages are not what this is about
server.run_server(Settings(data_dir=Path(sys.argv[1]), port=int(sys.argv[2]), demo=True, public_read=True))
"""


def _serve(folder: Path, port: int) -> WarmProcess:
    return WarmProcess(["-c", SCRIPT, str(folder), str(port)], ROOT, os.environ)


def _wait_for_hellos(listener: Listener, count: int) -> None:
    end = time.monotonic() + 120
    while listener.hellos < count:
        assert time.monotonic() < end, "the listener never came through"
        time.sleep(0.05)


def _tell(url: str, done: threading.Event) -> None:
    with closing(open_store(url)) as store:
        while not done.is_set():
            with store.begin() as work:
                work.tell([Message(topic=Topic.EDITION_PUBLISHED, at=datetime.now(UTC), body={})] * 3)
            time.sleep(0.01)


def prove_live_killed(folder: Path, kills: int) -> list[Row]:
    """On SQLite in the folder."""
    city = folder / "city"
    make_tiny_database(city)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, done = f"sqlite:///{city / 'gridsvc.db'}", threading.Event()
    listener = Listener(f"http://127.0.0.1:{port}/api/v1/live", Topic.EDITION_PUBLISHED)
    teller = threading.Thread(target=_tell, args=(url, done))
    process = _serve(city, port)
    try:
        listener.start()
        _wait_for_hellos(listener, 1)
        first = int(listener.last or 0)
        teller.start()
        for kill in range(1, kills + 1):
            time.sleep(EACH_S)
            process.kill()
            process.communicate()
            process = _serve(city, port)
            _wait_for_hellos(listener, kill + 1)
        done.set()
        teller.join()
        with closing(open_store(url)) as store:
            last = store.last_message()
        end = time.monotonic() + 30
        while listener.heard[-1:] != [last] and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        done.set()
        listener.is_done = True
        process.kill()
        process.communicate()
    return [_row(listener, range(first + 1, last + 1), kills)]


def _row(listener: Listener, told: range, kills: int) -> Row:
    """A difference is a message that was not heard, heard twice or out of order, and a listener told to start anew."""
    lost, strange = set(told) - set(listener.heard), len(listener.heard) - len(set(listener.heard) & set(told))
    unordered = listener.heard != sorted(listener.heard)
    differences = len(lost) + strange + unordered + listener.resets
    return Row("messages to a listener that resumes", "what was told", len(told), differences, f"{kills} kills")
