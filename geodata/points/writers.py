"""Answers on a map: GeoJSON and GeoPackage, batch by batch, each with `lon` and `lat` in WGS84 behind its columns."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from geodata.layer_writers import telling_disk_errors
from geodata.points.wkb import write_points

LAYER, SHAPE = "answers", "geom"
ROWS_AT_ONCE = 4096
"""Each becomes a Python object or two dozen on its way to JSON."""

Batches = Iterable[pa.RecordBatch]


def write_geojson(file: Path, batches: Batches, about: Mapping[str, Any]) -> None:
    """One feature in a line, `about` as members of the collection."""
    head = orjson.dumps({"type": "FeatureCollection", **about}).removesuffix(b"}")
    with file.open("wb") as out:
        out.write(head + b',"features":[')
        before = b"\n"
        for batch in batches:
            for start in range(0, batch.num_rows, ROWS_AT_ONCE):
                out.write(before + b",\n".join(map(orjson.dumps, _features(batch.slice(start, ROWS_AT_ONCE)))))
                before = b",\n"
        out.write(b"\n]}\n")


def _features(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    *columns, lon, lat = (_plain(column).to_pylist() for column in batch.columns)
    names = batch.schema.names[:-2]
    for x, y, *values in zip(lon, lat, *columns, strict=True):
        place = None if np.isnan(x) else {"type": "Point", "coordinates": [x, y]}
        yield {"type": "Feature", "geometry": place, "properties": dict(zip(names, values, strict=True))}


def write_geopackage(file: Path, schema: pa.Schema, batches: Batches, about: Mapping[str, str]) -> None:
    """One layer with a spatial index, `about` as its metadata. `schema` is that of the columns without the place."""
    from pyogrio.raw import write_arrow  # noqa: PLC0415  GDAL is loaded only where a file needs it

    plain = pa.schema([*((field.name, _plain_type(field.type)) for field in schema), (SHAPE, pa.binary())])
    failures: list[BaseException] = []

    def shapes() -> Iterator[pa.RecordBatch]:
        try:
            for batch in batches:
                *columns, lon, lat = batch.columns
                blobs = write_points(np.asarray(lon), np.asarray(lat))
                yield pa.RecordBatch.from_arrays([*map(_plain, columns), blobs], schema=plain)
        except BaseException as error:  # which GDAL would tell in words of its own
            failures.append(error)
            raise

    try:
        with telling_disk_errors(file):
            write_arrow(
                pa.RecordBatchReader.from_batches(plain, shapes()), file, layer=LAYER, driver="GPKG",
                geometry_name=SHAPE, geometry_type="Point", crs="EPSG:4326", layer_metadata=dict(about),
            )  # fmt: skip
    except Exception:
        if failures:
            raise failures[0] from None
        raise


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(_plain_type(column.type))


def _plain_type(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_dictionary(kind) else kind
