"""Places of heavy work: few for each who asks, half of them for visitors, and threads of its own."""

from contextlib import ExitStack
from ipaddress import ip_address

import anyio
import pytest
from anyio import to_thread

from api.http import turns as places
from api.http.askers import SITE, Asker, line_of
from api.http.turns import Turns
from gridsvc.errors import Busy
from tests.fixtures.event_loop import run_apart


def _account(number: int) -> Asker:
    return Asker(f"account {number}", is_visitor=False)


def _visitor(number: int) -> Asker:
    return Asker(f"address {number}", is_visitor=True)


def test_one_asker_has_few_places_and_others_have_theirs() -> None:
    turns = Turns()
    with ExitStack() as held:
        for _ in range(places.ADMITTED_EACH):
            held.enter_context(turns.admitted(_account(1)))
        with pytest.raises(Busy, match="going on already"):
            held.enter_context(turns.admitted(_account(1)))
        held.enter_context(turns.admitted(_account(2)))
    with turns.admitted(_account(1)):
        pass


def test_visitors_leave_half_of_the_places_to_accounts() -> None:
    turns = Turns()
    with ExitStack() as held:
        for number in range(places.ADMITTED // 2):
            held.enter_context(turns.admitted(_visitor(number)))
        with pytest.raises(Busy, match="Others of these"):
            held.enter_context(turns.admitted(_visitor(99)))
        for number in range(places.ADMITTED // 2):
            held.enter_context(turns.admitted(_account(number)))
        with pytest.raises(Busy, match="Others of these"):
            held.enter_context(turns.admitted(_account(99)))


def test_the_slowest_visitor_gives_way_and_who_moves_or_has_an_account_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.http.place.GRACE_S", -1.0)  # a second has gone by
    sent_off = list[int]()

    async def send(turns: Turns, asker: Asker, moved: int) -> None:
        with turns.admitted(asker) as place:
            place.note_moved(moved)
            with place.waiting(float("inf")) as patience:
                await anyio.sleep_forever()
            if patience.cancelled_caught:
                sent_off.append(moved)

    async def wave() -> None:
        turns = Turns()
        async with anyio.create_task_group() as group:
            for number, moved in enumerate((100_000, 0, 10**12, 10**12)):
                group.start_soon(send, turns, _visitor(number), moved)
            for number in range(4):
                group.start_soon(send, turns, _account(number), 0)
            await anyio.wait_all_tasks_blocked()
            with ExitStack() as held:
                held.enter_context(turns.admitted(_account(98)))
                held.enter_context(turns.admitted(_visitor(98)))
                with pytest.raises(Busy, match="Others of these"):
                    held.enter_context(turns.admitted(_account(99)))
            await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()

    run_apart(wave)
    assert sent_off == [0, 100_000]


def test_two_compute_at_once_and_none_in_the_common_threads() -> None:
    started, running, most, borrowed = anyio.Event(), 0, 0, list[float]()

    async def wave() -> None:
        turns = Turns()
        limiter = to_thread.current_default_thread_limiter()

        def work() -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            anyio.from_thread.run_sync(lambda: borrowed.append(limiter.borrowed_tokens))
            running -= 1

        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(turns.compute, work)
        started.set()

    run_apart(wave)
    assert most <= places.AT_ONCE
    assert borrowed == [0] * 12


def test_a_site_of_ipv6_networks_is_one_asker() -> None:
    lines = {line_of(str(ip_address("2001:db8:7::") + (number << 64)), SITE) for number in range(1000)}
    assert lines == {"2001:db8:7::/48"}
    assert line_of("2001:db8:8::1", SITE) != line_of("2001:db8:7::1", SITE)
    assert line_of("198.51.100.7", SITE) == "198.51.100.7"
