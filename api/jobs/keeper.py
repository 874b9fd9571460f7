"""The thread of a serving process that starts a worker when a job is due, and ends it when the service stops.

Every serving process of a city does so; workers that find nothing end at once.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from api.jobs.uploads import sweep
from api.settings import Settings
from gridsvc.ports import Store

POLL_S, GLANCES = 0.25, 4
"""A woken keeper, or a stopped one, is quick; without either it asks the database once a second."""
PAUSE_S = 5.0
"""After a worker that ended badly."""
END_S = 10.0
_TOLD = {"database_url", "timezone", "crs", "schemes_file", "city_name", "tolerance_m", "demo", "public_read"}
"""Settings that long work looks at, beside the data folder."""
_log = logging.getLogger(__name__)


class Keeper:
    """At most one worker at a time."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._asked = threading.Event()
        self._worker: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def wake(self) -> None:
        """A job was added here: do not wait for the next look."""
        self._asked.set()

    def run(self, stop: threading.Event) -> None:
        """Look after jobs until stopped; a worker then gives its job back."""
        failing = False
        while not stop.is_set():
            try:
                self._look()
                failing = False
            except Exception as error:  # noqa: BLE001  jobs must outlive whatever the database does
                _log.log(logging.DEBUG if failing else logging.WARNING, "jobs cannot be looked after: %s", error)
                failing = True
            for _ in range(GLANCES):
                if stop.wait(POLL_S) or self._asked.is_set():
                    break
            self._asked.clear()
        self._end_worker()

    def _look(self) -> None:
        if self._worker is not None:
            code = self._worker.poll()
            if code is None:
                return
            self._worker = None
            if code:
                _log.warning("a worker ended with %s", code)
                self._not_before = time.monotonic() + PAUSE_S
            sweep(self._settings, self._store)
        if time.monotonic() >= self._not_before and self._store.has_due_job(self._settings.now()):
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "work"],
                env=_environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def _end_worker(self) -> None:
        if self._worker is None or self._worker.poll() is not None:
            return
        self._worker.terminate()
        try:
            self._worker.wait(END_S)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()


def _environment(settings: Settings) -> dict[str, str]:
    """What this process was told, for the worker: settings may have been given otherwise than by the environment."""
    given = settings.model_dump(mode="json", include=_TOLD, exclude_none=True)
    told = {f"GRIDSVC_{name.upper()}": str(value) for name, value in given.items()}
    told["GRIDSVC_DATA_DIR"] = str(settings.data_dir.resolve())
    here = str(Path(__file__).resolve().parents[2])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **told, "PYTHONPATH": os.pathsep.join(paths)}
