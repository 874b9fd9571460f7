"""Work in two threads: in order, no farther ahead than said, and over when it is not wanted any more."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, get_ident

import pytest

from api.batch import side_by_side as module
from api.batch.side_by_side import side_by_side


@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_what_comes_of_items_comes_in_their_order(count: int) -> None:
    assert list(side_by_side(lambda number: number * 2, range(count))) == [number * 2 for number in range(count)]


def test_two_are_worked_on_at_once_by_threads_of_their_own() -> None:
    meet = Barrier(2)

    def work(_: int) -> int:
        meet.wait(30)
        return get_ident()

    threads = set(side_by_side(work, range(4)))
    assert len(threads) == 2
    assert get_ident() not in threads


def test_items_are_fetched_no_farther_ahead_than_said() -> None:
    fetched = []

    def items() -> Iterator[int]:
        for number in range(20):
            fetched.append(number)
            yield number

    for done in side_by_side(int, items()):
        assert len(fetched) <= done + 1 + module._AHEAD


def test_an_error_comes_in_its_place_and_ends_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(number: int) -> float:
        return 1 / (number - 1)

    found = side_by_side(work, range(9))
    assert next(found) == -1.0
    with pytest.raises(ZeroDivisionError):
        next(found)
    assert list(found) == []


def test_what_waits_when_nobody_wants_it_is_never_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = [], Event()

    def work(number: int) -> int:
        begun.append(number)
        if number:
            go_on.wait(30)
        return number

    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(module, "_pool", pool)
        found = side_by_side(work, range(9))
        assert next(found) == 0
        found.close()  # type: ignore[attr-defined]  # a generator
        go_on.set()
    assert begun in ([0], [0, 1])
