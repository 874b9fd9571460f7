"""Editions from their files: one process compiles, the others map what it wrote.

The database is the truth and a file a cache of it. One that is missing or cannot be used is made anew by whoever
holds its lock; while that goes on the edition before answers. Where a file cannot be written (a full disk) the edition
is kept in memory, and nothing but memory is lost by it.
"""

import logging
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path

from gridsvc.index.compile import Progress, compile_layers
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.file import open_edition, write_edition
from gridsvc.index.file.read import stamp_of
from gridsvc.index.file.unusable import UnusableIndex
from gridsvc.locks import alone
from gridsvc.model.edition import Edition
from gridsvc.ports import Store

KEPT_FILES = 12
"""Editions in force, to come, and asked about lately; each may take a gigabyte in a city of a million cells."""

_log = logging.getLogger(__name__)


def compile_edition(store: Store, edition: Edition, progress: Progress = lambda _done, _total: None) -> CompiledEdition:
    """From the layers in the database, read page by page."""
    return compile_layers(
        edition.number,
        edition.effective_from,
        edition.crs,
        lambda layer: store.iter_features(edition.number, layer),
        expected=sum(edition.counts.values()),
        progress=progress,
    )


class EditionFiles:
    """The folder of compiled editions. Any number of processes and threads may use it."""

    def __init__(self, folder: Path, store: Store, clock: Callable[[], datetime]) -> None:
        self._folder, self._store, self._clock = folder, store, clock

    def open(self, number: int) -> CompiledEdition:
        """An edition, compiled first if need be. Raises NotFound, and what the store raises."""
        edition = self._store.get_edition(number)
        if (found := self._find(edition)) is not None:
            return found
        with self._alone(edition.digest):
            if (found := self._find(edition)) is not None:  # whoever had the lock made it
                return found
            _log.info("edition %s is compiled, since its index file is not there", number)
            return self._written(compile_edition(self._store, edition))

    def keep(self, compiled: CompiledEdition) -> None:
        """Write an edition that was compiled elsewhere, so that nobody has to do it again."""
        with self._alone(compiled.digest):
            if not self.path(compiled.digest).exists():
                self._written(compiled)

    def path(self, digest: str) -> Path:
        """Where the file of that content is, if there is one."""
        return self._folder / f"{digest}.arrow"

    def _alone(self, digest: str) -> AbstractContextManager[bool]:
        self._folder.mkdir(parents=True, exist_ok=True)
        return alone(self._folder / f"{digest}.lock", wait=True)

    def _find(self, edition: Edition) -> CompiledEdition | None:
        path = self.path(edition.digest)
        try:
            found = open_edition(path, edition.number, edition.effective_from, edition.digest)
        except FileNotFoundError:
            return None
        except UnusableIndex as error:
            _log.error("the index file of edition %s is made anew: %s", edition.number, error)
            return None
        with suppress(OSError):
            os.utime(stamp_of(path))  # so that it is known when it was last wanted
        return found

    def _written(self, compiled: CompiledEdition) -> CompiledEdition:
        """The same, mapped from its file, which all others can open now."""
        path = self.path(compiled.digest)
        try:
            self._sweep(but=compiled.digest)
            write_edition(compiled, path)
            return open_edition(path, compiled.number, compiled.effective_from, compiled.digest)
        except (OSError, UnusableIndex) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            _log.error("edition %s answers from memory, its index file was not kept: %s", compiled.number, reason)
            return compiled

    def _sweep(self, but: str) -> None:
        """Forget the files that nobody wanted for longest, and what killed processes left half written."""
        wanted = {but, *self._in_force()}
        files = sorted(self._folder.glob("*.arrow"), key=_last_wanted)
        for path in [path for path in files if path.stem not in wanted][: max(0, len(files) - KEPT_FILES)]:
            for each in (path, stamp_of(path), path.with_suffix(".lock")):
                each.unlink(missing_ok=True)
        for path in self._folder.glob("*.part"):
            with alone(path.with_suffix(".lock"), wait=False) as is_left:
                if is_left and path.stem != but:
                    path.unlink(missing_ok=True)

    def _in_force(self) -> set[str]:
        """The editions that answer now or later."""
        now = self._clock()
        in_force = self._store.find_edition_in_force(now)
        coming = {edition.digest for edition in self._store.list_editions() if edition.effective_from > now}
        return coming | ({in_force.digest} if in_force is not None else set())


def _last_wanted(path: Path) -> float:
    """When it was opened last, or made."""
    try:
        return max(path.stat().st_mtime, stamp_of(path).stat().st_mtime)
    except FileNotFoundError:
        return 0.0
