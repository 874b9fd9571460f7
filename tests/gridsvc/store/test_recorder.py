"""The queue of reports: its bounds, its end, and others who write at the same time."""

import threading
import time
from contextlib import closing

import pytest

from gridsvc.errors import Busy, NotReady
from gridsvc.ports.recording import Fate
from gridsvc.store import SqlStore, open_store, recorder
from tests.gridsvc.store.reports import count_rows, fates_of, list_numbers, made, report, together


def test_one_that_is_given_up_before_its_turn_is_not_recorded(store: SqlStore) -> None:
    with together(store):
        told = [store.record(report(str(n))) for n in range(3)]
        assert told[1].cancel()
    assert fates_of([told[0], told[2]]) == [Fate.RECORDED] * 2
    assert count_rows(store) == (3, 3, 3, 2)


def test_when_too_many_wait_the_next_is_sent_away(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store._recorder._queue, "maxsize", 3)
    with together(store):
        told = [store.record(report()) for _ in range(3)]
        with pytest.raises(Busy):
            store.record(report())
    assert fates_of(told) == [Fate.RECORDED] * 3


def test_closing_records_what_waits_and_takes_no_more(database_url: str, store: SqlStore) -> None:
    with closing(open_store(database_url)) as other:
        with together(other):
            told = [other.record(report()) for _ in range(2 * recorder.MOST_AT_ONCE)]
        other.close()
        assert fates_of(told) == [Fate.RECORDED] * len(told)
        with pytest.raises(NotReady):
            other.record(report())
    assert len(list_numbers(store)) == len(told) + 1


def test_several_processes_record_at_once_in_one_order(database_url: str, store: SqlStore) -> None:
    """Messages are numbered in the order of commits: who follows the numbers misses nothing."""
    heard: list[int] = []
    done = threading.Event()

    def follow() -> None:
        while not done.is_set() or heard[-1:] != [store.last_message()]:
            heard.extend(message.number for message in store.list_messages(heard[-1] if heard else 0, 100))

    follower = threading.Thread(target=follow)
    follower.start()
    with closing(open_store(database_url)) as other:
        told = [one.record(report(f"{n}")) for n in range(60) for one in (store, other)]
        fates = fates_of(told)
    done.set()
    follower.join(30)
    # On PostgreSQL the second may come while the first is being written: then it is to come again.
    assert fates.count(Fate.RECORDED) == 60
    assert set(fates) <= {Fate.RECORDED, Fate.REPLAYED, Fate.IN_FLIGHT}
    assert heard == list(range(1, 61))
    assert list_numbers(store) == [made(n).number for n in range(1, 61)]


def test_other_writers_find_their_turn_while_many_are_recorded(sqlite_store: SqlStore) -> None:
    stop, waits = threading.Event(), list[float]()

    def record() -> None:
        while not stop.is_set():
            sqlite_store.record(report()).result(10)

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        start = time.perf_counter()
        with sqlite_store.begin() as work:
            work.log([])
        waits.append(time.perf_counter() - start)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert max(waits) < 5
