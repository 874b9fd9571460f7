"""Files of an embedded database that are taken away while it is in use: nothing is acknowledged into nowhere."""

import multiprocessing
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gridsvc.errors import NotReady
from gridsvc.store import SqlStore, back_up, open_store
from tests.gridsvc.store.scenario import NOW

LOGS = ["city.db-wal", "city.db-shm"]


def _accept(store: SqlStore, name: str) -> None:
    store.accept_issues([name], "a reason", NOW)


def _accepted(store: SqlStore) -> list[str]:
    return sorted(store.list_acceptances())


def _is_refused(store: SqlStore) -> None:
    for use in (lambda: _accept(store, "nowhere"), lambda: _accepted(store)):
        with pytest.raises(NotReady, match="put it back, or restart") as refusal:
            use()
        assert refusal.value.zh
        assert "/" not in refusal.value.message


def _move(file: Path) -> None:
    file.rename(file.with_name("gone"))


def _replace(file: Path) -> None:
    _move(file)
    shutil.copyfile(file.with_name("gone"), file)


def _put_back(file: Path) -> None:
    file.with_name("gone").replace(file)


@pytest.mark.parametrize("take", [_move, _replace])
@pytest.mark.parametrize("name", LOGS)
def test_log_that_is_moved_or_replaced_takes_no_writes_until_it_is_back(
    sqlite_store: SqlStore, tmp_path: Path, take: Callable[[Path], None], name: str
) -> None:
    _accept(sqlite_store, "A")
    take(tmp_path / name)
    _is_refused(sqlite_store)
    _put_back(tmp_path / name)
    _accept(sqlite_store, "B")
    assert _accepted(sqlite_store) == ["A", "B"]


@pytest.mark.parametrize("name", LOGS)
def test_deleted_log_takes_no_writes_until_a_new_start(sqlite_store: SqlStore, tmp_path: Path, name: str) -> None:
    _accept(sqlite_store, "A")
    (tmp_path / name).unlink()
    _is_refused(sqlite_store)
    sqlite_store.close()
    with closing(open_store(f"sqlite:///{tmp_path / 'city.db'}")) as again:
        _accept(again, "B")
        assert _accepted(again) == ["A", "B"]


def test_emptied_log_takes_no_writes(sqlite_store: SqlStore, tmp_path: Path) -> None:
    """The next one would be written behind a hole, where no start finds it."""
    _accept(sqlite_store, "A")
    (tmp_path / "city.db-wal").write_bytes(b"")
    _is_refused(sqlite_store)
    _is_refused(sqlite_store)


def test_log_that_is_taken_away_before_the_commit_is_not_told_as_written(
    sqlite_store: SqlStore, tmp_path: Path
) -> None:
    def write() -> None:
        with sqlite_store._database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            _move(tmp_path / "city.db-wal")

    with pytest.raises(NotReady, match="put it back"):
        write()


def test_two_that_connect_while_the_log_is_away_make_no_other_one(sqlite_store: SqlStore, tmp_path: Path) -> None:
    """A further connection of the pool would write into a log of its own, by the index of the old one."""
    _accept(sqlite_store, "A")
    with sqlite_store._database.read():
        _move(tmp_path / "city.db-wal")
        _is_refused(sqlite_store)
    assert not (tmp_path / "city.db-wal").exists()


def _serve(url: str, pipe: Any) -> None:
    """Accept what is asked, and tell whether it was."""
    store = open_store(url)
    pipe.send("open")
    while True:
        name = pipe.recv()
        try:
            _accept(store, name)
            pipe.send("accepted")
        except NotReady as error:
            pipe.send(error.message)


@pytest.fixture
def serving(sqlite_store: SqlStore, tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """Another process on the same database, and the pipe to it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    pipe, there = context.Pipe()
    process = context.Process(target=_serve, args=(f"sqlite:///{tmp_path / 'city.db'}", there), daemon=True)
    process.start()
    assert pipe.recv() == "open"
    yield process, pipe
    process.kill()
    process.join()
    pipe.close()


def _ask(pipe: Any, name: str) -> str:
    pipe.send(name)
    assert pipe.poll(60)
    return str(pipe.recv())


@pytest.mark.parametrize("names", [LOGS[:1], LOGS])
def test_what_was_acknowledged_before_the_log_was_deleted_outlives_a_kill(
    serving: Any, sqlite_store: SqlStore, tmp_path: Path, names: list[str]
) -> None:
    process, pipe = serving
    sqlite_store.close()
    assert [_ask(pipe, f"{n:02d}") for n in range(20)] == ["accepted"] * 20
    for name in names:
        (tmp_path / name).unlink()
    assert "put it back" in _ask(pipe, "nowhere")
    process.kill()
    process.join()
    with closing(open_store(f"sqlite:///{tmp_path / 'city.db'}")) as again:
        assert _accepted(again) == [f"{n:02d}" for n in range(20)]


def test_process_that_comes_while_the_log_is_away_is_refused(
    serving: Any, sqlite_store: SqlStore, tmp_path: Path
) -> None:
    """It would write into a log that it made itself, by the index that it shares with the others."""
    _process, pipe = serving
    sqlite_store.close()
    assert _ask(pipe, "A") == "accepted"
    _move(tmp_path / "city.db-wal")
    for _ in range(2):
        with pytest.raises(NotReady, match="put it back"):
            open_store(f"sqlite:///{tmp_path / 'city.db'}")
    with pytest.raises(NotReady, match="put it back"):
        back_up(f"sqlite:///{tmp_path / 'city.db'}", tmp_path / "backup")
    assert "put it back" in _ask(pipe, "nowhere")
    _put_back(tmp_path / "city.db-wal")
    assert _ask(pipe, "B") == "accepted"
    with closing(open_store(f"sqlite:///{tmp_path / 'city.db'}")) as again:
        assert _accepted(again) == ["A", "B"]


def test_ordinary_life_of_the_log_is_no_alarm(serving: Any, sqlite_store: SqlStore, tmp_path: Path) -> None:
    """Processes come and go, backups and checkpoints are made, connections end and begin, the log goes and comes."""
    process, pipe = serving
    url, log = f"sqlite:///{tmp_path / 'city.db'}", tmp_path / "city.db-wal"
    names = [f"{n:02d}" for n in range(30)]
    for place, name in enumerate(names):
        if place % 3 == 0:
            assert _ask(pipe, name) == "accepted"
        elif place % 3 == 1:
            _accept(sqlite_store, name)
        else:
            with closing(open_store(url)) as other:
                _accept(other, name)
        if place % 5 == 0:
            with closing(sqlite3.connect(tmp_path / "city.db")) as shell:
                shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if place % 7 == 0:
            back_up(url, tmp_path / f"backup{place}")
        sqlite_store._database.engine.dispose()
    process.kill()
    process.join()
    assert _accepted(sqlite_store) == names
    for name in ("x", "y"):
        sqlite_store._database.engine.dispose()
        assert not log.exists(), "the last one to leave deletes the log"
        _accept(sqlite_store, name)
    assert _accepted(sqlite_store) == [*names, "x", "y"]


def test_many_threads_that_open_and_close_meet_no_alarm(sqlite_store: SqlStore) -> None:
    """The log is deleted and made again all the time, and never under an open connection."""

    def work(_number: int) -> None:
        for _ in range(60):
            _accepted(sqlite_store)
            sqlite_store._database.engine.dispose()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(work, range(4))) == [None] * 4
