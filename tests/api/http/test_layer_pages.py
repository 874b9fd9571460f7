"""Pages of layers: few are made at once, in no common thread, and visitors hold up nobody who is signed in."""

import threading

import anyio
import pytest
from anyio import to_thread
from anyio.lowlevel import checkpoint

from api.http.askers import Asker
from api.http.layer_pages import LARGE, SMALL_AT_ONCE, LayerPages
from api.http.turns import AT_ONCE
from gridsvc.errors import Busy
from tests.fixtures.event_loop import run_apart


@pytest.mark.parametrize(("features", "at_once"), [(LARGE, SMALL_AT_ONCE), (LARGE + 1, AT_ONCE)])
def test_forty_visitors_hold_up_nobody_who_is_signed_in(features: int, at_once: int) -> None:
    let_go, lock = threading.Event(), threading.Lock()
    begun, most, refused, got = 0, 0, 0, list[str]()

    def make() -> None:
        nonlocal begun, most
        with lock:
            begun += 1
            most = max(most, begun)
        assert let_go.wait(20)
        with lock:
            begun -= 1

    async def visit(pages: LayerPages, number: int) -> None:
        nonlocal refused
        try:
            await pages.make(Asker(f"address {number}", is_visitor=True), lambda upto: min(features, upto), make)
        except Busy:
            refused += 1

    async def ask(pages: LayerPages, account: Asker, size: int) -> None:
        got.append(await pages.make(account, lambda upto: min(size, upto), lambda: f"{size} features"))

    async def wave() -> None:
        pages, account = LayerPages(), Asker("account planner", is_visitor=False)
        async with anyio.create_task_group() as group:
            for number in range(40):
                group.start_soon(visit, pages, number)
            while most < at_once:
                await checkpoint()
            await ask(pages, account, 3)
            await ask(pages, account, 9_999)
            assert to_thread.current_default_thread_limiter().borrowed_tokens == 0
            while features > LARGE and not refused:
                await checkpoint()
            let_go.set()

    run_apart(wave)
    assert got == ["3 features", "9999 features"]
    assert most == at_once
    assert (refused > 0) == (features > LARGE)
