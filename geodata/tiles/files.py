"""Where tiles lie below the data folder. The format's number is in the name: a newer one cuts its own."""

from pathlib import Path

FORMAT = "v1"
TEMPORARY = ".cutting-"
"""How the folders begin that somebody is at work on."""

TILE_LAYERS = ("areas", "cells", "segments", "components", "places")


def archive_path(folder: Path, digest: str, layer: str) -> Path:
    """The archive of a layer of the editions with this digest."""
    return folder / f"{FORMAT}-{digest}" / f"{layer}.pmtiles"


def is_cut(folder: Path, digest: str) -> bool:
    """Whether the tiles are there; the folder appears whole, and who finds an archive broken deletes it."""
    return all(archive_path(folder, digest, layer).is_file() for layer in TILE_LAYERS)
