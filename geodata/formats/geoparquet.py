"""GeoParquet: only files with the `geo` metadata, which says what the geometry is and where it lies."""

from pathlib import Path

from geodata.formats.ogr import reading
from geodata.formats.parquet_sizes import check_sizes
from geodata.formats.table import SourceTable, geometry_array
from geodata.safety import check_file


def read_geoparquet(path: Path, layer: str) -> SourceTable:
    """The table, without columns of lists or records, which no layer has; a file without a CRS member is OGC:CRS84 by
    its standard, one with `"crs": null` says nothing.
    """
    import geopandas  # noqa: PLC0415  pandas is slow to load and only this format needs it

    check_file(path, "GeoParquet", layer)
    with reading(layer, path.name):
        frame = geopandas.read_parquet(path, columns=check_sizes(path, layer))
        place = frame.geometry.name
        geometries = geometry_array(frame.geometry.to_numpy())
        crs = frame.crs.to_wkt() if frame.crs is not None else None
        others = frame.drop(columns=[name for name, kind in frame.dtypes.items() if str(kind) == "geometry"])
        columns = {
            str(name): others[name].astype(object).where(others[name].notna(), None).tolist()
            for name in others.columns
            if name != place
        }
    return SourceTable(path.name, columns, range(1, len(frame) + 1), geometries, crs)
