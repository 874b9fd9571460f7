"""The points of a GeoPackage: one layer of it, batch by batch, through GDAL."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from geodata.formats.ogr import check_stored, reading
from geodata.points.layer import ATTRIBUTES, CHUNK_ROWS, Passed
from geodata.points.wkb import coordinates_of
from geodata.safety import check_file
from gridsvc.errors import InvalidInput

_KINDS = ("Point", "MultiPoint", "Unknown", "GeometryCollection")
"""Declared kinds of layers that may hold points."""

Batch = tuple[pa.RecordBatch, dict[int, str]]


@dataclass(slots=True)
class GeoPackagePoints:
    """A layer that may be read any number of times."""

    path: Path
    table: str
    crs: str | None
    passed_by: Passed
    _columns: list[str] = field(default_factory=list)

    def read(self) -> Iterator[Batch]:
        """Columns `lon`, `lat` (as they are in the file) and ATTRIBUTES, with what is wrong with some rows.

        A layer without an attribute `id` has the numbers of its features for it.
        """
        from pyogrio.raw import open_arrow  # noqa: PLC0415  GDAL is loaded only where a file needs it

        wanted = {"columns": self._columns, "batch_size": CHUNK_ROWS, "return_fids": True, "use_pyarrow": True}
        with ExitStack() as opened:
            with reading("points", self.path.name):
                meta, batches = opened.enter_context(open_arrow(self.path, layer=self.table, **wanted))
            while True:
                with reading("points", self.path.name):  # not while whoever takes the batches works
                    batch = next(batches, None)
                if batch is None:
                    return
                yield _points_of(batch, meta["geometry_name"] or "wkb_geometry", meta["fid_column"] or "OGC_FID")


def open_geopackage(path: Path, table: str | None) -> GeoPackagePoints:
    """The one layer with geometry, or the named one. InvalidInput where there is none, or several and none is named;
    LayerRefused for a file that is no GeoPackage, or is damaged.
    """
    import pyogrio  # noqa: PLC0415

    check_file(path, "GeoPackage", "points")
    _check_closed(path)
    with reading("points", path.name):
        layers = {str(name): kind for name, kind in pyogrio.list_layers(path) if kind is not None}
    chosen = _choose(path.name, list(layers), table)
    kind = str(layers[chosen])
    if not kind.removeprefix("2.5D ").removeprefix("3D ").removeprefix("Measured ").startswith(_KINDS):
        raise InvalidInput(f"Layer {chosen} of {path.name} holds {kind}: a layer of Points is wanted.")
    check_stored(path, chosen, "points")
    with reading("points", path.name):
        info = pyogrio.read_info(path, layer=chosen)
    names = [str(name) for name in info["fields"]]
    passed_by = Passed()
    passed_by.note(names)
    return GeoPackagePoints(path, chosen, info["crs"], passed_by, [name for name in names if name in ATTRIBUTES])


def _check_closed(path: Path) -> None:
    """What another program has written and not yet laid into the file is beside it."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise InvalidInput(f"{path.name} is being edited by another program ({log.name} is there): close it there.")


def _choose(file: str, layers: Sequence[str], wanted: str | None) -> str:
    told = ", ".join(layers)[:500]
    if not layers:
        raise InvalidInput(f"{file} has no layer with geometry.")
    if wanted is None and len(layers) > 1:
        raise InvalidInput(f"{file} has several layers: say which one with --layer. There are {told}.")
    if wanted is not None and wanted not in layers:
        raise InvalidInput(f"{file} has no layer {wanted[:80]!r} with geometry. There are {told}.")
    return wanted if wanted is not None else layers[0]


def _points_of(batch: pa.RecordBatch, shape: str, number: str) -> Batch:
    x, y, faults = coordinates_of(batch.column(shape))
    columns: dict[str, Any] = {name: batch.column(name) for name in ATTRIBUTES if name in batch.schema.names}
    columns.setdefault("id", batch.column(number))
    return pa.record_batch({"lon": x, "lat": y} | columns), faults
