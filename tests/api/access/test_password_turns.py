"""A wave of sign-ins: two are heard at once, each is counted before it waits, and nobody else is held up."""

import threading

import anyio
import pytest
from anyio import to_thread

from api.access import password_turns as rules
from api.access.password_turns import PasswordTurns
from gridsvc.errors import Busy


def test_each_is_counted_before_it_waits_and_none_holds_a_common_thread() -> None:
    counted, heard, borrowed = list[int](), list[int](), list[float]()
    let_go = threading.Event()

    async def one(turns: PasswordTurns, number: int) -> None:
        def hear() -> None:
            assert let_go.wait(20)
            heard.append(number)

        with turns.awaited(f"line {number}"):
            await turns.count(lambda: counted.append(number))
            if len(counted) == 8:
                assert heard == []
                borrowed.append(to_thread.current_default_thread_limiter().borrowed_tokens)
                let_go.set()
            await turns.hash(hear)

    async def wave() -> None:
        turns = PasswordTurns()
        async with anyio.create_task_group() as group:
            for number in range(8):
                group.start_soon(one, turns, number)

    anyio.run(wave)
    assert sorted(counted) == sorted(heard) == list(range(8))
    assert borrowed == [0]


def test_no_more_wait_than_have_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "WAITING", 3)
    monkeypatch.setattr(rules, "WAITING_EACH", 2)

    async def some() -> None:
        turns = PasswordTurns()
        with turns.awaited("here"), turns.awaited("here"):
            with pytest.raises(Busy), turns.awaited("here"):
                pass
            with turns.awaited("there"), pytest.raises(Busy), turns.awaited("elsewhere"):
                pass
        with turns.awaited("here"):
            pass

    anyio.run(some)
