"""Layers to files, one writer per format. Coordinates are written as full doubles; the datum stands in the file."""

import errno
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geodata.safety import clean_message
from geodata.table_writers import write_csv, write_xlsx
from gridsvc.errors import InvalidInput
from gridsvc.model.places import Key
from gridsvc.model.territory import FEATURE_TYPES, Feature, Layer

SHAPEFILE, DBF_NAME = "ESRI Shapefile", 10
"""A DBF cuts the names of columns after ten bytes."""

_SHAPEFILE_TYPES = {
    Layer.AREAS: "Polygon",
    Layer.CELLS: "Polygon",
    Layer.SEGMENTS: "LineString",
    Layer.COMPONENTS: "Point",
    Layer.PLACES: "Point",
}

CRS_OF_DATUM = {"WGS84": "EPSG:4326", "CGCS2000": "EPSG:4490", "GCJ02": None, "BD09": None}
"""GCJ-02 and BD-09 have no CRS: their files carry none, and an import must be told."""


@dataclass(frozen=True)
class LayerTable:
    """Columns of a layer with geometries (None where it has none) in `datum`; groups have no geometries at all."""

    layer: Layer
    datum: str
    columns: dict[str, list[Any]]
    geometries: NDArray[np.object_] | None

    @property
    def crs(self) -> str | None:
        """CRS to write into the file."""
        return CRS_OF_DATUM.get(self.datum, self.datum)

    def texts(self) -> dict[str, list[str | None]]:
        """Columns as text; lists are joined by semicolons."""
        return {name: [as_text(value) for value in values] for name, values in self.columns.items()}


def columns_of(layer: Layer, features: tuple[Feature, ...]) -> dict[str, list[Any]]:
    """Every field of a layer's features but the geometry, in the order of the model."""
    names = [field.name for field in fields(FEATURE_TYPES[layer]) if field.name != "geometry"]
    return {name: [getattr(feature, name) for feature in features] for name in names}


def as_text(value: object) -> str | None:
    """A value as files hold it: keys as SCHEME:CODE."""
    if value is None:
        return None
    if isinstance(value, Key):
        return ":".join(value)
    if isinstance(value, tuple):
        return ";".join(str(as_text(item)) for item in value)
    return str(value)


def _write_geojson(table: LayerTable, file: Path) -> None:
    names = list(table.columns)
    texts = [None] * len(table.columns["code"]) if table.geometries is None else shapely.to_geojson(table.geometries)
    rows = zip(texts, *table.columns.values(), strict=True)
    features = [
        {
            "type": "Feature",
            "geometry": None if text is None else orjson.Fragment(text),
            "properties": {name: _plain(value) for name, value in zip(names, values, strict=True)},
        }
        for text, *values in rows
    ]
    members: dict[str, Any] = {"type": "FeatureCollection", "datum": table.datum}
    if table.datum.startswith("EPSG:"):
        urn = "urn:ogc:def:crs:" + table.datum.replace(":", "::")
        members["crs"] = {"type": "name", "properties": {"name": urn}}
    file.write_bytes(orjson.dumps({**members, "features": features}))


def _plain(value: object) -> object:
    """Lists stay lists in JSON."""
    return (
        [as_text(item) for item in value] if isinstance(value, tuple) and not isinstance(value, Key) else as_text(value)
    )


def _write_csv(table: LayerTable, file: Path) -> None:
    columns = table.texts()
    if table.geometries is not None:
        columns["datum"] = [table.datum] * len(table.geometries)
        columns["geometry"] = list(shapely.to_wkt(table.geometries, rounding_precision=-1))
    write_csv(columns, file)


def _write_xlsx(table: LayerTable, file: Path) -> None:
    if table.geometries is not None:
        raise InvalidInput("a workbook holds no outlines: export the layer as .gpkg or .csv")
    write_xlsx(table.texts(), file)


@contextmanager
def telling_disk_errors(file: Path) -> Iterator[None]:
    """GDAL says in many ways that a disk is full or lost; whatever it cannot write is an OSError here."""
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError  # noqa: PLC0415 - with GDAL

    try:
        yield
    except (DataSourceError, DataLayerError, FeatureError) as error:
        why = f"it could not be written, is the disk full? ({clean_message(error)})"
        raise OSError(errno.EIO, why, file.name) from error


def _write_with_gdal(driver: str) -> Callable[[LayerTable, Path], None]:
    def write(table: LayerTable, file: Path) -> None:
        from pyogrio.raw import write as write_raw  # noqa: PLC0415 - GDAL is loaded only where a file needs it

        columns, drawn = table.texts(), _drawn(table)
        with telling_disk_errors(file), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # GCJ-02 and BD-09 have none
            write_raw(
                file,
                shapely.to_wkb(drawn),
                [np.array(values, dtype=object) for values in columns.values()],
                [name[:DBF_NAME] if driver == SHAPEFILE else name for name in columns],
                layer=table.layer.value,
                driver=driver,
                geometry_type=_SHAPEFILE_TYPES[table.layer] if driver == SHAPEFILE else "Unknown",
                crs=table.crs,
                encoding="UTF-8",
            )

    return write


def _write_flatgeobuf(table: LayerTable, file: Path) -> None:
    """GDAL writes features without a geometry into such files, and cannot read them again."""
    if shapely.is_missing(_drawn(table)).any():
        raise InvalidInput(f"some {table.layer.value} have no polygon, which FlatGeobuf cannot hold: export as .gpkg")
    _write_with_gdal("FlatGeobuf")(table, file)


def _write_shapefile(table: LayerTable, file: Path) -> None:
    """The parts of a shapefile in one zip; the .cpg says UTF-8."""
    part = file.with_name(f"{table.layer.value}.shp")
    _write_with_gdal(SHAPEFILE)(table, part)
    part.with_suffix(".cpg").write_text("UTF-8", "ascii")
    members = sorted(file.parent.glob(f"{table.layer.value}.*"))  # before the zip, which may have the same stem
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, member.name)


def _write_geoparquet(table: LayerTable, file: Path) -> None:
    import geopandas  # noqa: PLC0415 - pandas is slow to load and only this format needs it

    frame = geopandas.GeoDataFrame(table.texts(), geometry=_drawn(table), crs=table.crs)
    frame.to_parquet(file)


def _drawn(table: LayerTable) -> NDArray[np.object_]:
    if table.geometries is None:
        raise InvalidInput(f"{table.layer.value} have no geometry: export them as .csv, .xlsx or .geojson")
    return table.geometries


WRITERS: dict[str, Callable[[LayerTable, Path], None]] = {
    ".geojson": _write_geojson,
    ".gpkg": _write_with_gdal("GPKG"),
    ".fgb": _write_flatgeobuf,
    ".parquet": _write_geoparquet,
    ".zip": _write_shapefile,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
}
"""By the ending of the file; .zip is a shapefile."""
