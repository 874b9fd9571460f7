"""Several small transactions in one commit, where there is one write lock and each commit waits for the disk.

While one of them is being flushed, others queue; who comes next opens a transaction, works in it, and hands it to the
next in the queue instead of committing. The last one commits for all, and none returns before that: what was promised
for each alone (durable when the block ends) holds. One that fails is undone by its savepoint, alone.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from gridsvc.errors import Busy

MOST_MEMBERS = 16
"""Of one commit: later ones must not wait for ever while earlier ones keep coming."""


@dataclass
class _Group:
    """An open transaction and those who wait for its end."""

    transaction: AbstractContextManager[Connection]
    connection: Connection
    members: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None


class GroupCommit:
    """One per database and process; every method may be called from any thread."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        """`begin` gives a transaction that is committed when its block ends and rolled back when it raises."""
        self._begin = begin
        self._turn = threading.Lock()
        self._count = threading.Lock()
        self._queued = 0
        self._open: _Group | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """As `begin`, together with others. Raises what the common commit raises, for each of them."""
        with self._count:
            self._queued += 1
        with self._turn:
            with self._count:
                self._queued -= 1
            group = self._join()
            try:
                with group.connection.begin_nested():
                    yield group.connection
            finally:
                self._leave(group)
        group.ended.wait()
        if group.error is not None:
            raise group.error

    def _join(self) -> _Group:
        """The open group, or a new one."""
        if self._open is None:
            transaction = self._begin()
            self._open = _Group(transaction, transaction.__enter__())
        self._open.members += 1
        return self._open

    def _leave(self, group: _Group) -> None:
        """Hand on to who waits already and therefore comes next for certain; else commit."""
        is_whole = bool(group.connection.connection.driver_connection.in_transaction)  # type: ignore[union-attr]
        with self._count:
            handed_on = is_whole and self._queued > 0 and group.members < MOST_MEMBERS
        if handed_on:
            return
        self._open = None
        try:
            _end(group, is_whole)
        except BaseException as error:  # noqa: BLE001  everybody in the group is told, the one who commits too
            group.error = error
        finally:
            group.ended.set()


def _end(group: _Group, is_whole: bool) -> None:
    """Commit. A disk that is full or fails makes SQLite undo all, not the last savepoint: then all are to try again."""
    if is_whole:
        group.transaction.__exit__(None, None, None)
        return
    lost = Busy("the database could not keep what was written with others; try again", retry_after_s=1)
    group.transaction.__exit__(type(lost), lost, lost.__traceback__)
    raise lost
