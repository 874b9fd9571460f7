"""The tiles of an edition on disk: one PMTiles archive per layer in a folder named by the edition's digest."""

import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geodata.tiles.cutting import cut_zoom
from geodata.tiles.files import FORMAT, TEMPORARY, archive_path, is_cut
from geodata.tiles.layers import TileLayer, tile_layers
from gridsvc.accounts.guarded import Guarded, shipped
from gridsvc.locks import alone
from gridsvc.model.territory import Territory
from gridsvc.ports import Progress


def cut_tiles(
    territory: Territory, digest: str, folder: Path, progress: Progress, guarded: Guarded | None = None
) -> bool:
    """Cut every layer below `folder`, once: False where that was done before, or by another process meanwhile.

    Components of `guarded` categories are left out, not said: of those that are shipped. Readers see the finished
    folder or none. OSError where the disk is full or may not be written.
    """
    if is_cut(folder, digest):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / f"{FORMAT}-{digest}.lock", wait=True):
        if is_cut(folder, digest):
            return False
        with tempfile.TemporaryDirectory(dir=folder, prefix=TEMPORARY) as name:
            _cut_all(territory, Path(name), progress, guarded or shipped())
            finished = archive_path(folder, digest, "areas").parent
            shutil.rmtree(finished, ignore_errors=True)
            Path(name).chmod(0o755)
            Path(name).rename(finished)
            Path(name).mkdir()  # for the temporary folder to take away
    return True


def _cut_all(territory: Territory, folder: Path, progress: Progress, guarded: Guarded) -> None:
    layers = tile_layers(territory, guarded)
    total = sum(layer.last - layer.first + 1 for layer in layers)
    done = 0
    for layer in layers:
        with (folder / f"{layer.layer.value}.pmtiles").open("wb") as file:
            writer = Writer(file)
            with closing(writer.tile_f):
                for zoom in range(layer.first, layer.last + 1):
                    tiles = sorted((zxy_to_tileid(*address), data) for address, data in cut_zoom(layer, zoom))
                    for number, data in tiles:
                        writer.write_tile(number, data)
                    done += 1
                    progress(done, total)
                _finish(writer, layer)


def _finish(writer: Writer, layer: TileLayer) -> None:
    if not writer.tile_entries:
        # An archive without a tile has no place in the format: the empty tile of the whole world stands for it.
        writer.write_tile(0, b"")
    west, south, east, north = _bounds(layer)
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": round(west * 1e7),
        "min_lat_e7": round(south * 1e7),
        "max_lon_e7": round(east * 1e7),
        "max_lat_e7": round(north * 1e7),
    }
    names = {sheet.name: sheet for sheet in layer.sheets}
    described = [
        {"id": name, "fields": dict.fromkeys(sheet.keys, "String"), "minzoom": sheet.first, "maxzoom": layer.last}
        for name, sheet in names.items()
    ]
    metadata = {"name": layer.layer.value, "vector_layers": described, "minzoom": layer.first, "maxzoom": layer.last}
    writer.finalize(header, metadata)


def _bounds(layer: TileLayer) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees."""
    boxes = [shapely.total_bounds(sheet.shapes) for sheet in layer.sheets if len(sheet.shapes)]
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    west, north, east, south = np.array([*np.min(boxes, axis=0)[:2], *np.max(boxes, axis=0)[2:]])
    return (west - 0.5) * 360, _latitude(south), (east - 0.5) * 360, _latitude(north)


def _latitude(y: float) -> float:
    return float(np.degrees(np.arctan(np.sinh((0.5 - y) * 2 * np.pi))))
