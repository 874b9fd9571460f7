"""Settings → services: the composition root, and the only module that names the store's adapter."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from api.settings import Settings
from gridsvc import store as adapter
from gridsvc.accounts.guarded import Guarded, load_guarded
from gridsvc.disk import takes_more
from gridsvc.errors import NotReady
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import keep_compiled
from gridsvc.index.options import ResolveOptions
from gridsvc.index.warm import warm_up
from gridsvc.model.operation import BackupFacts
from gridsvc.ports import Store
from gridsvc.roster.whereabouts import whereabouts_of
from gridsvc.serving import EditionFiles, Serving

TRY_DISK_S = 1.0


class WatchedServing(Serving):
    """Serving that can tell whether the database answered when it was last asked, every quarter of a second, and
    whether the disk took more when it was last tried.

    What rights ask of an edition is arranged before it answers.
    """

    is_following = True
    has_room = True
    _tried_at = 0.0

    def __init__(self, store: Store, settings: Settings) -> None:
        super().__init__(store, settings.now, _prepare, edition_files(settings, store).open)
        self._folders, self._has_its_files = settings.written_folders, store.has_its_files

    @property
    def is_reachable(self) -> bool:
        """Whether the database answered when it was last asked, and has lost none of its files since: a write may have
        been refused for it a moment ago.
        """
        return self.is_following and self._has_its_files()

    @property
    def is_writable(self) -> bool:
        """Whether anything new can be kept."""
        return self.is_reachable and self.has_room

    def refresh(self) -> bool:
        """Follow the store, and note whether that could be done."""
        if monotonic() - self._tried_at >= TRY_DISK_S:
            self.has_room, self._tried_at = all(map(takes_more, self._folders)), monotonic()
        try:
            changed = super().refresh()
        except Exception:
            self.is_following = False
            raise
        self.is_following = True
        return changed


@dataclass(frozen=True, slots=True)
class Services:
    """What routes and commands work with; one per process."""

    settings: Settings
    store: Store
    serving: WatchedServing
    options: ResolveOptions
    guarded: Guarded


def edition_files(settings: Settings, store: Store) -> EditionFiles:
    """Where compiled editions are kept."""
    return EditionFiles(settings.index_dir, store, settings.now)


def _prepare(edition: CompiledEdition) -> None:
    """What would make the first who ask wait: kernels are compiled, and what rights ask of an edition is arranged."""
    warm_up(edition)
    whereabouts_of(edition).arrange()


def resolve_options(settings: Settings) -> ResolveOptions:
    """The resolver's figures out of the settings."""
    return ResolveOptions(
        tolerance_m=settings.tolerance_m,
        segment_radius_m=settings.segment_radius_m,
        component_radius_m=settings.component_radius_m,
        zone=settings.zone,
        city_name=settings.city_name,
    )


def build_services(settings: Settings) -> Services:
    """Open the database and wire the rest; loads no edition yet. Raises NotReady without a database or schema."""
    _prepare_folder(settings.data_dir)
    keep_compiled(settings.kernel_dir)
    guarded = load_guarded(settings.schemes_file)
    store = adapter.open_store(settings.store_url)
    return Services(settings, store, WatchedServing(store, settings), resolve_options(settings), guarded)


def _prepare_folder(folder: Path) -> None:
    """Make the data folder where it is not there. Raises NotReady for one that cannot be made, read or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        usable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        raise NotReady(f"the data folder {folder} cannot be used; check GRIDSVC_DATA_DIR and the folder's rights")


@contextmanager
def open_store(settings: Settings, *, make_folder: bool = True) -> Iterator[Store]:
    """The store alone, for commands that serve nothing; one that only looks makes no data folder for it."""
    if not make_folder and not settings.data_dir.is_dir():
        raise NotReady(
            f"the data folder {settings.data_dir.absolute()} is not there; check GRIDSVC_DATA_DIR, "
            "or make the database there with `gridsvc db upgrade`"
        )
    _prepare_folder(settings.data_dir)
    keep_compiled(settings.kernel_dir)
    with closing(adapter.open_store(settings.store_url)) as store:
        yield store


def upgrade_database(settings: Settings) -> str | None:
    """Create or upgrade the schema; the revision that it is at afterwards."""
    _prepare_folder(settings.data_dir)
    adapter.upgrade(settings.store_url)
    return adapter.current_schema(settings.store_url)


def back_up(settings: Settings, file: Path) -> BackupFacts:
    """Write a verified backup of the database to a file."""
    return adapter.back_up(settings.store_url, file)


def check_backup(settings: Settings, file: Path, *, replace: bool) -> None:
    """Raise what would be refused of a backup by what stands in the files."""
    adapter.check_backup(settings.store_url, file, replace=replace)


def bring_back(settings: Settings, file: Path, *, replace: bool) -> Path | None:
    """Make a backup the database; where the old one is kept."""
    _prepare_folder(settings.data_dir)
    return adapter.bring_back(settings.store_url, file, replace=replace)
