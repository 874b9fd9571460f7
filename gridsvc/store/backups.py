"""Backups of a database while it is in use, and bringing one back: whole or not at all.

An embedded database becomes one file, of one moment; a server's is dumped by PostgreSQL's own tools.
"""

import glob
import math
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import delete, insert, select

from gridsvc.errors import Conflict, InvalidInput
from gridsvc.model.operation import BackupFacts
from gridsvc.store.account_tables import session
from gridsvc.store.database import Database, connect_engine, parse_url, sqlite_path, translate_sqlite
from gridsvc.store.dumps import dump, load_dump
from gridsvc.store.migrations import REVISIONS
from gridsvc.store.schema import check_file, check_known, current_schema, upgrade
from gridsvc.store.work_tables import outbox

_LOGS = ("-wal", "-shm", "-journal")
_LEAP = 1_000_000
"""More messages than are told between two backups, and than any listener may be behind."""
ABANDONED_S = 24 * 3600.0
"""After which a beginning that nobody has written to is taken for one whose process was killed."""
_FULL_OF_DATA = ("edition", "roster_revision", "account", "incident")


def back_up(url: str, file: Path) -> BackupFacts:
    """Write a backup that was opened and verified; the service goes on meanwhile. Conflict where the file is there."""
    parsed = parse_url(url)
    check_file(parsed)
    if file.exists():
        raise Conflict(f"{file.name} is there already: name another file")
    source = sqlite_path(parsed)
    with _part_of(file) as part:
        if source is None:
            dump(parsed, part)
            facts = BackupFacts(schema=None, editions=None, roster_revision=None, size_bytes=part.stat().st_size)
        else:
            check_known(current_schema(url))
            with _translated(), closing(sqlite3.connect(source, isolation_level=None)) as connection:
                connection.execute("VACUUM INTO ?", (str(part),))
            facts = verify(part)
        _sync(part)
        part.replace(file)
    return facts


def verify(file: Path) -> BackupFacts:
    """Open a backup of an embedded database and read all of it. InvalidInput for anything else."""
    if not file.is_file():
        raise InvalidInput(f"{file.name} is no file")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            # What the last page lacks would be read as zeros, and taken for room that nobody uses.
            said = math.prod(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
            checked = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            sound = checked == "ok" and file.stat().st_size == said
            schema = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            editions = connection.execute("SELECT count(*) FROM edition").fetchone()[0]
            revision = connection.execute("SELECT coalesce(max(revision), 0) FROM roster_revision").fetchone()[0]
    except (sqlite3.DatabaseError, TypeError):
        sound = False
    if not sound:
        raise InvalidInput(f"{file.name} is no backup of gridsvc, or it is damaged")
    if schema not in REVISIONS:
        raise InvalidInput(f"{file.name} was made by a newer gridsvc; install that version")
    return BackupFacts(schema=schema, editions=editions, roster_revision=revision, size_bytes=file.stat().st_size)


def bring_back(url: str, file: Path, *, replace: bool) -> Path | None:
    """Make a backup the database, upgraded to this program's schema, and return where the old one is kept. All sessions
    end; tokens are as they were.

    Conflict where a database with content is there and `replace` was not said, or where somebody works with it.
    """
    parsed = parse_url(url)
    target = sqlite_path(parsed)
    if target is None:
        load_dump(parsed, file, replace=replace)
        upgrade(url)
        _begin_anew(url)
        return None
    verify(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = None
    with _part_of(target) as part:
        shutil.copyfile(file, part)
        upgrade(f"sqlite:///{part}")
        _begin_anew(f"sqlite:///{part}")
        verify(part)
        _sync(part)
        if target.exists():
            _check_replaceable(target, replace=replace)
            kept = target.with_name(f"{target.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
            os.link(target, kept)
        _put_logs_aside(target, kept)
        part.replace(target)
    return kept


def check_backup(url: str, file: Path, *, replace: bool) -> None:
    """Raise what `bring_back` would refuse by what stands in the files; nothing is changed. Whether somebody works with
    the database is seen only then.
    """
    target = sqlite_path(parse_url(url))
    if target is None:
        return
    verify(file)
    if not replace and target.exists():
        with _translated(), closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            _check_empty(connection)


def _check_empty(connection: sqlite3.Connection) -> None:
    if _has_content(connection):
        raise Conflict("there is a database with content of its own: say --replace to put it aside")


def _begin_anew(url: str) -> None:
    """No session that somebody ended since the backup lives again. And numbers of messages are not given twice, to
    other messages: the newest one gets a number that nobody was told yet, so that every listener begins anew.
    """
    with closing(Database(connect_engine(parse_url(url)))) as database, database.write() as connection:
        connection.execute(delete(session))
        newest = connection.execute(select(outbox).order_by(outbox.c.number.desc()).limit(1)).first()
        if newest is not None:
            again = {**newest._asdict(), "number": newest.number + _LEAP}
            connection.execute(insert(outbox).values(again))


def _put_logs_aside(target: Path, kept: Path | None) -> None:
    """A log beside a database that is damaged or was deleted would be played into the one that takes its name."""
    for ending in _LOGS:
        log = target.with_name(target.name + ending)
        if log.exists() and kept is not None:
            log.replace(kept.with_name(kept.name + ending))
        log.unlink(missing_ok=True)


def _check_replaceable(target: Path, *, replace: bool) -> None:
    """A process that has it open would go on with a file that nobody finds any more, and lose what it writes."""
    with _translated(), closing(sqlite3.connect(target, isolation_level=None, timeout=0.5)) as connection:
        if not replace:
            _check_empty(connection)
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "busy"
        except sqlite3.DatabaseError:  # damaged: nobody can be working with it
            return
        if mode != "delete":
            raise Conflict("another process has the database open: stop the service first")


def _has_content(connection: sqlite3.Connection) -> bool:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    wanted = [name for name in _FULL_OF_DATA if name in names]
    return any(connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in wanted)  # noqa: S608


@contextmanager
def _part_of(file: Path) -> Iterator[Path]:
    """A nameless beginning beside a file, for its owner's eyes only; gone in the end unless it was renamed. What a
    killed process has left goes with the next one.
    """
    for left in file.parent.glob(f".{glob.escape(file.name)}.{'[0-9a-f]' * 32}*"):
        if time.time() - left.stat().st_mtime > ABANDONED_S:
            left.unlink(missing_ok=True)
    part = file.with_name(f".{file.name}.{uuid4().hex}")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
    finally:
        for rest in (part, *(part.with_name(part.name + ending) for ending in _LOGS)):
            rest.unlink(missing_ok=True)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        translate_sqlite(error)
        raise


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
