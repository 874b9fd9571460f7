"""Files of layers, one reader per format; `read_files` takes them as a user names them.

A name may carry the table of a GeoPackage or the folder of a KML: `city.gpkg:cells`. A zip is unpacked, and everything
in it that is a layer file is read.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from geodata.formats.delimited import grid_to_table, read_grid
from geodata.formats.geojson import read_geojson
from geodata.formats.geoparquet import read_geoparquet
from geodata.formats.ogr import read_flatgeobuf, read_geopackage, read_kml
from geodata.formats.shapefile import read_dbf, read_shapefile
from geodata.formats.table import SourceTable
from geodata.formats.workbook import read_workbook
from geodata.safety import check_file, refuse, unpack

Reader = Callable[[Path, str | None, str, str | None], SourceTable]

_READERS: dict[str, Reader] = {
    ".geojson": lambda path, _, layer, encoding: read_geojson(path, layer, encoding),
    ".json": lambda path, _, layer, encoding: read_geojson(path, layer, encoding),
    ".geojsonl": lambda path, _, layer, encoding: read_geojson(path, layer, encoding, by_line=True),
    ".ndjson": lambda path, _, layer, encoding: read_geojson(path, layer, encoding, by_line=True),
    ".shp": lambda path, _, layer, encoding: read_shapefile(path, layer, encoding),
    ".dbf": lambda path, _, layer, encoding: read_dbf(path, layer, encoding),
    ".gpkg": lambda path, table, layer, _: read_geopackage(path, table, layer),
    ".fgb": lambda path, _, layer, __: read_flatgeobuf(path, layer),
    ".parquet": lambda path, _, layer, __: read_geoparquet(path, layer),
    ".geoparquet": lambda path, _, layer, __: read_geoparquet(path, layer),
    ".kml": lambda path, table, layer, _: read_kml(path, table, layer),
    ".csv": lambda path, _, layer, encoding: grid_to_table(read_grid(path, layer, encoding), path.name),
    ".tsv": lambda path, _, layer, encoding: grid_to_table(read_grid(path, layer, encoding), path.name),
    ".txt": lambda path, _, layer, encoding: grid_to_table(read_grid(path, layer, encoding), path.name),
    ".xlsx": lambda path, _, layer, __: grid_to_table(read_workbook(path, layer), path.name),
}
LAYER_SUFFIXES = tuple(sorted(_READERS))
_SHAPEFILE_PARTS = frozenset({".shx", ".prj", ".cpg", ".sbn", ".sbx"})
_WITH_TABLES = (".gpkg", ".kml")
_IN_ZIP = frozenset(_READERS) - {".txt"}


def split_table(path: Path) -> tuple[Path, str | None]:
    """`city.gpkg:cells` → the file and its table."""
    for suffix in _WITH_TABLES:
        head, colon, table = path.name.partition(f"{suffix}:")
        if colon and table:
            return path.with_name(head + suffix), table
    return path, None


def _read_one(path: Path, layer: str, encoding: str | None) -> SourceTable:
    path, table = split_table(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        if not path.is_file():
            refuse("FILE_MISSING", layer, path.name)
        if path.suffix.lower() in _SHAPEFILE_PARTS:
            refuse("SHAPEFILE_PART_ALONE", layer, path.name)
        refuse("FILE_KIND_UNKNOWN", layer, path.name, kinds=", ".join([*LAYER_SUFFIXES, ".zip"]))
    return reader(path, table, layer, encoding)


def _read_zip(path: Path, layer: str, encoding: str | None) -> list[SourceTable]:
    check_file(path, "zip", layer)
    with tempfile.TemporaryDirectory() as folder:
        members = unpack(path, Path(folder), layer)
        stems = {member.with_suffix("") for member in members if member.suffix.lower() == ".shp"}
        layers = [
            member
            for member in members
            if member.suffix.lower() in _IN_ZIP
            and not (member.suffix.lower() == ".dbf" and member.with_suffix("") in stems)
        ]
        if not layers:
            refuse("ZIP_WITHOUT_LAYER", layer, path.name, kinds=", ".join(sorted(_IN_ZIP)))
        return [_read_one(member, layer, encoding) for member in layers]


def read_files(files: Sequence[Path], layer: str, encoding: str | None = None) -> list[SourceTable]:
    """Every table of the files, in order. LayerRefused where one cannot be read at all."""
    tables: list[SourceTable] = []
    for path in files:
        if path.suffix.lower() == ".zip":
            tables += _read_zip(path, layer, encoding)
        else:
            tables.append(_read_one(path, layer, encoding))
    return tables
