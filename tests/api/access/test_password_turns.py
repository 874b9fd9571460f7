"""A wave of sign-ins: few are heard at once, each is counted before it waits, and nobody else is held up: no other
request, and nobody who comes from where they were signed in before.
"""

import threading
from itertools import count
from pathlib import Path

import anyio
import httpx
import pytest
from anyio import to_thread
from argon2 import PasswordHasher

from api.access import password_turns as rules
from api.access.password_turns import PasswordTurns, Queue
from api.settings import Settings
from gridsvc.accounts import secrets
from gridsvc.errors import Busy
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import PASSWORD, make_account
from tests.fixtures.event_loop import run_apart
from tests.fixtures.real_server import served_for_real

URL = "/api/v1/session"
HOME, NEW = "203.0.113.7", "203.0.113.8"


def test_each_is_counted_before_it_waits_and_none_holds_a_common_thread() -> None:
    counted, heard, borrowed = list[int](), list[int](), list[float]()
    let_go = threading.Event()

    async def one(queue: Queue, number: int) -> None:
        def hear() -> None:
            assert let_go.wait(20)
            heard.append(number)

        with queue.awaited(f"site {number}"):
            await queue.count(lambda: counted.append(number))
            if len(counted) == 8:
                assert heard == []
                borrowed.append(to_thread.current_default_thread_limiter().borrowed_tokens)
                let_go.set()
            await queue.hash(hear)

    async def wave() -> None:
        queue = PasswordTurns().others
        async with anyio.create_task_group() as group:
            for number in range(8):
                group.start_soon(one, queue, number)

    run_apart(wave)
    assert sorted(counted) == sorted(heard) == list(range(8))
    assert borrowed == [0]


def test_no_more_wait_than_have_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "OTHERS_WAITING", 3)
    monkeypatch.setattr(rules, "OTHERS_WAITING_EACH", 2)

    async def some() -> None:
        queue = PasswordTurns().others
        with queue.awaited("here"), queue.awaited("here"):
            with pytest.raises(Busy), queue.awaited("here"):
                pass
            with queue.awaited("there"), pytest.raises(Busy), queue.awaited("elsewhere"):
                pass
        with queue.awaited("here"):
            pass

    run_apart(some)


def test_usual_ones_are_heard_while_others_fill_all_their_places() -> None:
    let_go, heard = threading.Event(), list[str]()

    async def other(queue: Queue, number: int) -> None:
        with queue.awaited(f"site {number}"):
            await queue.hash(lambda: let_go.wait(20))

    async def usual(turns: PasswordTurns) -> None:
        queue = await turns.queue_of(lambda: True)
        with queue.awaited("planner"):
            await queue.count(lambda: None)
            await queue.hash(lambda: heard.append("planner"))
        let_go.set()

    async def wave() -> None:
        turns = PasswordTurns()
        async with anyio.create_task_group() as group:
            for number in range(rules.OTHERS_WAITING):
                group.start_soon(other, await turns.queue_of(lambda: False), number)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(Busy), turns.others.awaited("one more"):
                pass
            group.start_soon(usual, turns)

    run_apart(wave)
    assert heard == ["planner"]


@pytest.mark.parametrize(
    ("network", "heard_from"),
    [
        ("2001:db8:77:{:x}::1", [HOME, NEW]),  # the lines of one site
        ("198.51.100.{}", [HOME]),
    ],
)
def test_wrong_sign_ins_from_many_networks_keep_no_right_one_out(
    city_folder: Path, network: str, heard_from: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "_hasher", PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    monkeypatch.setattr(secrets, "_nobody", secrets._nobody.__wrapped__)  # of that cost too
    with served_for_real(Settings(data_dir=city_folder, city_name="Tiny City")) as city:
        make_account(city.services.store, AccountRole.PLANNER)
        right = {"login": "planner", "password": PASSWORD}

        def sign_in(address: str) -> int:
            return city.client.post(URL, json=right, headers={"X-Forwarded-For": address}).status_code

        assert sign_in(HOME) == 201
        with _Wave(str(city.client.base_url), network):
            statuses = [sign_in(address) for address in heard_from * 3]
        assert statuses == [201] * len(statuses)


class _Wave:
    """Sixty who try wrong passwords again and again, each from a network of their own and for ever new logins."""

    SIZE = 60

    def __init__(self, base_url: str, network: str) -> None:
        self._base_url, self._network, self._numbers = base_url, network, count()
        self._stop, self._refused = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: anyio.run(self._run))

    def __enter__(self) -> None:
        self._thread.start()
        assert self._refused.wait(30), "nobody waited long enough to be refused"

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=self.SIZE)
        client = httpx.AsyncClient(base_url=self._base_url, timeout=60, limits=limits)
        async with client, anyio.create_task_group() as group:
            for number in range(self.SIZE):
                group.start_soon(self._loop, client, self._network.format(number + 1))

    async def _loop(self, client: httpx.AsyncClient, address: str) -> None:
        while not self._stop.is_set():
            wrong = {"login": f"nobody-{next(self._numbers)}", "password": "wrong"}
            answer = await client.post(URL, json=wrong, headers={"X-Forwarded-For": address})
            if answer.status_code == 503:
                self._refused.set()
