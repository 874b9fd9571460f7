"""IN: points of a file in chunks, the same ones each time it is read; what cannot be used at all is refused at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from api.batch.columns import CHUNK_ROWS, MAX_ROWS, NUMBERS, Points, check_words, datum_unsaid, is_text, is_unsaid
from api.batch.columns import points_of as points_of_batch
from api.batch.read_tables import check_schema, checked, read_arrow, read_csv
from geodata.points.datums import datum_of_points
from geodata.points.geojson import BY_LINE, GeoJsonPoints
from geodata.points.geopackage import GeoPackagePoints, open_geopackage
from geodata.points.geoparquet import GeoParquetPoints, find_geoparquet
from geodata.points.layer import Passed
from gridsvc.errors import InvalidInput, TooLarge

Chunks = Callable[[], Iterator[Points]]
GEOJSON = frozenset({".geojson", ".json", *BY_LINE})
SOURCE_ENDINGS = ".csv, .arrow, .parquet, .geojson, .geojsonl or .gpkg"


@dataclass(frozen=True, slots=True)
class Source:
    """`datum` is that of rows that say none, None where all say one; `remarks` are lines to tell."""

    chunks: Chunks
    rows: int
    datum: str | None
    remarks: tuple[str, ...] = ()


@contextmanager
def open_source(path: Path, datum: str | None, layer: str | None) -> Iterator[Source]:
    """Read a whole file once and give it to be read again. `datum` is what its user says, canonical.

    Raises InvalidInput, UnknownDatum, TooLarge and LayerRefused for what is no file of points.
    """
    ending = path.suffix.lower()
    if layer is not None and ending != ".gpkg":
        raise InvalidInput(f"--layer is for a GeoPackage: {path.name} has one layer.")
    if ending == ".gpkg":
        package = open_geopackage(path, layer)
        yield _open_shapes(path, package, datum)
    elif ending in GEOJSON:
        yield _open_geojson(path, datum)
    elif ending == ".parquet" and (shapes := _find_geoparquet(path)) is not None:
        yield _open_shapes(path, shapes, datum)
    else:
        reader = _TABLES.get(ending)
        if reader is None:
            raise InvalidInput(f"{path.name} has no ending that says a format: use {SOURCE_ENDINGS}.")
        with path.open("rb") as file:
            chunks = reader(file, datum)
            yield Source(chunks, sum(map(len, chunks())), datum)


def _read_parquet(file: BinaryIO, datum: str | None) -> Chunks:
    return checked(file, _parquet_batches, datum, _NO_PARQUET)


def _parquet_batches(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    """With words as they are kept: all rows may mean the same one."""
    schema = pq.ParquetFile(file).schema_arrow
    check_schema(schema)
    words = [name for name in schema.names if name not in NUMBERS and is_text(schema.field(name).type)]
    yield from pq.ParquetFile(file, read_dictionary=words).iter_batches(CHUNK_ROWS)


_NO_PARQUET = "The Parquet file cannot be read"
_TABLES: dict[str, Callable[[BinaryIO, str | None], Chunks]] = {
    ".csv": read_csv,
    ".arrow": read_arrow,
    ".parquet": _read_parquet,
}


def _find_geoparquet(path: Path) -> GeoParquetPoints | None:
    with _refusing_damage(_NO_PARQUET):
        return find_geoparquet(path)


@contextmanager
def _refusing_damage(trouble: str) -> Iterator[None]:
    """A library's error about the content of a file becomes a refusal; `trouble` is how it begins."""
    try:
        yield
    except (pa.ArrowException, ValueError, OSError) as error:
        reason = " ".join(str(error).split())[:300].rstrip(".")
        raise InvalidInput(f"{trouble}: {reason}.") from error


def _open_shapes(path: Path, shapes: GeoPackagePoints | GeoParquetPoints, said: str | None) -> Source:
    datum, told = datum_of_points(path.name, shapes.crs, said, is_binding=True)

    def chunks() -> Iterator[Points]:
        with _refusing_damage(f"{path.name} cannot be read"):
            for batch, faults in shapes.read():
                check_schema(batch.schema)
                check_words(batch)
                points = points_of_batch(batch)
                points.errors.update(faults)
                yield points

    return _checked(chunks, datum, told, shapes.passed_by)


def _open_geojson(path: Path, said: str | None) -> Source:
    from api.batch.read_json import JsonBatch  # noqa: PLC0415  the web framework comes with it

    layer = GeoJsonPoints(path, Passed())

    def chunks() -> Iterator[Points]:
        for rows, faults in layer.read():
            for points in JsonBatch(None, None, rows).chunks():
                points.errors.update(faults)
                yield points

    source = _checked(chunks, said, [], layer.passed_by)
    datum_of_points(path.name, layer.crs, said, is_binding=False)
    return source


def _checked(chunks: Chunks, datum: str | None, told: list[str], passed_by: Passed) -> Source:
    """Read to the end, so that nothing is answered of what will be refused."""
    rows = 0
    for points in chunks():
        if rows + len(points) > MAX_ROWS:
            raise TooLarge(f"More than {MAX_ROWS} rows: resolve the file in parts.", limit=MAX_ROWS)
        if datum is None:
            _check_datum_said(points, rows)
        rows += len(points)
    if passed_by.names:
        told = [*told, f"Attributes that are not read: {', '.join(passed_by.names)}."]
    return Source(chunks, rows, datum, tuple(told))


def _check_datum_said(points: Points, before: int) -> None:
    unsaid = np.ones(len(points), np.bool_) if points.datum is None else is_unsaid(points.datum)
    unsaid[list(points.errors)] = False  # what is no point needs none
    if unsaid.any():
        raise datum_unsaid(before + int(unsaid.argmax()))
