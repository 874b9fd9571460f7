"""Backups while others write, and bringing them back: refusals first, then whole. On both databases."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from gridsvc.errors import Conflict, InvalidInput, NotReady
from gridsvc.model.accounts import Account, AccountRole, Action, Session, Token
from gridsvc.model.work import Message, Topic
from gridsvc.store import SqlStore, back_up, bring_back, open_store, upgrade
from gridsvc.store.backups import _LEAP
from gridsvc.store.database import Database, connect_engine, parse_url
from gridsvc.store.dumps import _address_of
from gridsvc.store.migrations import REVISIONS
from tests.fixtures.requirements import need
from tests.gridsvc.store.scenario import NOW, person, publish_tiny


@pytest.fixture
def database_url(bare_url: str) -> str:
    """One's own: bringing back changes the tables themselves."""
    upgrade(bare_url)
    return bare_url


@pytest.fixture
def url(database_url: str) -> str:
    """Of a database whose tools are there."""
    if not database_url.startswith("sqlite"):
        need("postgis", shutil.which("pg_dump") is not None, "pg_dump is not on the PATH")
    return database_url


def _tell(store: SqlStore) -> None:
    with store.begin() as work:
        work.tell([Message(topic=Topic.INCIDENT_RECORDED, at=datetime.now(UTC), body={})])


def test_no_database_gives_no_backup(tmp_path: Path) -> None:
    with pytest.raises(NotReady):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(store: SqlStore, url: str, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("mine")
    with pytest.raises(Conflict):
        back_up(url, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "mine"


def test_what_is_no_backup_is_refused_and_changes_nothing(store: SqlStore, url: str, tmp_path: Path) -> None:
    publish_tiny(store)
    store.close()
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(InvalidInput):
        bring_back(url, wrong, replace=True)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (a)")
    with pytest.raises(InvalidInput):
        bring_back(url, tmp_path / "other.db", replace=True)
    with closing(open_store(url)) as again:
        assert again.state().edition == 1
    assert {file.name for file in tmp_path.iterdir()} - {"city.db", "city.db-wal", "city.db-shm"} == {
        "wrong",
        "other.db",
    }


@pytest.mark.parametrize("lacking", [1, 100, 4095, 4096])
def test_a_backup_that_lacks_its_end_is_refused(tmp_path: Path, lacking: int) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    upgrade(url)
    back_up(url, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    (tmp_path / "cut").write_bytes(whole[:-lacking])
    with pytest.raises(InvalidInput, match="damaged"):
        bring_back(url, tmp_path / "cut", replace=True)


KILLED = """
import os, sys
from pathlib import Path
from gridsvc.store import backups

def die(*_, **__):
    os.kill(os.getpid(), 9)

if sys.argv[1] == "replace":
    Path.replace = die
else:
    setattr(backups, sys.argv[1], die)
backups.bring_back(sys.argv[2], Path(sys.argv[3]), replace=True)
"""


@pytest.mark.parametrize("at", ["_begin_anew", "_check_replaceable", "_put_logs_aside", "replace"])
def test_a_restore_that_is_killed_changes_nothing_and_the_next_one_tidies(tmp_path: Path, at: str) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    upgrade(url)
    back_up(url, tmp_path / "backup")
    with closing(open_store(url)) as store:
        store.append_roster([person("P1", "of now")], NOW)
    done = subprocess.run([sys.executable, "-c", KILLED, at, url, tmp_path / "backup"], check=False)
    assert done.returncode == -signal.SIGKILL
    with closing(open_store(url)) as store:
        assert store.state().roster_revision == 1
    left = list(tmp_path.glob(".city.db.*"))
    assert left
    for each in left:
        os.utime(each, (0, 0))
    bring_back(url, tmp_path / "backup", replace=True)
    assert list(tmp_path.glob(".city.db.*")) == []
    with closing(open_store(url)) as store:
        assert store.state().roster_revision == 0


def test_database_with_content_is_replaced_only_when_told(store: SqlStore, url: str, tmp_path: Path) -> None:
    territory = publish_tiny(store)
    store.append_roster([person("P1", "before")], NOW)
    facts = back_up(url, tmp_path / "backup")
    assert facts.size_bytes == (tmp_path / "backup").stat().st_size
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    store.append_roster([person("P1", "after")], NOW)
    store.close()
    with pytest.raises(Conflict, match="--replace"):
        bring_back(url, tmp_path / "backup", replace=False)
    with closing(open_store(url)) as unchanged:
        assert unchanged.state().roster_revision == 2
    kept = bring_back(url, tmp_path / "backup", replace=True)
    with closing(open_store(url)) as again:
        assert (again.state().edition, again.state().roster_revision) == (1, 1)
        assert again.load_territory(1) == territory
        _tell(again)
    if kept is not None:
        with closing(open_store(f"sqlite:///{kept}")) as old:
            assert old.state().roster_revision == 2


def test_sessions_of_then_are_over_and_tokens_are_as_they_were(store: SqlStore, url: str, tmp_path: Path) -> None:
    li = Account(login="li", name="Li", role=AccountRole.PLANNER, password_hash="x")
    session = Session(digest="s", account=li, csrf="c", created_at=NOW, expires_at=NOW + timedelta(hours=1))
    about = {"actions": frozenset({Action.RESOLVE}), "created_at": NOW, "expires_at": NOW + timedelta(hours=1)}
    with store.begin() as work:
        work.put_account(li)
        work.add_session(session)
        work.add_token(Token(number=0, digest="t", account=li, name="sensor", **about))  # type: ignore[arg-type]
    back_up(url, tmp_path / "backup")
    store.close()
    bring_back(url, tmp_path / "backup", replace=True)
    with closing(open_store(url)) as again:
        assert again.find_session("s", NOW) is None
        assert again.find_token("t", NOW) is not None


def test_backup_of_a_newer_program_is_refused_and_changes_nothing(store: SqlStore, url: str, tmp_path: Path) -> None:
    publish_tiny(store)
    with store._database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    if store._database.is_sqlite:  # whose backups are opened and looked at when they are made
        store.close()
        shutil.copy(tmp_path / "city.db", tmp_path / "backup")
    else:
        back_up(url, tmp_path / "backup")
    with closing(Database(connect_engine(parse_url(url)))) as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": REVISIONS[-1]})
        connection.execute(text("UPDATE edition SET comment = 'of now'"))
    store.close()
    with pytest.raises(InvalidInput, match="newer gridsvc"):
        bring_back(url, tmp_path / "backup", replace=True)
    with closing(open_store(url)) as again:
        assert again.get_edition(1).comment == "of now"


def test_tools_are_told_all_that_the_url_says_of_the_connection() -> None:
    url = parse_url("postgresql+psycopg://gr%20id:secret@db/city?sslmode=require&options=-c a=b -c c=d&host=/run/pg")
    address = _address_of(url)
    assert "secret" not in address
    assert psycopg.conninfo.conninfo_to_dict(address) == {
        "user": "gr id",
        "dbname": "city",
        "host": "/run/pg",
        "sslmode": "require",
        "options": "-c a=b -c c=d",
    }


def test_backup_is_of_one_moment_while_others_write(store: SqlStore, url: str, tmp_path: Path) -> None:
    publish_tiny(store)
    for _ in range(20):
        _tell(store)
    before, done = store.last_message(), threading.Event()

    def write() -> None:
        while not done.is_set():
            _tell(store)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        back_up(url, tmp_path / "backup")
    finally:
        done.set()
        for writer in writers:
            writer.join()
    after = store.last_message()
    store.close()
    bring_back(url, tmp_path / "backup", replace=True)
    with closing(open_store(url)) as again:
        *numbers, leapt = [message.number for message in again.list_messages(1, 10_000)]
    assert leapt == numbers[-1] + _LEAP
    assert numbers == list(range(2, numbers[-1] + 1))
    assert before <= numbers[-1] <= after


def test_database_in_use_is_not_taken_away(sqlite_store: SqlStore, tmp_path: Path) -> None:
    publish_tiny(sqlite_store)
    url = f"sqlite:///{tmp_path / 'city.db'}"
    back_up(url, tmp_path / "backup")
    with pytest.raises(Conflict, match="stop the service"):
        bring_back(url, tmp_path / "backup", replace=True)
    _tell(sqlite_store)


def test_backup_comes_back_where_nothing_is(sqlite_store: SqlStore, tmp_path: Path) -> None:
    publish_tiny(sqlite_store)
    back_up(f"sqlite:///{tmp_path / 'city.db'}", tmp_path / "backup")
    elsewhere = f"sqlite:///{tmp_path / 'new' / 'city.db'}"
    assert bring_back(elsewhere, tmp_path / "backup", replace=False) is None
    upgrade(elsewhere)
    with closing(open_store(elsewhere)) as again:
        assert again.state().edition == 1


@pytest.mark.parametrize("is_there", [True, False])
def test_log_of_a_lost_database_is_not_played_into_the_backup(
    sqlite_store: SqlStore, tmp_path: Path, is_there: bool
) -> None:
    """Killed in the middle of work a database has its newest pages in the log; then its file is damaged or deleted."""
    publish_tiny(sqlite_store)
    target, url = tmp_path / "city.db", f"sqlite:///{tmp_path / 'city.db'}"
    back_up(url, tmp_path / "backup")
    for _ in range(50):
        _tell(sqlite_store)
    log = (tmp_path / "city.db-wal").read_bytes()
    sqlite_store.close()
    (tmp_path / "city.db-wal").write_bytes(log)
    if is_there:
        target.write_bytes(b"x" * 4096)
    else:
        target.unlink()
    bring_back(url, tmp_path / "backup", replace=True)
    with closing(open_store(url)) as again:
        assert (again.state().edition, again.last_message()) == (1, 1 + _LEAP)
        assert again.examine().fault is None


def test_damaged_database_is_replaced(sqlite_store: SqlStore, tmp_path: Path) -> None:
    publish_tiny(sqlite_store)
    url = f"sqlite:///{tmp_path / 'city.db'}"
    back_up(url, tmp_path / "backup")
    sqlite_store.close()
    (tmp_path / "city.db").write_bytes(b"x" * 4096)
    bring_back(url, tmp_path / "backup", replace=True)
    with closing(open_store(url)) as again:
        assert again.state().edition == 1
