"""What is kept for a time goes by and by, beside the requests."""

import logging
import threading
from datetime import timedelta

from api.cases.idempotency import KEPT as REPLIES_KEPT
from api.jobs.uploads import JOBS_KEPT, sweep
from api.settings import Settings
from gridsvc.ports import Store
from gridsvc.ports.expiry import Kept

MESSAGES_KEPT = timedelta(days=7)
"""A listener that was away for longer reads its lists again."""
EVERY_S, PAUSE_S = 60.0, 0.1
"""How often it is looked for, and how long others have the database between pieces."""
_log = logging.getLogger(__name__)


class Forgetting:
    """Of one process; several do not mind each other."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    def forget(self) -> int:
        """A piece of what is too old: how many rows went, 0 when all did. Raises what the store raises."""
        now = self._settings.now()
        kept = Kept(
            replies_since=now - REPLIES_KEPT,
            messages_since=now - MESSAGES_KEPT,
            jobs_since=now - JOBS_KEPT,
            fixes_since=now - timedelta(days=self._settings.track_days),
        )
        return self._store.forget_old(kept)

    def run(self, stop: threading.Event) -> None:
        """Until stopped; an outage of the database is logged once."""
        failing, gone = False, 0
        while not stop.wait(PAUSE_S if gone else EVERY_S):
            try:
                had_gone, gone = gone, self.forget()
                if had_gone and not gone:
                    sweep(self._settings, self._store)
                failing = False
            except Exception as error:  # noqa: BLE001  what is old can wait, whatever became of the database
                if not failing:
                    _log.warning("what is too old could not be forgotten: %s", error)
                gone, failing = 0, True
