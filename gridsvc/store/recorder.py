"""Reports that come at the same time are recorded in one transaction, by one thread.

Each commit waits for the disk, and on SQLite there is one write lock: while one group is written, the next one comes
together. None is told that it is recorded before that transaction is durable. When a group fails, each of it is tried
alone, so that the one at fault fails alone.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from time import sleep

from gridsvc.errors import Busy, NotReady
from gridsvc.model.incidents import Reply
from gridsvc.ports.recording import Outcome, Report
from gridsvc.store.database import Database
from gridsvc.store.recording import record_all
from gridsvc.store.replies import find_replies

MOST_AT_ONCE = 32
"""In one transaction: it must not hold others up."""
MOST_WAITING = 500
PAUSE_S = 0.01
"""How long the lock of an embedded database stays free after a group: other writers look for it every 2 ms, and more
reports come together meanwhile.
"""


@dataclass(frozen=True, slots=True)
class _Waiting:
    report: Report
    told: "Future[Outcome]" = field(default_factory=Future)


class Recorder:
    """One per database and process; may be used from any thread. Its own thread begins with the first report."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: Queue[_Waiting | None] = Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def record(self, report: Report) -> "Future[Outcome]":
        """Queue a report. Raises Busy when too many wait, NotReady after the end."""
        waiting = _Waiting(report)
        with self._lock:
            if self._is_closed:
                raise NotReady("the service is being stopped; try again shortly")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="record", daemon=True)
                self._thread.start()
            try:
                self._queue.put_nowait(waiting)
            except Full:
                raise Busy("too many reports wait to be recorded; try again", retry_after_s=1) from None
        return waiting.told

    def close(self) -> None:
        """Record what waits, and end."""
        with self._lock:
            self._is_closed = True
            thread = self._thread
        if thread is not None and thread.is_alive():
            self._queue.put(None)
            thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            self._record([one for one in [first, *self._others()] if one.told.set_running_or_notify_cancel()])
            if self._database.is_sqlite:
                sleep(PAUSE_S)

    def _others(self) -> list[_Waiting]:
        """Those that wait beside the first one."""
        found: list[_Waiting] = []
        while len(found) < MOST_AT_ONCE - 1:
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                break
            if waiting is None:
                self._queue.put(None)  # the end comes after these
                break
            found.append(waiting)
        return found

    def _record(self, group: Sequence[_Waiting]) -> None:
        try:
            with self._database.write() as connection:
                outcomes = record_all(connection, [one.report for one in group])
        except (Busy, NotReady) as error:  # the database is at fault: it would fail for each of them
            for one in group:
                one.told.set_exception(error)
        except Exception as error:  # noqa: BLE001  whatever it is, who waits is told
            if len(group) == 1:
                group[0].told.set_exception(error)
                return
            for one in group:
                self._record([one])
        else:
            for one, outcome in zip(group, outcomes, strict=True):
                one.told.set_result(outcome)


class Recording:
    """The part of the store that answers `RecordingStore`."""

    _database: Database
    _recorder: Recorder

    def record(self, report: Report) -> "Future[Outcome]":
        """Together with others that come at the same time."""
        return self._recorder.record(report)

    def find_reply(self, login: str, route: str, key: str) -> Reply | None:
        """What was answered before."""
        with self._database.read() as connection:
            return find_replies(connection, [(login, route, key)]).get((login, route, key))
