"""Cuts the vector tiles of an edition below the data folder, for whoever has published it."""

from pathlib import Path

from api.settings import Settings
from geodata.tiles.files import is_cut
from geodata.tiles.pruning import prune_tiles
from gridsvc.accounts.guarded import load_guarded
from gridsvc.ports import Progress, Store


def tile_folder(settings: Settings) -> Path:
    """Where the archives lie: those without today's guarded components."""
    return _root(settings) / load_guarded(settings.schemes_file).digest


def cut_edition(store: Store, settings: Settings, number: int, progress: Progress) -> bool:
    """Cut an edition's tiles; False where they are there. Not for a serving worker: it takes memory that would stay."""
    edition = store.get_edition(number)
    folder = tile_folder(settings)
    if is_cut(folder, edition.digest):
        return False
    from geodata.tiles.writing import cut_tiles  # noqa: PLC0415 - only who cuts needs it

    guarded = load_guarded(settings.schemes_file)
    made = cut_tiles(store.load_territory(number), edition.digest, folder, progress, guarded)
    _prune(store, settings)
    return made


def _prune(store: Store, settings: Settings) -> None:
    """Delete the tiles of editions that were overtaken long ago; those in force and to come keep theirs."""
    now = settings.now()
    in_force = store.find_edition_in_force(now)
    wanted = {edition.digest for edition in store.list_editions() if edition.effective_from > now}
    if in_force is not None:
        wanted.add(in_force.digest)
    prune_tiles(_root(settings), tile_folder(settings), wanted)


def _root(settings: Settings) -> Path:
    return settings.data_dir / "tiles"
