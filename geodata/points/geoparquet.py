"""The points of a GeoParquet file, batch by batch: shapes as WKB, or as x and y in columns of their own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from geodata.points.layer import ATTRIBUTES, CHUNK_ROWS, Passed
from geodata.points.wkb import EMPTY, NO_SHAPE, Floats, coordinates_of
from gridsvc.datum.names import names_files
from gridsvc.errors import InvalidInput

Batch = tuple[pa.RecordBatch, dict[int, str]]


@dataclass(frozen=True, slots=True)
class GeoParquetPoints:
    """A file that may be read any number of times."""

    path: Path
    shape: str
    crs: str | None
    passed_by: Passed

    def read(self) -> Iterator[Batch]:
        """Columns `lon`, `lat` (as they are in the file) and ATTRIBUTES, with what is wrong with some rows."""
        schema = _open(self.path).schema_arrow
        attributes = [name for name in schema.names if name in ATTRIBUTES]
        # Kept as they are: all rows may mean the same word or shape.
        kept = [name for name in (*attributes, self.shape) if _is_long(schema.field(name).type)]
        for batch in _open(self.path, kept).iter_batches(CHUNK_ROWS, columns=[*attributes, self.shape]):
            x, y, faults = _coordinates(batch.column(self.shape))
            columns = {name: batch.column(name) for name in attributes}
            yield pa.record_batch({"lon": x, "lat": y} | columns), faults


def find_geoparquet(path: Path) -> GeoParquetPoints | None:
    """The file's points, None where it says nothing of geometry. Raises InvalidInput where what it says is unusable,
    and pyarrow's errors for what is no Parquet.
    """
    file = _open(path)
    said = (file.metadata.metadata or {}).get(b"geo")
    if said is None:
        return None
    names = file.schema_arrow.names
    try:
        about = json.loads(said)
        shape = about["primary_column"]
        column: dict[str, Any] = about["columns"][shape]
        kinds = {str(kind).removesuffix(" Z") for kind in column.get("geometry_types") or ()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"{path.name}: its GeoParquet metadata cannot be read; write it again.") from error
    if names.count(shape) != 1:
        raise InvalidInput(f"{path.name} has not one column {str(shape)[:40]!r}, which is to hold its geometry.")
    if kinds and not kinds & {"Point", "MultiPoint", "GeometryCollection"}:
        raise InvalidInput(f"{path.name} holds {', '.join(sorted(kinds))[:80]}: Points are wanted.")
    if column.get("encoding") not in {"WKB", "point"}:
        raise InvalidInput(f"{path.name} has its geometry as {str(column.get('encoding'))[:20]}: write it as WKB.")
    passed_by = Passed()
    passed_by.note(name for name in names if name != shape)
    return GeoParquetPoints(path, shape, _crs(column), passed_by)


def _open(path: Path, kept: list[str] | None = None) -> pq.ParquetFile:
    return pq.ParquetFile(path, read_dictionary=kept, arrow_extensions_enabled=False)


def _is_long(kind: pa.DataType) -> bool:
    is_kind = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(is_this(kind) for is_this in is_kind)


def _crs(column: dict[str, Any]) -> str | None:
    """As WKT. A file without the member is OGC:CRS84 by its standard; one with null says nothing."""
    said = column.get("crs", "OGC:CRS84")
    text = said if isinstance(said, str) else json.dumps(said)
    if said is None or names_files(text):
        return None
    try:
        return str(pyproj.CRS.from_user_input(text).to_wkt())
    except pyproj.exceptions.CRSError:
        return None


def _coordinates(shapes: pa.Array) -> tuple[Floats, Floats, dict[int, str]]:
    if pa.types.is_struct(shapes.type):
        return _coordinates_apart(shapes)
    if not pa.types.is_dictionary(shapes.type):
        return coordinates_of(shapes)
    # A dictionary may be that of many batches: only what is meant in this one is read.
    used, rows = np.unique(shapes.indices.fill_null(-1).to_numpy(zero_copy_only=False), return_inverse=True)
    is_there = used >= 0
    x, y, told = coordinates_of(shapes.dictionary.take(pa.array(used[is_there])))
    rows = np.where(is_there[rows], rows - (~is_there).sum(), len(x))
    reasons = [*(told.get(place) for place in range(len(x))), NO_SHAPE]
    faults = {row: why for row, place in enumerate(rows.tolist()) if (why := reasons[place]) is not None}
    return np.append(x, np.nan)[rows], np.append(y, np.nan)[rows], faults


def _coordinates_apart(shapes: pa.StructArray) -> tuple[Floats, Floats, dict[int, str]]:
    columns = dict(zip((field.name for field in shapes.type), shapes.flatten(), strict=True))
    if not {"x", "y"} <= set(columns):
        raise InvalidInput("The geometry of the GeoParquet file has no x and y: write it as WKB.")
    x, y = (columns[axis].cast(pa.float64()).to_numpy(zero_copy_only=False) for axis in ("x", "y"))
    unsaid = np.flatnonzero(shapes.is_null().to_numpy(zero_copy_only=False))
    empty = np.flatnonzero(np.isnan(x) & np.isnan(y))
    return x, y, dict.fromkeys(empty.tolist(), EMPTY) | dict.fromkeys(unsaid.tolist(), NO_SHAPE)
