"""Places of heavy requests: a slow visitor gives theirs to another, whether they send or read slowly."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from api.http.place import CREDIT_S, FAST_BYTES_PER_S, GRACE_S, Place
from api.settings import Settings
from tests.fixtures.event_loop import run_apart
from tests.fixtures.real_server import served_for_real

ROWS = b"lon,lat\n" + b"116.4005,39.9013\n" * 300_000


def test_bytes_that_came_fast_are_credit_for_some_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else 100 MB at once would hold a place for minutes."""
    now, slowness = 0.0, list[float]()
    monkeypatch.setattr("api.http.place.current_time", lambda: now)

    async def trickle() -> None:
        nonlocal now
        place = Place()
        place.note_moved(100_000_000)
        with place.waiting(float("inf")):
            now = GRACE_S + CREDIT_S
            slowness.append(place.slowness_s())
            now += 1
            slowness.append(place.slowness_s())
        place.note_moved(FAST_BYTES_PER_S // 2)
        with place.waiting(float("inf")):
            slowness.append(place.slowness_s())
        assert place.slowness_s() == 0.0  # nobody waits

    run_apart(trickle)
    assert slowness == [0.0, 1.0, 0.5]


def test_whoever_moves_on_steadily_is_never_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("api.http.place.current_time", lambda: now)

    async def move() -> None:
        nonlocal now
        place = Place()
        for _ in range(100):
            with place.waiting(float("inf")):
                now += GRACE_S
                assert place.slowness_s() == 0.0
            place.note_moved(int(GRACE_S * FAST_BYTES_PER_S))

    run_apart(move)


@pytest.mark.parametrize(
    ("declared", "sent"), [(300_000_000, b"lon,lat\n"), (len(ROWS), ROWS)], ids=["sender", "reader"]
)
def test_a_slow_visitor_gives_way_to_another(
    city_folder: Path, monkeypatch: pytest.MonkeyPatch, declared: int, sent: bytes
) -> None:
    monkeypatch.setattr("api.http.place.GRACE_S", 0.0)
    monkeypatch.setattr("api.http.place.FAST_BYTES_PER_S", 10**12)
    monkeypatch.setattr("api.http.turns.ADMITTED", 1)
    head = "POST /api/v1/resolve?datum=WGS84 HTTP/1.1\r\nHost: city\r\nContent-Type: text/csv\r\nContent-Length: "
    with served_for_real(Settings(data_dir=city_folder, public_read=True)) as city:
        url, turns = city.client.base_url, city.server.config.app.state.batches  # type: ignore[union-attr]
        with _connect(url) as slow, _connect(url) as other:
            slow.sendall(f"{head}{declared}\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n".encode() + sent)
            _wait_for(lambda: bool(turns._admitted))

            def is_heard() -> bool:
                other.sendall(f"{head}8\r\nX-Forwarded-For: 198.51.100.2\r\n\r\nlon,lat\n".encode())
                return other.recv(65_536)[9:12] == b"200"

            _wait_for(is_heard)
            last = _end_of_answer(slow)
    if sent is ROWS:
        assert not last.endswith(b"0\r\n\r\n")  # cut off
    else:
        assert b"/problems/too-slow" in last


def _connect(url: httpx.URL) -> socket.socket:
    return socket.create_connection((url.host, url.port or 0), timeout=20)


def _wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end, "nobody else's turn came"


def _end_of_answer(connection: socket.socket) -> bytes:
    """The last of what comes before the connection ends, or is reset."""
    last = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            last = (last + piece)[-1000:]
    return last
