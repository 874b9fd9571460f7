"""Connections and transactions: what must be set on SQLite and PostgreSQL, and their failures in our words."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gridsvc.errors import Busy, InvalidInput, NotReady
from gridsvc.store.chunks import Chunks
from gridsvc.store.garbage import uncollected
from gridsvc.store.same_files import SameFiles

T = TypeVar("T")

LOCK_WAIT_S = 10
"""How long a writer waits for others; chunks hold the lock far shorter, so only a stuck process exceeds it."""

_POLL_S, _PAUSE_S = 0.002, 0.005
"""How often a waiting writer looks for SQLite's lock, and how long long work leaves it free: twice as long and more."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000")
_WRITE_PRAGMAS = {
    True: ("synchronous=FULL", "wal_autocheckpoint=4000"),
    False: ("synchronous=NORMAL", "wal_autocheckpoint=1000"),
}
"""By whether it is durable. Moving the log into the file takes up to 0.1 s: long work comes to it first, not others."""

_TRY_AGAIN = {"40001", "40P01", "55P03"}
_REFUSED = {"28000", "28P01", "3D000"}
_REFUSED_WORDS = re.compile(r"password authentication failed|role .* does not exist|database .* does not exist")
"""While connecting, the driver gives no sqlstate, only the server's words."""
_SHUT = "the database server refuses this user, password or database name; check GRIDSVC_DATABASE_URL"
_UNREACHABLE = "the database cannot be reached; check that it runs and that GRIDSVC_DATABASE_URL names it"


class Database:
    """One engine, safe for many threads; every access to the tables goes through `read` or `write`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._files: SameFiles | None = engine.get_execution_options().get("gridsvc_files")
        self._writers = {
            durable: engine.execution_options(gridsvc_pragmas=pragmas) for durable, pragmas in _WRITE_PRAGMAS.items()
        }

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database, else PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment (on PostgreSQL: one moment per statement)."""
        with _waiting_for_pool(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, durable: bool = True) -> Iterator[Connection]:
        """A transaction that is durable when the block ends; on SQLite it holds the only write lock.

        One that is not durable survives a killed process, and a crash of the machine if a durable one came after it.
        NotReady after the block: the files were taken away meanwhile, and what was written may be lost with them.
        """
        with _waiting_for_pool(), self._writers[durable].begin() as connection, uncollected():
            yield connection
        if self._files is not None:
            self._files.check()

    def chunks(self, items: Iterable[T]) -> Chunks[T]:
        """Work cut for `write`: small and with pauses where there is only one write lock."""
        aim_s, pause_s = (0.02, _PAUSE_S) if self.is_sqlite else (0.5, 0.0)
        return Chunks(items, self.write, aim_s=aim_s, pause_s=pause_s)

    def gather_statistics(self) -> None:
        """After many rows: PostgreSQL else plans for minutes as if the tables were small, and reads all of them."""
        if not self.is_sqlite:
            with self.write() as connection:
                connection.execute(text("ANALYZE feature, span, draft_change"))

    def has_its_files(self) -> bool:
        """Whether names lead to the files that were opened; always, of a server."""
        try:
            if self._files is not None:
                self._files.check()
        except NotReady:
            return False
        return True

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


@contextmanager
def _waiting_for_pool() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Busy("too many requests wait for the database; try again", retry_after_s=1) from error


def parse_url(text: str) -> URL:
    """A database URL that the store can open; the refusal does not repeat it, since it may hold a password."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise InvalidInput(
            "the database URL cannot be read; expected sqlite:///file.db or postgresql+psycopg://…"
        ) from None
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        if url.database in {None, "", ":memory:"} or "mode" in url.query:
            raise InvalidInput("the database must be a file: sqlite:///file.db")
        return url.set(drivername="sqlite")
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    msg = f"databases of kind {url.drivername!r} are not supported; use sqlite:///file.db or postgresql+psycopg://…"
    raise InvalidInput(msg)


def sqlite_path(url: URL) -> Path | None:
    """The file of an embedded database, None for a server."""
    return Path(url.database or "") if url.drivername == "sqlite" else None


def connect_engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine with our settings. Migrations work without foreign keys, as SQLite rebuilds tables by dropping them."""
    if url.drivername == "sqlite":
        files = SameFiles(Path(url.database or ""))
        engine = create_engine(
            url,
            pool_size=5,
            max_overflow=45,
            connect_args={"timeout": LOCK_WAIT_S},
            execution_options={"gridsvc_files": files},
            hide_parameters=True,
        )
        _watch(engine, files, _prepare_sqlite if foreign_keys else _prepare_for_migration)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            url,
            pool_size=5,
            max_overflow=15,
            pool_pre_ping=True,
            # A prepared statement would keep the plan that suited the tables while they were still empty.
            connect_args={"connect_timeout": LOCK_WAIT_S, "prepare_threshold": None},
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "handle_error", _translate)
    return engine


def _watch(engine: Engine, files: SameFiles, prepare: Callable[[sqlite3.Connection], None]) -> None:
    """Have every connection prepared, and the files looked after for as long as it is open."""
    event.listen(engine, "do_connect", lambda *_: files.check())
    event.listen(engine, "connect", lambda connection, _: files.opened(connection, prepare))
    event.listen(engine, "begin", lambda connection: files.check_before(_raw(connection), writes=_writes(connection)))
    event.listen(engine, "close", lambda *_: files.closing())


def _writes(connection: Connection) -> bool:
    return "gridsvc_pragmas" in connection.get_execution_options()


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _prepare_sqlite(connection: sqlite3.Connection) -> None:
    # Python's sqlite3 would begin transactions by itself, late and never IMMEDIATE; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _prepare_for_migration(connection: sqlite3.Connection) -> None:
    _prepare_sqlite(connection)
    connection.execute("PRAGMA foreign_keys=OFF")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Compiling the query of one page took 0.13 s, and each page would pay it again.
    connection.execute("SET jit = off")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    if not _writes(connection):
        connection.exec_driver_sql("BEGIN")
        return
    raw, pragmas = _raw(connection), connection.get_execution_options()["gridsvc_pragmas"]
    if connection.info.get("gridsvc_pragmas") != pragmas:
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")
        connection.info["gridsvc_pragmas"] = pragmas
    # SQLite's waiting writers do not queue: they look again after up to 100 ms, and long work would pass them by.
    raw.execute("PRAGMA busy_timeout=0")
    try:
        _take_lock(raw)
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(LOCK_WAIT_S * 1000)}")


def _take_lock(connection: Any) -> None:
    give_up = monotonic() + LOCK_WAIT_S
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or monotonic() > give_up:
                translate_sqlite(error)
                raise
            sleep(_POLL_S)
        else:
            return


def _translate(context: ExceptionContext) -> None:
    """Raise our own error for what the operator can mend; everything else is a fault of the program and stays."""
    error: Any = context.original_exception
    if isinstance(error, sqlite3.DatabaseError):
        translate_sqlite(error)
    elif getattr(error, "sqlstate", None) in _TRY_AGAIN:
        raise Busy("the database is working on the same rows for somebody else; try again", retry_after_s=1) from error
    elif "cannot contain NUL" in str(error):
        raise InvalidInput("a text holds the character NUL (U+0000), which is in no text that can be kept") from error
    elif getattr(error, "sqlstate", None) in _REFUSED or _REFUSED_WORDS.search(str(error)):
        raise NotReady(_SHUT) from error
    elif context.is_disconnect or (context.connection is None and context.sqlalchemy_exception is not None):
        raise NotReady(_UNREACHABLE) from error


def _code(error: sqlite3.DatabaseError) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def translate_sqlite(error: sqlite3.DatabaseError) -> None:
    """Raise our own error for what the operator can mend of an embedded database; else nothing."""
    code = _code(error)
    if _is_busy(error):
        raise Busy(
            "another process has been writing to the database for too long; try again", retry_after_s=1
        ) from error
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        raise NotReady("the database file cannot be opened for writing; check its folder and rights") from error
    if code == sqlite3.SQLITE_FULL:
        raise NotReady("the disk is full; make room for the database") from error
    if code == sqlite3.SQLITE_IOERR:
        raise NotReady("the disk refuses to read or write the database; check its space and limits") from error
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        raise NotReady("the database file is damaged or is no SQLite database; restore it from a backup") from error
