"""`gridsvc work`: do the long work that waits. Started by serving processes; harmless at any other time."""

import os
import signal
import sys
from types import FrameType

from api.bootstrap import open_store
from api.jobs.worker import work_on
from api.operation.logs import configure_logs
from api.settings import load_settings

NICER = 5
"""Serving goes first."""


def work() -> None:
    """Do every job that is due, wait some seconds for more, then end."""
    signal.signal(signal.SIGTERM, _leave)
    os.nice(NICER)
    configure_logs()
    settings = load_settings()
    with open_store(settings) as store:
        work_on(store, settings)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """As if the program had said so itself: the job at hand is given back."""
    sys.exit(0)
