"""`gridsvc resolve` in a process of its own with chunks of two rows, killed before whatever step it is told."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import edition_files
from api.settings import Settings
from gridsvc.store import open_store
from tests.api.cli.terminal import Terminal
from tests.fixtures.point_files import write_points
from tests.fixtures.warm_terminal import WarmProcess

ENDINGS = (".csv", ".arrow", ".parquet", ".geojson", ".gpkg")
AT = "2026-11-22T08:00:00+08:00"

_SCRIPT = """
import os, signal, sys
from api.batch import read_json, read_tables
from api.cli import main
from api.cli.resolving import sources
from geodata.points import geojson, geopackage, geoparquet

for module in (read_json, read_tables, sources, geojson, geopackage, geoparquet):
    module.CHUNK_ROWS = 2
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts us in the background may have it ignored
left = {kill_before}
def counted(step):
    def call(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.{signal})
        return step(*arguments, **named)
    return call
for name in ("fsync", "replace", "unlink"):
    setattr(os, name, counted(getattr(os, name)))
sys.argv = ["gridsvc", "resolve", *{arguments}]
main()
"""


def start(
    terminal: Terminal, *arguments: str, kill_before: int = 0, signal: str = "SIGKILL", datum: bool = True
) -> WarmProcess:
    """`kill_before` counts from 1 the times that a file is brought to the disk, renamed or deleted; 0 is never."""
    said = ["--datum", "WGS84"] if datum and not arguments[0].endswith(".gpkg") else []
    script = _SCRIPT.format(kill_before=kill_before, signal=signal, arguments=[*arguments, *said])
    return terminal.start("-c", script)


def end(terminal: Terminal, *arguments: str, **how: Any) -> tuple[int, str]:
    """How such a run ends, and what it says."""
    process = start(terminal, *arguments, **how)
    _, err = process.communicate()
    return process.wait(), err


def finish(terminal: Terminal, *arguments: str) -> str:
    """A run that nobody kills, which must end well; what it prints."""
    process = start(terminal, *arguments)
    out, err = process.communicate()
    assert process.wait() == 0, err
    return out


def left_over(folder: Path) -> list[str]:
    """Names of what is kept of interrupted runs."""
    return [place.name for place in folder.iterdir() if place.name.endswith(".part")]


@pytest.fixture
def terminal(city_folder: Path, tmp_path: Path) -> Terminal:
    folder = tmp_path / "here"
    folder.mkdir()
    for ending in ENDINGS:
        write_points(folder / f"in{ending}")
    settings = Settings(data_dir=city_folder)
    with closing(open_store(settings.store_url)) as store:
        edition_files(settings, store).open(1)  # else the steps of writing its index file would count
    return Terminal(folder, {"GRIDSVC_DATA_DIR": str(city_folder)})


def content_of(file: Path) -> object:
    """Bytes; of a GeoPackage, which holds the time it was made, its rows."""
    if file.suffix != ".gpkg":
        return file.read_bytes()
    with closing(sqlite3.connect(file)) as database:
        tables = ("answers", "gpkg_metadata", "gpkg_geometry_columns")
        return [database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]
