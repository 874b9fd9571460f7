"""`gridsvc work`: do the long work that waits. Started by serving processes; harmless at any other time."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from api.bootstrap import open_store
from api.jobs.worker import work_on
from api.operation.logs import configure_logs
from api.settings import load_settings

NICER, ENDED_RATHER = 5, 500
"""Serving goes first, for the processor and for memory: a job can be done again."""


def work() -> None:
    """Do every job that is due, wait some seconds for more, then end."""
    signal.signal(signal.SIGTERM, _leave)
    os.nice(NICER)
    with suppress(OSError):  # not on every system
        Path("/proc/self/oom_score_adj").write_text(str(ENDED_RATHER), "ascii")
    configure_logs()
    settings = load_settings()
    with open_store(settings) as store:
        work_on(store, settings)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """As if the program had said so itself: the job at hand is given back."""
    sys.exit(0)
