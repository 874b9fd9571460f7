"""The tiles that a serving process hands out: archives opened once, and cut by a process of its own where they lack."""

import logging
import os
import queue
import subprocess
import sys
import threading

from api.settings import Settings
from api.tiles.cutting import tile_folder
from geodata.tiles.archive import Archive
from geodata.tiles.files import archive_path
from gridsvc.errors import GridError, NotReady
from gridsvc.model.edition import Edition

CUTTING_S = 3600
RETRY_AFTER_S = 5
LOOK_S, PATIENCE_S = 0.25, 1.0
_log = logging.getLogger(__name__)


class TileKeeper:
    """Archives by digest and layer. `find` may be called from any thread and never waits; `run` cuts what lacks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = tile_folder(settings)
        self._open: dict[tuple[str, str], Archive] = {}
        self._lacking: queue.SimpleQueue[Edition] = queue.SimpleQueue()
        self._asked: set[str] = set()

    def find(self, edition: Edition, layer: str) -> Archive:
        """A layer's archive. Raises NotReady while it is being cut."""
        known = self._open.get((edition.digest, layer))
        if known is not None:
            return known
        path = archive_path(self._folder, edition.digest, layer)
        if not path.is_file():
            if edition.digest not in self._asked:
                self._asked.add(edition.digest)
                self._lacking.put(edition)
            raise NotReady("The map's tiles are being cut; try again shortly.", retry_after_s=RETRY_AFTER_S)
        return self._open.setdefault((edition.digest, layer), Archive(path))

    def run(self, stop: threading.Event) -> None:
        """Cut what was asked for and is not there, one edition at a time, until stopped."""
        while not stop.wait(LOOK_S):
            if self._lacking.empty():
                continue
            edition = self._lacking.get()
            try:
                self._cut(edition, stop)
            except (OSError, GridError):
                _log.exception("the tiles of edition %d could not be cut", edition.number)
            self._asked.discard(edition.digest)

    def _cut(self, edition: Edition, stop: threading.Event) -> None:
        told = {
            "GRIDSVC_DATA_DIR": str(self._settings.data_dir.resolve()),
            "GRIDSVC_DATABASE_URL": self._settings.store_url,
        }
        if self._settings.schemes_file is not None:
            told["GRIDSVC_SCHEMES_FILE"] = str(self._settings.schemes_file.resolve())
        command = [sys.executable, "-m", "api.cli", "tiles", "--edition", str(edition.number)]
        with subprocess.Popen(  # noqa: S603
            command, env={**os.environ, **told}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            waited = 0.0
            while waited < CUTTING_S and not stop.is_set():
                try:
                    _, talk = process.communicate(timeout=PATIENCE_S)
                except subprocess.TimeoutExpired:
                    waited += PATIENCE_S
                    continue
                if process.returncode:
                    _log.error("the tiles of edition %d could not be cut: %s", edition.number, talk.strip()[-500:])
                return
            process.terminate()
