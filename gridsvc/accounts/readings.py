"""Who read whose personal data, when: noted in memory by the request, written to the audit log a moment later.

The same reader reading of the same person is noted once a minute. A process that is killed loses the notes of its
last second; a database that is gone keeps them waiting, as many as memory is given for.
"""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import datetime

from gridsvc.model.accounts import Action, AuditEntry, Caller
from gridsvc.ports import Store

FLUSH_S = 1.0
AT_ONCE = 500
"""Entries in one transaction: it must not keep other writers waiting."""
MOST_WAITING = 20_000
MOST_SEEN = 200_000
_log = logging.getLogger(__name__)


class Readings:
    """The notes of one process; every method may be called from any thread."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._lock, self._flushing = threading.Lock(), threading.Lock()
        self._waiting: list[AuditEntry] = []
        self._lost = 0
        self._minute: datetime | None = None
        self._seen: set[tuple[str, Action, str]] = set()

    def note(self, caller: Caller, action: Action, whose: Collection[str], request: str | None) -> None:
        """`whose` are codes of people or names of things; a visitor is nobody and leaves no note."""
        login = caller.login
        if login is None:
            return
        now = self._clock()
        with self._lock:
            new = self._unseen(login, action, whose, now)
            if not new:
                return
            if len(self._waiting) >= MOST_WAITING:
                self._lost += 1
                return
            self._waiting.append(_entry(caller, action.value, {"whose": new}, now, request))

    def flush(self) -> None:
        """Write what waits. Raises what the store raises; what was not written waits on."""
        with self._flushing:
            while batch := self._take():
                try:
                    with self._store.begin() as work:
                        work.log(batch)
                except BaseException:
                    with self._lock:
                        self._waiting[:0] = batch
                    raise

    def run(self, stop: threading.Event) -> None:
        """Flush every second until stopped, and a last time then; an outage of the database is logged once."""
        failing = False
        stopped = False
        while not stopped:
            stopped = stop.wait(FLUSH_S)
            try:
                self.flush()
                failing = False
            except Exception as error:  # noqa: BLE001  notes wait until the database is back, whatever became of it
                if not failing:
                    _log.warning("readings of personal data wait to be logged: %s", error)
                failing = True

    def _unseen(self, login: str, action: Action, whose: Collection[str], now: datetime) -> list[str]:
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute or len(self._seen) > MOST_SEEN:
            self._minute = minute
            self._seen.clear()
        new = [name for name in whose if (login, action, name) not in self._seen]
        self._seen.update((login, action, name) for name in new)
        return new

    def _take(self) -> list[AuditEntry]:
        with self._lock:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            if batch and self._lost:
                details: dict[str, object] = {"count": self._lost}
                batch.append(_entry(Caller(), "READINGS_LOST", details, self._clock(), None))
                self._lost = 0
            return batch


def _entry(caller: Caller, action: str, details: dict[str, object], now: datetime, request: str | None) -> AuditEntry:
    return AuditEntry(
        at=now, login=caller.login, role=caller.role, action=action, target="people", details=details, request=request
    )
