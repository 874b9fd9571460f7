"""Layers and roster tables to files that the import takes back unchanged."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from functools import partial
from pathlib import Path

import numpy as np
import shapely
from shapely import Geometry

from geodata.layer_writers import WRITERS, LayerTable, as_text, columns_of
from geodata.table_writers import Columns, write_csv, write_xlsx
from gridsvc.datum import from_wgs84, parse_datum, to_wgs84
from gridsvc.errors import Conflict, InvalidInput, NotFound
from gridsvc.model.roster import ROSTER_TABLES, Roster
from gridsvc.model.territory import Group, Layer, Territory


def export_layer(
    territory: Territory, layer: Layer, file: Path, *, datum: str = "WGS84", overwrite: bool = False
) -> int:
    """Write one layer and return the number of features; the ending of `file` says the format (see `WRITERS`).

    `datum` is that of the coordinates in the file, a CRS too. InvalidInput for an unknown ending, or a datum that is
    not defined where a feature lies; Conflict where the file is there and may not be replaced.
    """
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise InvalidInput(f"{file.name} has no ending that says a format: use one of {', '.join(WRITERS)}")
    table = _table(territory, layer, parse_datum(datum))
    _write_whole(file, lambda part: writer(table, part), overwrite=overwrite)
    return len(territory.layer(layer))


def export_roster(roster: Roster, table: str, file: Path, *, overwrite: bool = False, bom: bool = True) -> int:
    """Write one roster table as CSV or XLSX, in order of its keys, and return the number of rows.

    Geometry is WKT in WGS84. `bom` is about the byte order mark of a CSV. Errors as for layers.
    """
    if table not in ROSTER_TABLES:
        raise NotFound(f"{table} is no roster table: use one of {', '.join(ROSTER_TABLES)}")
    writers: dict[str, Callable[[Columns, Path], None]] = {".csv": partial(write_csv, bom=bom), ".xlsx": write_xlsx}
    writer = writers.get(file.suffix.lower())
    if writer is None:
        raise InvalidInput(f"a roster table is written as .csv or .xlsx, not as {file.suffix or file.name}")
    rows = [row for _, row in sorted(roster.tables.get(table, {}).items())]
    names = [field.name for field in fields(ROSTER_TABLES[table])]
    names.sort(key=lambda name: name in {"valid_from", "valid_to"})
    columns = {name: [_cell(getattr(row, name)) for row in rows] for name in names}
    _write_whole(file, lambda part: writer(columns, part), overwrite=overwrite)
    return len(rows)


def _cell(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Geometry):
        return str(shapely.to_wkt(value, rounding_precision=-1))
    return as_text(value) or None


def _table(territory: Territory, layer: Layer, datum: str) -> LayerTable:
    features = territory.layer(layer)
    columns = columns_of(layer, features)
    if layer is Layer.GROUPS:
        return LayerTable(layer, datum, columns, None)
    geometries = np.array([None if isinstance(f, Group) else f.geometry for f in features], dtype=object)
    if datum not in {"WGS84", "CGCS2000"}:
        lonlat = shapely.get_coordinates(geometries)
        moved = np.stack(from_wgs84(lonlat[:, 0], lonlat[:, 1], datum), axis=1)
        if not np.isfinite(to_wgs84(moved[:, 0], moved[:, 1], datum)).all():
            raise InvalidInput(f"some of the {layer.value} lie where {datum[:40]} is not defined: use another datum")
        geometries = shapely.set_coordinates(geometries.copy(), moved)
    return LayerTable(layer, datum, columns, geometries)


def _write_whole(file: Path, write: Callable[[Path], None], *, overwrite: bool) -> None:
    """Written beside its place and renamed: whoever looks sees the old file, none, or the whole new one."""
    if file.is_dir():
        raise InvalidInput(f"{file.name} is a folder: name a file")
    if file.exists() and not overwrite:
        raise Conflict(f"{file.name} is there already: name another file, or say that it may be overwritten")
    if not file.parent.is_dir():
        raise InvalidInput(f"the folder of {file.name} does not exist")
    with folder_beside(file) as folder:
        part = folder / file.name
        write(part)
        part.replace(file)


@contextmanager
def folder_beside(file: Path) -> Iterator[Path]:
    """A folder on the disk of a file that is to be written whole; OSError names the file where there can be none."""
    try:
        folder = tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".gridsvc-")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    with folder as name:
        yield Path(name)
