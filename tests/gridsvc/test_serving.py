"""What answers at which moment, with a real store behind it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gridsvc.errors import Busy, NoEdition, NotFound, NotReady
from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.edition import Edition
from gridsvc.model.people import Person
from gridsvc.ports import Store
from gridsvc.serving import Serving, service
from gridsvc.serving.files import compile_edition
from gridsvc.store import SqlStore, open_store, upgrade
from tests.fixtures.served_city import FIRST_EDITION, append_rows, publish_territory
from tests.fixtures.tiny_city import tiny_territory

NOW = datetime(2026, 2, 1, tzinfo=UTC)


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(city_folder: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{city_folder / 'gridsvc.db'}")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def serving(store: SqlStore, clock: Clock) -> Serving:
    return Serving(store, clock)


def publish(store: SqlStore, when: datetime, name: str) -> int:
    territory = tiny_territory()
    cells = (replace(territory.cells[0], name=name), *territory.cells[1:])
    return publish_territory(store, replace(territory, cells=cells), when).number


def test_nothing_is_served_before_something_was_loaded(serving: Serving) -> None:
    assert not serving.is_ready()
    for ask in (serving.current, serving.timeline, serving.roster, lambda: serving.at(NOW)):
        with pytest.raises(NotReady):
            ask()


def test_an_edition_is_prepared_before_it_answers_and_once(store: SqlStore, clock: Clock) -> None:
    seen: list[tuple[int, bool]] = []
    served = Serving(store, clock, lambda edition: seen.append((edition.number, served.is_ready())))
    served.refresh()
    assert seen == [(1, False)]
    publish(store, NOW + timedelta(hours=1), "later")
    served.refresh()
    clock.now = NOW + timedelta(hours=2)
    served.refresh()
    assert seen == [(1, False), (2, True)]
    assert served.current().edition.number == 2


def test_an_empty_store_is_not_ready(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    upgrade(url)
    store = open_store(url)
    with pytest.raises(NotReady):
        Serving(store, clock).refresh()
    store.close()


def test_only_a_coming_edition_is_no_edition_yet(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path / 'coming.db'}"
    upgrade(url)
    store = open_store(url)
    publish_territory(store, tiny_territory(), NOW + timedelta(hours=1))
    serving = Serving(store, clock)
    serving.refresh()
    assert not serving.is_ready()
    with pytest.raises(NoEdition):
        serving.current()
    clock.now += timedelta(hours=1)
    assert serving.is_ready()
    assert serving.current().edition.number == 1
    store.close()


def test_a_refresh_without_news_swaps_nothing(serving: Serving) -> None:
    assert serving.refresh()
    before = serving.current().edition
    assert not serving.refresh()
    assert serving.current().edition is before


def test_a_published_edition_is_followed_and_who_began_before_ends_on_the_old(
    serving: Serving, store: SqlStore, clock: Clock
) -> None:
    serving.refresh()
    taken = serving.current()
    publish(store, NOW, "A0 new")
    assert serving.refresh()
    assert serving.current().edition.number == 2
    assert taken.edition.number == 1


def test_a_coming_edition_takes_over_at_its_instant_without_a_refresh(
    serving: Serving, store: SqlStore, clock: Clock
) -> None:
    publish(store, NOW + timedelta(hours=1), "A0 at one")
    publish(store, NOW + timedelta(hours=2), "A0 at two")
    serving.refresh()
    assert serving.current().edition.number == 1
    clock.now = NOW + timedelta(hours=1) - timedelta(microseconds=1)
    assert serving.current().edition.number == 1
    clock.now = NOW + timedelta(hours=1)
    assert serving.current().edition.number == 2
    assert serving.refresh()
    clock.now = NOW + timedelta(hours=2)
    assert serving.current().edition.number == 3


def test_of_two_for_the_same_instant_the_later_number_comes(serving: Serving, store: SqlStore, clock: Clock) -> None:
    publish(store, NOW + timedelta(hours=1), "first")
    publish(store, NOW + timedelta(hours=1), "second")
    serving.refresh()
    clock.now += timedelta(hours=1)
    assert serving.current().edition.number == 3


def test_any_date_has_its_edition(serving: Serving, store: SqlStore) -> None:
    publish(store, NOW - timedelta(days=1), "A0 new")
    serving.refresh()
    assert serving.find_loaded(FIRST_EDITION) is None
    assert serving.at(FIRST_EDITION).edition.number == 1
    assert serving.find_loaded(FIRST_EDITION) is not None
    assert serving.at(NOW - timedelta(days=1)).edition.number == 2
    with pytest.raises(NoEdition):
        serving.at(FIRST_EDITION - timedelta(microseconds=1))


def test_new_rows_are_followed_and_old_revisions_stay(serving: Serving, store: SqlStore) -> None:
    serving.refresh()
    append_rows(store, {"people": [Person(code="P01", name="An Yi-Er")]})
    serving.refresh()
    assert serving.current().duties.get_person("P01").name == "An Yi-Er"
    assert serving.snapshot(1, 1).duties.get_person("P01").name == "An Yi"
    assert serving.snapshot(1, 2).duties is serving.current().duties
    assert (serving.roster().revision, serving.roster(1).revision) == (2, 1)


@pytest.mark.parametrize(("edition", "revision"), [(2, 1), (0, 1), (1, 2), (1, -1)])
def test_what_was_never_there_is_not_found(serving: Serving, edition: int, revision: int) -> None:
    serving.refresh()
    with pytest.raises(NotFound):
        serving.snapshot(edition, revision)


def test_many_askers_of_an_old_edition_wait_for_one_and_others_are_told_to_come_again(
    serving: Serving, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (3, 2, 1):
        publish(store, NOW - timedelta(days=days), f"{days} days ago")
    serving.refresh()
    compiling, go_on, compiled = threading.Semaphore(0), threading.Event(), []

    def slow(asked: Store, edition: Edition) -> CompiledEdition:
        compiled.append(edition.number)
        compiling.release()
        assert go_on.wait(20)
        return compile_edition(asked, edition)

    monkeypatch.setattr(service, "compile_edition", slow)
    instants = [FIRST_EDITION, FIRST_EDITION, NOW - timedelta(days=3)]
    found: list[int] = []
    threads = [threading.Thread(target=lambda at=at: found.append(serving.at(at).edition.number)) for at in instants]
    for thread in threads:
        thread.start()
    for _ in range(2):
        assert compiling.acquire(timeout=20)
    with pytest.raises(Busy) as busy:
        serving.at(NOW - timedelta(days=2))
    assert busy.value.details["retry_after_s"] > 0
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert sorted(found) == [1, 1, 2]
    assert sorted(compiled) == [1, 2]
    assert serving.at(NOW - timedelta(days=2)).edition.number == 3


def test_with_the_database_gone_answers_go_on(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    serving.refresh()
    asked = threading.Semaphore(0)

    def gone(self: SqlStore) -> object:
        asked.release()
        raise OSError("no route to host")

    monkeypatch.setattr(service, "POLL_S", 0.01)
    monkeypatch.setattr(SqlStore, "state", gone)
    stop = threading.Event()
    thread = threading.Thread(target=serving.run, args=(stop,))
    thread.start()
    for _ in range(3):
        assert asked.acquire(timeout=20)
    assert serving.current().edition.number == 1
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
