"""GeoPackage, FlatGeobuf, KML and DBF through GDAL; a file reaches it only after its first bytes were checked."""

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import shapely

from geodata.formats.nesting import read_wkb
from geodata.formats.table import SourceTable, geometry_array
from geodata.issues import found
from geodata.safe_xml import check_xml
from geodata.safety import LIMITS, check_file, clean_message, refuse, refuse_unread

READ_ERRORS = (pa.ArrowException, RuntimeError, OSError, ValueError, TypeError, KeyError, OverflowError)


@contextmanager
def reading(layer: str, file: str) -> Iterator[list[warnings.WarningMessage]]:
    """Library errors become refusals of the file; its warnings are collected."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with np.errstate(invalid="ignore"):  # a coordinate that is no number is found later, with its feature
                yield caught
    except IndexError:
        # How the reader says that GDAL took the file by its first bytes and then found no table in it.
        refuse("FILE_UNREADABLE", layer, file, why="no table in it")
    except (*READ_ERRORS, shapely.errors.ShapelyError) as error:
        refuse_unread("FILE_UNREADABLE", layer, file, error)


def check_stored(path: Path, table: str, layer: str) -> None:
    """A view or a computed column would run what came with the file, and pages that are told to be in several places
    would be read again and again: gigabytes of rows or texts out of a few bytes. SQLite takes small and large letters
    of a name as the same.
    """
    import sqlite3  # noqa: PLC0415  only a GeoPackage needs it

    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)) as database:
            kinds = database.execute(
                "SELECT type = 'table' AND sql NOT LIKE 'create virtual%' FROM sqlite_master"
                " WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')",
                (table,),
            ).fetchall()
            computed = database.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden", (table,)).fetchone()
            (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        refuse("FILE_UNREADABLE", layer, path.name, why=clean_message(error))
    if kinds != [(1,)] or computed is not None:
        refuse("GEOPACKAGE_VIEW", layer, path.name, table=table)
    if said != "ok":
        refuse("FILE_UNREADABLE", layer, path.name, why="its pages are damaged")


def _pick_table(path: Path, wanted: str | None, layer: str) -> str:
    import pyogrio  # noqa: PLC0415  GDAL is loaded only where a file needs it

    with reading(layer, path.name):
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    if wanted is not None and wanted not in names:
        refuse("TABLE_UNKNOWN", layer, path.name, table=wanted, tables=", ".join(names) or "–")
    if wanted is None and len(names) != 1:
        refuse("TABLE_NOT_SAID", layer, path.name, tables=", ".join(names) or "–", count=len(names))
    return wanted if wanted is not None else names[0]


def _geometry_field(table: pa.Table) -> str | None:
    for field in table.schema:
        if (field.metadata or {}).get(b"ARROW:extension:name") in {b"geoarrow.wkb", b"ogc.wkb"}:
            return str(field.name)
    return None


def read_with_gdal(path: Path, name: str | None, layer: str, file: str, encoding: str | None = None) -> SourceTable:
    """One table of a file that was checked before; values are plain Python ones."""
    from pyogrio.raw import read_arrow  # noqa: PLC0415

    with reading(layer, file) as caught:
        meta, table = read_arrow(path, layer=name, encoding=encoding, force_2d=False)
        if table.num_rows > LIMITS.rows or table.num_columns > LIMITS.columns:
            refuse("FILE_TOO_LARGE", layer, file, size=f"{table.num_rows} rows", limit=f"{LIMITS.rows} rows")
        place = _geometry_field(table)
        geometry = None
        if place is not None:
            geometry = geometry_array(read_wkb(table.column(place).to_pylist()))
        names = [field for field in table.column_names if field != place]
        columns: dict[str, list[Any]] = {field: table.column(field).to_pylist() for field in names}
    warned = sorted({clean_message(item.message) for item in caught if isinstance(item.message, Warning)})
    issues = [found("READER_WARNING", layer, (), None, file=file, why=why) for why in warned]
    crs = meta["crs"] or None
    return SourceTable(file, columns, range(1, table.num_rows + 1), geometry, crs, issues=issues)


def read_geopackage(path: Path, name: str | None, layer: str) -> SourceTable:
    """The one table of a GeoPackage, or the named one."""
    check_file(path, "GeoPackage", layer)
    chosen = _pick_table(path, name, layer)
    check_stored(path, chosen, layer)
    return read_with_gdal(path, chosen, layer, path.name)


def read_flatgeobuf(path: Path, layer: str) -> SourceTable:
    """The table of a FlatGeobuf file."""
    check_file(path, "FlatGeobuf", layer)
    table = read_with_gdal(path, None, layer, path.name)
    _check_counted(path, len(table.numbers), layer)
    return table


def _check_counted(path: Path, found: int, layer: str) -> None:
    """A wrong number of features leads the reader behind them, where it finds none and says nothing."""
    import pyogrio  # noqa: PLC0415  GDAL is loaded only where a file needs it

    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(12)[8:], "little")
    with reading(layer, path.name):
        said = int(pyogrio.read_info(path)["features"])
    is_passed_by = found == 0 and path.stat().st_size > 12 + length
    if is_passed_by or found != said > 0:
        refuse("FILE_UNREADABLE", layer, path.name, why=f"it says another number of features than it has ({found})")


def read_kml(path: Path, name: str | None, layer: str) -> SourceTable:
    """The one folder of a KML file, or the named one. Its datum must be said, as for GeoJSON."""
    check_file(path, "KML", layer)
    with path.open("rb") as stream:
        check_xml(stream, layer, path.name)
    table = read_with_gdal(path, _pick_table(path, name, layer), layer, path.name)
    table.crs = None
    return table
