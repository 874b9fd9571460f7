"""Clients that are slow or silent: each is given up after a while, and what it held is free again."""

import json
import socket
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any
from unittest.mock import Mock

import anyio
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from api.http import connections
from api.http.connections import TAKE_BYTES, TAKE_S, PatientProtocol, PatientResponse
from api.http.place import Place
from tests.fixtures.event_loop import run_apart
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City

CSV = "text/csv"
ASK = b"GET /health/live HTTP/1.1\r\nHost: city\r\n"


@contextmanager
def listening(city: City) -> Iterator[socket.socket]:
    """Connections to the real protocol; the address is that of the socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(city.client.app, http=PatientProtocol, loop="uvloop", lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield listener
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(20)


@pytest.fixture
def connect(city: City) -> Iterator[Callable[[], socket.socket]]:
    opened: list[socket.socket] = []
    with listening(city) as listener:

        def connect() -> socket.socket:
            opened.append(socket.create_connection(listener.getsockname(), timeout=10))
            return opened[-1]

        yield connect
        for each in opened:
            each.close()


@pytest.mark.parametrize("sent", [b"", ASK, ASK + b"X: " + b"a" * 50], ids=["silence", "no end", "half a header"])
def test_a_head_that_does_not_end_is_given_up(
    connect: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr("api.http.connections.HEAD_S", 0.2)
    connection = connect()
    connection.sendall(sent)
    assert connection.recv(100) == b""


def test_a_head_without_end_is_not_kept(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.sendall(ASK)
    with pytest.raises(ConnectionError):  # noqa: PT012  which of the writes fails is the system's business
        for number in range(20_000):
            connection.sendall(b"X-%d: %s\r\n" % (number, b"a" * 1000))


def read_whole(connection: socket.socket) -> tuple[bytes, dict[str, Any]]:
    """The status line and the document of an answer that ends with its connection."""
    head, _, body = b"".join(iter(lambda: connection.recv(65_536), b"")).partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"x-request-id: " in head
    return head.partition(b"\r\n")[0], json.loads(body)


@pytest.mark.parametrize("size", [66_000, 100_000, 300_000, 900_000])
@pytest.mark.parametrize("line", ["GET /health/live?%s HTTP/1.1\r\n", "GET /health/live HTTP/1.1\r\nX: %s\r\n"])
def test_a_head_too_large_is_refused_in_words_that_are_read(
    connect: Callable[[], socket.socket], line: str, size: int
) -> None:
    for _ in range(3):
        connection = connect()
        connection.sendall((line % ("a" * size)).encode() + b"Host: city\r\n\r\n")
        status, problem = read_whole(connection)
        assert status == b"HTTP/1.1 431 Request Header Fields Too Large"
        assert (problem["type"], problem["status"]) == ("/problems/head-too-large", 431)


@pytest.mark.parametrize("sent", [b"hello\r\n\r\n", ASK + b"a b: c\r\n\r\n", b"GET h\xc3\xa4 HTTP/1.1\r\n\r\n"])
def test_what_is_not_http_is_refused_in_words(connect: Callable[[], socket.socket], sent: bytes) -> None:
    connection = connect()
    connection.sendall(sent)
    status, problem = read_whole(connection)
    assert (status, problem["type"]) == (b"HTTP/1.1 400 Bad Request", "/problems/malformed-request")


def test_a_body_that_breaks_its_own_form_is_refused_once(connect: Callable[[], socket.socket]) -> None:
    head = b"POST /api/v1/resolve?datum=WGS84 HTTP/1.1\r\nHost: city\r\nContent-Type: text/csv\r\n"
    connection = connect()
    connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n8\r\nlon,lat\n\r\nnonsense\r\n")
    status, problem = read_whole(connection)
    assert (status, problem["instance"]) == (b"HTTP/1.1 400 Bad Request", "/api/v1/resolve")


def test_a_refusal_waits_for_the_answer_before_it(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.sendall(ASK + b"\r\n" + b"nonsense\r\n\r\n")
    answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_refused_client_that_sends_on_for_ever_is_cut_off(
    connect: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.connections.DRAIN_S", 0.2)
    connection = connect()
    connection.sendall(b"hello\r\n\r\n")
    read_whole(connection)
    with pytest.raises(ConnectionError):  # noqa: PT012  which of the writes fails is the system's business
        for _ in range(20_000):
            connection.sendall(b"a" * 1000)


def test_a_second_question_may_come_late_and_in_parts(
    connect: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.connections.HEAD_S", 0.5)
    connection = connect()
    for _ in range(2):
        connection.sendall(ASK)
        time.sleep(0.1)
        connection.sendall(b"\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        time.sleep(0.7)


def test_an_idle_connection_outlives_those_of_proxies_and_ends_at_last(
    connect: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever ends it first may cut off a request that is on its way."""
    assert connections.KEEP_S > 60
    monkeypatch.setattr(connections, "KEEP_S", 0.2)
    connection = connect()
    connection.settimeout(3)  # sooner than the server library would end it by itself
    connection.sendall(ASK + b"\r\n")
    said = b"".join(iter(lambda: connection.recv(4096), b""))
    assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("kind", ["application/json", CSV])
def test_a_body_that_stalls_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("api.http.connections.BODY_S", 0.2)
    monkeypatch.setattr("api.http.turns.ADMITTED", 1)

    async def stalling() -> AsyncIterator[bytes]:
        yield b"lon,lat\n"
        await anyio.sleep(30)

    for _ in range(2):
        answer = client.post("/api/v1/resolve?datum=WGS84", content=stalling(), headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["type"]) == (408, "/problems/too-slow")
        assert answer.headers["connection"] == "close"


class Watched(PatientProtocol):
    """Tells when its connection is over."""

    lost = threading.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost.set()


def _serve_much(patience: type[PatientProtocol], listener: socket.socket) -> uvicorn.Server:
    """Answers everything with 64 MB, in one piece."""
    app = Starlette(routes=[Route("/", lambda _: Response(bytes(64 * 1024 * 1024)))])
    server = uvicorn.Server(uvicorn.Config(app, http=patience, loop="uvloop", lifespan="off", log_config=None))
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    return server


def test_an_answer_in_one_piece_that_nobody_takes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.connections.TAKE_S", 0.3)
    Watched.lost.clear()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = _serve_much(Watched, listener)
        with socket.create_connection(listener.getsockname(), timeout=10) as silent:
            silent.sendall(b"GET / HTTP/1.1\r\nHost: city\r\n\r\n")
            assert Watched.lost.wait(20)
        server.should_exit = server.force_exit = True


def test_who_takes_some_of_it_is_given_more_time() -> None:
    left, pressed = iter([3 * TAKE_BYTES, 2 * TAKE_BYTES, 2 * TAKE_BYTES - 1]), list[float]()
    protocol = PatientProtocol.__new__(PatientProtocol)
    transport = Mock(get_write_buffer_size=lambda: next(left))
    protocol.transport, protocol.loop = transport, Mock(call_later=lambda after, *_: pressed.append(after))
    protocol._press(4 * TAKE_BYTES)
    protocol._look_at_reader(4 * TAKE_BYTES)
    protocol._look_at_reader(3 * TAKE_BYTES)
    transport.abort.assert_not_called()
    protocol._look_at_reader(2 * TAKE_BYTES)
    transport.abort.assert_called_once_with()
    assert pressed == [TAKE_S] * 3


def test_a_long_body_has_longer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.connections.BODY_S", 0.2)
    monkeypatch.setattr("api.http.connections.SLOWEST_BYTES_PER_S", 1000)

    async def steady() -> AsyncIterator[bytes]:
        yield b"lon,lat\n"
        for _ in range(8):
            yield b"116.4005,39.9013\n" * 20
            await anyio.sleep(0.05)

    headers = {"Content-Type": CSV}
    assert client.post("/api/v1/resolve?datum=WGS84", content=steady(), headers=headers).text.count("\n") == 161


def test_an_answer_that_nobody_takes_gives_its_place_back(
    connect: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.connections.TAKE_S", 0.3)
    monkeypatch.setattr("api.http.turns.ADMITTED", 1)
    rows = b"lon,lat\n" + b"116.4005,39.9013\n" * 300_000
    head = "POST /api/v1/resolve?datum=WGS84 HTTP/1.1\r\nHost: city\r\nContent-Type: text/csv\r\n"
    silent, other = connect(), connect()
    silent.sendall(f"{head}Content-Length: {len(rows)}\r\n\r\n".encode() + rows)
    small = f"{head}Content-Length: 8\r\n\r\nlon,lat\n".encode()
    statuses = []
    for _ in range(100):
        other.sendall(small)
        statuses.append(other.recv(65_536)[9:12])
        if len(statuses) > 1 and statuses[-1] == b"200":
            break
        time.sleep(0.1)
    assert statuses[0] == b"503"
    assert statuses[-1] == b"200"


def test_a_client_that_leaves_while_it_sends_is_no_error(
    connect: Callable[[], socket.socket], caplog: pytest.LogCaptureFixture
) -> None:
    """Anybody could else fill the operator's log of errors."""
    caplog.set_level("INFO")
    connection = connect()
    head = b"POST /api/v1/resolve?datum=WGS84 HTTP/1.1\r\nHost: city\r\nContent-Type: text/csv\r\n"
    connection.sendall(head + b"Content-Length: 300000000\r\n\r\nid,lon,lat\n")
    connection.close()
    end = time.monotonic() + 20
    while not any("left" in record.message for record in caplog.records):
        assert time.monotonic() < end, "nobody noticed"
        time.sleep(0.05)
    assert [record.message for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


def test_what_is_held_for_an_answer_is_let_go_before_its_first_piece_too() -> None:
    """Where the client has left before the head was sent."""
    let_go: list[str] = []

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"never taken"

    async def send(_: object) -> None:
        raise OSError("gone")

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def answer() -> None:
        held = AsyncExitStack()
        held.callback(let_go.append, "place and file")
        response = PatientResponse(pieces(), {}, "text/csv", Place(), held)
        await response({"type": "http", "asgi": {"spec_version": "2.4"}}, receive, send)  # type: ignore[arg-type]

    with pytest.raises((OSError, ClientDisconnect)):
        run_apart(answer)
    assert let_go == ["place and file"]
