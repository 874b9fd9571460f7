"""Holding a job's lease while the work goes on: renewed in a thread of its own, the work stopped when it is lost."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from api.settings import Settings
from gridsvc.errors import Busy, NotReady
from gridsvc.model.work import Job, Lease, Outcome
from gridsvc.ports import Store, Work

LEASE = timedelta(seconds=30)
RENEW_S = 8.0
TELL_S = 1.0
"""How often progress is told at most."""
_log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Somebody else has the job: whatever this worker does with it now must not count."""


class Held:
    """A job in the hands of this worker."""

    def __init__(self, store: Store, settings: Settings, job: Job, token: str) -> None:
        self.job = job
        self._store, self._settings = store, settings
        self._lease = Lease(job=job.number, token=token, until=settings.now() + LEASE)
        self._progress = (0, 0)
        self._ended = threading.Event()
        self._is_lost = False
        self._is_finishing = False

    def progress(self, done: int, total: int) -> None:
        """Called by the work. Raises LeaseLost when it is in vain."""
        self._progress = (done, total)
        if self._is_lost:
            raise LeaseLost

    def finish(self, work: Work, outcome: Outcome) -> None:
        """End the job, with how far it came, in a transaction of the work itself. Raises LeaseLost, which undoes it."""
        self._is_finishing = True
        now = self._settings.now()
        held = work.renew_lease(replace(self._lease, until=now + LEASE), *self._progress, now)
        if not (held and work.end_job(self._lease, outcome, now)):
            raise LeaseLost

    def end(self, outcome: Outcome) -> None:
        """End the job. Raises LeaseLost."""
        with self._store.begin() as work:
            self.finish(work, outcome)

    def give_back(self, *, counts: bool) -> None:
        """Let it be taken again."""
        with self._store.begin() as work:
            work.give_back_job(self._lease, self._settings.now(), counts=counts)

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renew the lease until the block ends."""
        thread = threading.Thread(target=self._renew, name="renew-lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _renew(self) -> None:
        told, waited = self._progress, 0.0
        while not self._ended.wait(TELL_S):
            waited += TELL_S
            if self._progress == told and waited < RENEW_S:
                continue
            told, waited = self._progress, 0.0
            try:
                if not self._renew_once(told):
                    self._is_lost = not self._is_finishing
                    return
            except (NotReady, Busy) as error:  # it is still ours until it runs out
                _log.warning("the lease of job %s could not be renewed: %s", self.job.number, error)

    def _renew_once(self, told: tuple[int, int]) -> bool:
        now = self._settings.now()
        with self._store.begin() as work:
            return work.renew_lease(replace(self._lease, until=now + LEASE), *told, now)
