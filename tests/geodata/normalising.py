"""One table through the normalising stage, for the tests of it."""

from collections.abc import Sequence
from typing import Any

from shapely import Geometry, LineString, Polygon

from geodata.formats.table import SourceTable, geometry_array
from geodata.issues import list_blocking
from geodata.normalise import Incoming, Rules, normalise
from geodata.schemes import load_schemes
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Layer
from tests.geodata.layer_writing import CODE, SQUARE

SCHEMES = load_schemes(None)
BOWTIE = Polygon([(116.4, 39.9), (116.41, 39.91), (116.41, 39.9), (116.4, 39.91)])
LINE = LineString([(116.4, 39.9), (116.41, 39.9)])


def table(
    geometries: Sequence[Geometry | None] | None = (SQUARE,), crs: str | None = None, **columns: Any
) -> SourceTable:
    count = len(geometries) if geometries is not None else len(next(iter(columns.values())))
    named = columns or {"code": [CODE] * count}
    placed = geometry_array(list(geometries)) if geometries is not None else None
    return SourceTable("f.geojson", named, range(1, count + 1), placed, crs, crs_is_binding=crs is not None)


def run(source: SourceTable, layer: Layer = Layer.CELLS, **options: Any) -> tuple[list[Incoming], list[Issue]]:
    options.setdefault("datum", "WGS84")
    return normalise([source], Rules(layer, SCHEMES, **options), lambda done, total: None)


def blocking(source: SourceTable, layer: Layer = Layer.CELLS, **options: Any) -> list[str]:
    return [issue.code for issue in list_blocking(run(source, layer, **options)[1])]


def one(source: SourceTable, layer: Layer = Layer.CELLS, **options: Any) -> Any:
    (incoming,), issues = run(source, layer, **options)
    assert list_blocking(issues) == []
    return incoming.feature
