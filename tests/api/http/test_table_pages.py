"""Large pages of tables: one asker's are made one after another, so that nobody waits for all of them."""

import threading

import anyio
import pytest
from anyio import to_thread
from anyio.lowlevel import checkpoint

from api.http import table_pages as lines
from api.http.askers import Asker
from api.http.table_pages import TablePages
from gridsvc.errors import Busy
from tests.fixtures.event_loop import run_apart

GREEDY, CLERK = Asker("account greedy", is_visitor=False), Asker("account clerk", is_visitor=False)
VISITOR = Asker("address 1", is_visitor=True)


def test_whoever_asks_for_forty_holds_up_nobody_else_and_gets_all() -> None:
    let_go, lock = threading.Event(), threading.Lock()
    running, most, got = 0, 0, list[str]()

    def make() -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        assert let_go.wait(20)
        with lock:
            running -= 1
        return "greedy"

    async def take(pages: TablePages) -> None:
        got.append(await pages.make(GREEDY, make))

    async def wave() -> None:
        pages = TablePages()
        async with anyio.create_task_group() as group:
            for _ in range(40):
                group.start_soon(take, pages)
            while not running:
                await checkpoint()
            for table in range(12):  # two windows of the roster page
                got.append(await pages.make(CLERK, lambda table=table: f"table {table}"))
            assert to_thread.current_default_thread_limiter().borrowed_tokens == 0
            let_go.set()
        assert not pages._lines

    run_apart(wave)
    assert got == [*(f"table {number}" for number in range(12)), *["greedy"] * 40]
    assert most == 1


def test_visitors_hold_up_nobody_who_is_signed_in() -> None:
    let_go = threading.Event()

    async def wave() -> str:
        pages = TablePages()
        async with anyio.create_task_group() as group:
            for number in range(40):
                group.start_soon(pages.make, Asker(f"address {number}", is_visitor=True), lambda: let_go.wait(20))
            await anyio.wait_all_tasks_blocked()
            answer = await pages.make(CLERK, lambda: "table")
            let_go.set()
        return answer

    assert run_apart(wave) == "table"


@pytest.mark.parametrize("asker", [GREEDY, VISITOR], ids=["account", "visitor"])
def test_a_line_is_not_endless_and_is_free_again(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "IN_LINE", 3)
    let_go = threading.Event()

    async def wave() -> str:
        pages = TablePages()
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(pages.make, asker, lambda: let_go.wait(20))
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(Busy, match="3 pages already") as refusal:
                await pages.make(asker, lambda: "too many")
            assert refusal.value.zh
            let_go.set()
        return await pages.make(asker, lambda: "again")

    assert run_apart(wave) == "again"


def test_a_page_that_fails_leaves_the_line() -> None:
    async def wave() -> None:
        pages = TablePages()
        with pytest.raises(ZeroDivisionError):
            await pages.make(CLERK, lambda: 1 // 0)
        assert await pages.make(CLERK, lambda: 1) == 1
        assert not pages._lines

    run_apart(wave)
