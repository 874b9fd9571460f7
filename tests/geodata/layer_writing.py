"""Files of layers for the tests, written with the libraries themselves."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
from shapely import Geometry, box

SQUARE = box(116.4, 39.9, 116.401, 39.901)
CODE = "110101001001001"
NAME = "东四网格"


def frame(
    geometries: Sequence[Geometry] = (SQUARE,), crs: str | None = "EPSG:4326", **columns: Any
) -> geopandas.GeoDataFrame:
    """A frame with a code and a name per geometry, unless other columns are given."""
    numbered = [f"{int(CODE) + i}" for i in range(len(geometries))]
    data = columns or {"code": numbered, "name": [NAME] * len(geometries)}
    return geopandas.GeoDataFrame(data, geometry=list(geometries), crs=crs)


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature; a shapely geometry or a raw object."""
    raw = geometry.__geo_interface__ if isinstance(geometry, Geometry) else geometry
    return {"type": "Feature", "properties": properties or {"code": CODE, "name": NAME}, "geometry": raw}


def write_json(path: Path, document: Any) -> Path:
    """Anything as JSON."""
    path.write_text(json.dumps(document), "utf-8")
    return path
