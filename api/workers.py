"""Several serving processes behind one address: started, watched, started again when one dies, ended together."""

import logging
import multiprocessing
import signal
import socket
import threading
import time
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess

from api.operation.logs import configure_logs
from api.server import FINISH_S, serve_worker
from api.settings import Settings
from gridsvc.errors import NotReady

PAUSE_S, QUICKLY_S, MOST_QUICK = 1.0, 10.0, 5
"""How long after a worker's end another is started; one that lives shorter is not worth starting for ever."""
_log = logging.getLogger(__name__)


def run_workers(settings: Settings) -> None:
    """Serve with `settings.workers` processes until stopped. Raises NotReady where they end as soon as they start."""
    configure_logs()
    with socket.create_server(
        (settings.host, settings.port),
        family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
        backlog=2048,
    ) as listening:
        _Supervisor(settings, listening).run()


class _Supervisor:
    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self._settings, self._listening = settings, listening
        self._context = multiprocessing.get_context("spawn")
        self._stop = threading.Event()
        self._quick = 0

    def run(self) -> None:
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        running = [self._start() for _ in range(self._settings.workers)]
        try:
            while not self._stop.is_set():
                wait([process.sentinel for process, _ in running], timeout=0.2)
                running = [each if each[0].is_alive() else self._again(*each) for each in running]
        finally:
            _end([process for process, _ in running])
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, *_: object) -> None:
        self._stop.set()

    def _start(self) -> tuple[SpawnProcess, float]:
        process = self._context.Process(target=serve_worker, args=(self._settings, self._listening))
        process.start()
        return process, time.monotonic()

    def _again(self, ended: SpawnProcess, started: float) -> tuple[SpawnProcess, float]:
        if self._stop.is_set():
            return ended, started
        _log.error("a worker ended with code %s; another is started", ended.exitcode)
        self._quick = self._quick + 1 if time.monotonic() - started < QUICKLY_S else 0
        if self._quick >= MOST_QUICK:
            raise NotReady("workers end as soon as they start: the lines before this one say why")
        self._stop.wait(PAUSE_S)
        return self._start()


def _end(processes: list[SpawnProcess]) -> None:
    """As SIGTERM ends them: requests in flight are answered first."""
    for process in processes:
        if process.is_alive():
            process.terminate()
    give_up = time.monotonic() + FINISH_S + 5
    for process in processes:
        process.join(max(0.0, give_up - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()
