"""Cuts the vector tiles of an edition below the data folder, for whoever has published it."""

from pathlib import Path

from api.settings import Settings
from geodata.tiles.files import is_cut
from gridsvc.accounts.guarded import load_guarded
from gridsvc.ports import Progress, Store


def tile_folder(settings: Settings) -> Path:
    """Where the archives lie: those without today's guarded components."""
    return settings.data_dir / "tiles" / load_guarded(settings.schemes_file).digest


def cut_edition(store: Store, settings: Settings, number: int, progress: Progress) -> bool:
    """Cut an edition's tiles; False where they are there. Not for a serving worker: it takes memory that would stay."""
    edition = store.get_edition(number)
    folder = tile_folder(settings)
    if is_cut(folder, edition.digest):
        return False
    from geodata.tiles.writing import cut_tiles  # noqa: PLC0415 - only who cuts needs it

    guarded = load_guarded(settings.schemes_file)
    return cut_tiles(store.load_territory(number), edition.digest, folder, progress, guarded)
