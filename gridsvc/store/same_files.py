"""Whether an embedded database is still in the files that its names lead to.

SQLite goes on with files that were moved away or replaced, and all that is written then is where nobody finds it any
more, while a new connection would make empty ones in their place. Watched by their numbers on the disk, before every
write and again after each commit, so that nothing is acknowledged that is not in a file of its name. Reads trust a look
of the last tenth of a second, since each look lets other threads go first:

- the database file, from its first connection on;
- its log (-wal), which holds what was written last, and the log's index (-shm), through which processes share the log,
  while a connection of this process is open. SQLite makes both with the first connection of all processes and deletes
  them with the last one, never in between: other processes, backups and checkpoints leave them alone;
- an empty log of which the index counts pages: it was emptied, or made anew by a process that came after the log was
  moved away, while others go on with the old one.

What recovers: everything goes on when the very files are back. While the name of the log is free, its pages are moved
into the database file at once, so that a new start, even after a kill, finds all that was acknowledged.

Not seen: a log that was cut short, and a process that comes after log and index were both taken away. Files of a
database are for nobody else to touch while a service works with it.
"""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from gridsvc.errors import NotReady

_GONE = (
    "the database file was moved away or replaced while it is in use: put it back, "
    "or restart the service to work with the one that is there"
)
_GONE_ZH = "数据库文件在使用中被移走或替换：请放回原文件，或重启服务以使用现有文件。"
_LOG_GONE = (
    "the log of the database (-wal or -shm) was moved away, replaced or emptied while it is in use: "
    "put it back, or restart the service"
)
_LOG_GONE_ZH = "数据库日志文件（-wal 或 -shm）在使用中被移走、替换或清空：请放回原文件，或重启服务。"

_RECENT_S = 0.1

_Identity = tuple[int, int] | None


class SameFiles:
    """The files that were there when they were first opened; may be used from any thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._log, self._index = (database.with_name(database.name + ending) for ending in ("-wal", "-shm"))
        self._first: _Identity = None
        self._first_logs: tuple[_Identity, _Identity] | None = None
        self._connections = 0
        self._trusted_until = 0.0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises NotReady when a name leads to another file, or to none."""
        self._look()

    def _look(self) -> bool:
        """The same; whether the log is empty."""
        looked_at = monotonic()
        missing, is_empty = self._find_missing()
        self._trusted_until = 0.0 if missing or is_empty else looked_at + _RECENT_S
        if missing:
            raise missing
        return is_empty

    def _find_missing(self) -> tuple[NotReady | None, bool]:
        if self._first is not None and _identity(self._database) != self._first:
            return NotReady(_GONE, zh=_GONE_ZH), False
        logs, is_empty = self._look_at_logs()
        if self._first_logs not in (None, logs):
            # Looked at again while no connection of ours can end, and so SQLite cannot delete the log.
            with self._lock:
                logs, is_empty = self._look_at_logs()
                if self._first_logs not in (None, logs):
                    return NotReady(_LOG_GONE, zh=_LOG_GONE_ZH), is_empty
        return None, is_empty

    def check_before(self, connection: sqlite3.Connection, *, writes: bool) -> None:
        """The same before a transaction, and that the log is not emptied; saves what is in a log that is gone."""
        if not writes and monotonic() < self._trusted_until:
            return
        try:
            is_empty = self._look()
        except NotReady:
            self._save(connection)
            raise
        if is_empty and _counts_pages(connection) and self._is_empty():
            raise NotReady(_LOG_GONE, zh=_LOG_GONE_ZH)

    def opened(self, connection: sqlite3.Connection, prepare: Callable[[sqlite3.Connection], None]) -> None:
        """Prepare a new connection; remember the files with the first one, refuse one that came while they were
        exchanged.
        """
        try:
            prepare(connection)
            connection.execute("PRAGMA user_version").fetchone()  # whatever reads opens the log
        except sqlite3.OperationalError as error:
            if _is_unreadable(error) and self._is_empty():
                raise NotReady(_LOG_GONE, zh=_LOG_GONE_ZH) from error
            raise
        with self._lock:
            self._connections += 1
            self._first = self._first or _identity(self._database)
            self._first_logs = self._first_logs or self._look_at_logs()[0]
        try:
            self.check_before(connection, writes=True)
        except NotReady:
            self.closing()
            raise

    def closing(self) -> None:
        """Forget the log with the last connection, before SQLite deletes it."""
        with self._lock:
            self._connections -= 1
            if not self._connections:
                self._first_logs = None

    def _look_at_logs(self) -> tuple[tuple[_Identity, _Identity], bool]:
        """Which they are, and whether the log is empty."""
        try:
            log = self._log.stat()
        except OSError:
            return (None, _identity(self._index)), False
        return ((log.st_dev, log.st_ino), _identity(self._index)), log.st_size == 0

    def _save(self, connection: sqlite3.Connection) -> None:
        """Not where a database or log of somebody else has the name: what is here would be mixed into it."""
        if _identity(self._database) == self._first and _identity(self._log) is None:
            _counts_pages(connection)

    def _is_empty(self) -> bool:
        return self._look_at_logs()[1]


def _counts_pages(connection: sqlite3.Connection) -> bool:
    """Moves pages of the log into the database file; whether there were any, or should have been."""
    try:
        _is_busy, pages, _moved = connection.execute("PRAGMA wal_checkpoint").fetchone()
    except sqlite3.OperationalError as error:
        return _is_unreadable(error)
    return int(pages) > 0


def _is_unreadable(error: sqlite3.OperationalError) -> bool:
    return (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_IOERR


def _identity(path: Path) -> _Identity:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
