"""The tiles that a serving process hands out: archives opened once, and cut by a process of its own where they lack."""

import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from api.settings import Settings
from api.tiles.cutting import tile_folder
from geodata.tiles.archive import Archive
from geodata.tiles.files import archive_path
from gridsvc.errors import GridError, InvalidInput, NotReady
from gridsvc.model.edition import Edition

CUTTING_S = 3600
RETRY_AFTER_S = 5
LOOK_S, PATIENCE_S, PAUSE_S = 0.25, 1.0, 60.0
MOST_ASKED = 3
"""Editions that wait to be cut: anybody may ask for old ones."""

KEPT_OPEN = 64
"""Archives; a deleted one keeps its place on disk as long as it is open."""

_log = logging.getLogger(__name__)


class TileKeeper:
    """Archives by digest and layer. `find` may be called from any thread and never waits; `run` cuts what lacks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = tile_folder(settings)
        self._open: OrderedDict[tuple[str, str], Archive] = OrderedDict()
        self._lock = threading.Lock()
        self._lacking: queue.SimpleQueue[Edition] = queue.SimpleQueue()
        self._asked: set[str] = set()
        self._not_before: dict[str, float] = {}

    def find(self, edition: Edition, layer: str) -> Archive:
        """A layer's archive. Raises NotReady while it is being cut."""
        key = edition.digest, layer
        with self._lock:
            known = self._open.get(key)
            if known is not None:
                self._open.move_to_end(key)
                return known
        opened = self._find_whole(archive_path(self._folder, *key))
        if opened is None:
            self._ask(edition)
            raise NotReady("The map's tiles are being cut; try again shortly.", retry_after_s=RETRY_AFTER_S)
        with self._lock:
            self._open[key] = opened
            while len(self._open) > KEPT_OPEN:
                self._open.popitem(last=False)
        return opened

    def _find_whole(self, path: Path) -> Archive | None:
        """None where it is not there (another process may have deleted it); a broken one is deleted to be cut anew."""
        try:
            return Archive(path)
        except OSError:
            return None
        except InvalidInput as error:
            _log.error("%s; it is cut anew", error.message)
            with suppress(OSError):
                path.unlink()
            return None

    def _ask(self, edition: Edition) -> None:
        """Have an edition cut, of old ones a few at a time; one that could not be cut is not tried again at once."""
        with self._lock:
            waits = time.monotonic() < self._not_before.get(edition.digest, 0.0)
            if edition.digest not in self._asked and len(self._asked) < MOST_ASKED and not waits:
                self._asked.add(edition.digest)
                self._lacking.put(edition)

    def run(self, stop: threading.Event) -> None:
        """Cut what was asked for and is not there, one edition at a time, until stopped."""
        while not stop.wait(LOOK_S):
            if self._lacking.empty():
                continue
            edition, is_cut = self._lacking.get(), False
            try:
                is_cut = self._cut(edition, stop)
            except (OSError, GridError):
                _log.exception("the tiles of edition %d could not be cut", edition.number)
            with self._lock:
                self._asked.discard(edition.digest)
                if not is_cut:
                    self._not_before[edition.digest] = time.monotonic() + PAUSE_S

    def _cut(self, edition: Edition, stop: threading.Event) -> bool:
        """Whether it was cut, by a process of its own."""
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
                return process.returncode == 0
            process.terminate()
            return False
