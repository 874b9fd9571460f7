"""Memory that a heavy batch leaves behind goes back to the system once nobody computes any more."""

import sys
import threading
from pathlib import Path

import pytest

from api.http.askers import Asker
from api.http.memory import give_back
from api.http.turns import Turns
from tests.fixtures.event_loop import run_apart

MB = 1024 * 1024
SOMEBODY = Asker("account planner", is_visitor=False)


def resident() -> int:
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep it elsewhere")
def test_what_the_c_library_kept_is_given_back() -> None:
    pieces = [bytes(60_000) for _ in range(3_000)]
    last = pieces.pop()
    pieces.clear()
    before = resident()
    give_back()
    assert before - resident() > 50 * MB
    assert len(last) == 60_000


def test_it_is_given_back_when_the_last_one_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    given = threading.Event()
    monkeypatch.setattr("api.http.turns.give_back", given.set)
    monkeypatch.setattr("api.http.turns.HEAVY_S", 0.0)
    seen: list[bool] = []

    async def two() -> None:
        turns = Turns()
        with turns.admitted(SOMEBODY):
            with turns.admitted(SOMEBODY):
                await turns.compute(int)
            seen.append(given.wait(0.1))
        seen.append(given.wait(5))

    run_apart(two)
    assert seen == [False, True]


def test_light_work_leaves_the_memory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    given = threading.Event()
    monkeypatch.setattr("api.http.turns.give_back", given.set)

    async def one() -> None:
        turns = Turns()
        with turns.admitted(SOMEBODY):
            await turns.compute(int)

    run_apart(one)
    assert not given.wait(0.1)
