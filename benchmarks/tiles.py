"""What vector tiles take: cutting a city's layers once, against GDAL's own tiler, and reading one while serving.

`python -m benchmarks tiles`; other sizes: `python -m benchmarks.tiles --cells 40000`
"""

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from benchmarks.report import write_table
from geodata.sample_city.build import build_sample_city
from geodata.tiles.archive import Archive
from geodata.tiles.files import archive_path
from geodata.tiles.grid import to_world
from geodata.tiles.writing import cut_tiles
from gridsvc.model.territory import Territory

READ_AT = (13, 14, 15)
READS = 3000


def cut_by_gdal(territory: Territory, folder: Path) -> float:
    """Seconds that GDAL takes for the cells alone, at the same zooms, each feature simplified by itself."""
    from pyogrio.raw import write

    codes = np.array([cell.code for cell in territory.cells], dtype=object)
    begun = time.perf_counter()
    write(
        folder / "cells.pmtiles", shapely.to_wkb([cell.geometry for cell in territory.cells]), [codes], ["code"],
        layer="cells", driver="PMTiles", geometry_type="Polygon", crs="EPSG:4326",
        dataset_options={"MINZOOM": "13", "MAXZOOM": "15"},
    )  # fmt: skip
    return time.perf_counter() - begun


def read_tiles(archive: Archive, territory: Territory) -> tuple[np.ndarray, float]:
    """(milliseconds of each reading of a tile somewhere in the city, bytes of the largest)."""
    rng = np.random.default_rng(3)
    chosen = rng.integers(0, len(territory.cells), READS)
    places = to_world(np.array([shapely.get_coordinates(territory.cells[i].geometry)[0] for i in chosen]))
    times, largest = [], 0
    for number, place in enumerate(places):
        zoom = READ_AT[number % len(READ_AT)]
        x, y = (int(side) for side in place * (1 << zoom))
        begun = time.perf_counter()
        data = archive.find(zoom, x, y)
        times.append((time.perf_counter() - begun) * 1000)
        largest = max(largest, len(data or b""))
    return np.array(times), largest


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", type=int, nargs="+", default=[40_000, 100_000])
    rows = []
    for cells in parser.parse_known_args(arguments)[0].cells:
        territory = build_sample_city(today=date(2026, 11, 22), cells=cells).territory
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            begun = time.perf_counter()
            cut_tiles(territory, "d", folder, _nobody)
            took = time.perf_counter() - begun
            size = sum(path.stat().st_size for path in folder.glob("*/*.pmtiles")) / 2**20
            archive = Archive(archive_path(folder, "d", "cells"))
            times, largest = read_tiles(archive, territory)
            by_gdal = cut_by_gdal(territory, folder)
            p50, p95 = np.percentile(times, [50, 95])
            figures = [
                f"{took:.1f}",
                f"{by_gdal:.1f}",
                f"{size:.1f}",
                f"{largest / 1024:.0f}",
                f"{p50:.3f}",
                f"{p95:.3f}",
            ]
            rows.append([f"{cells:,}", *figures])
    header = [
        "cells",
        "all layers, s",
        "GDAL, cells alone, s",
        "MB",
        "largest cell tile, kB",
        "read p50, ms",
        "read p95, ms",
    ]
    write_table("tiles", "Vector tiles", header, rows)


def _nobody(done: int, total: int) -> None:
    """Progress that nobody watches."""


if __name__ == "__main__":
    main()
