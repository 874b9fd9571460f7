"""Areas inside their parents, cells inside their areas; by the polygon of the nearest ancestor that has one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geodata.checks.context import CheckContext
from geodata.checks.cycles import chain
from geodata.checks.grouping import indices_by_group
from geodata.checks.measure import SLIVER_M, rounded
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Area, Cell, Layer


@dataclass(frozen=True)
class _Escape:
    """What of a feature lies outside its container: lon/lat polygons, with area and greatest width."""

    feature: Area | Cell
    container: Area
    outside: Geometry
    area_m2: float
    width_m: float


def check_containment(context: CheckContext) -> Iterator[Issue]:
    """Features that leave their container; slivers are one note per container."""
    for layer, features in ((Layer.AREAS, context.territory.areas), (Layer.CELLS, context.territory.cells)):
        slivers: dict[str, list[_Escape]] = {}
        for escape in _escapes(context, features):
            if escape.width_m > SLIVER_M:
                yield _tell(context, layer, escape)
            else:
                slivers.setdefault(escape.container.code, []).append(escape)
        for code, escapes in slivers.items():
            yield context.found(
                "OUTSIDE_SLIVER",
                escapes[0].feature.scheme,
                layer.value,
                (code,),
                shapely.union_all([escape.outside for escape in escapes]),
                count=len(escapes),
                width_m=rounded(max(escape.width_m for escape in escapes)),
            )


def _tell(context: CheckContext, layer: Layer, escape: _Escape) -> Issue:
    feature, container = escape.feature, escape.container
    values = {"area_m2": rounded(escape.area_m2), "width_m": rounded(escape.width_m), "container": container.code}
    code = "AREA_OUTSIDE_PARENT" if layer is Layer.AREAS else "CELL_OUTSIDE_AREA"
    if 2 * shapely.area(escape.outside) > shapely.area(feature.geometry):
        other = _area_at(context, feature, container)
        if other is not None:
            code, values = "CODE_AGAINST_POLYGON", values | {"polygon_area": other.code}
    return context.found(code, feature.scheme, layer.value, (feature.code,), escape.outside, **values)


def _area_at(context: CheckContext, feature: Area | Cell, container: Area) -> Area | None:
    """Another area of the container's level in which the middle of the feature lies."""
    middle = shapely.point_on_surface(feature.geometry)
    for area in context.territory.areas:
        beside = area.level.rank == container.level.rank and area.code != container.code
        if beside and area.geometry is not None and shapely.intersects(area.geometry, middle):
            return area
    return None


def _escapes(context: CheckContext, features: tuple[Area, ...] | tuple[Cell, ...]) -> Iterator[_Escape]:
    held = [(f, c) for f in features if f.geometry is not None and (c := _container(context, f)) is not None]
    if not held:
        return
    polygons = context.polygons_of([feature for feature, _ in held])
    containers = _polygons_by_area(context, [container for _, container in held])
    loose = np.flatnonzero(~shapely.covers(containers, polygons))
    parts, of_feature = _outside(polygons[loose], containers[loose])
    areas, widths = context.ruler.measure(parts)
    for index, here in zip(loose, indices_by_group(of_feature, len(loose)), strict=True):
        if len(here) == 0:
            continue
        feature, container = held[index]
        outside = shapely.union_all(parts[here])
        yield _Escape(feature, container, outside, float(areas[here].sum()), float(widths[here].max()))


def _outside(
    polygons: NDArray[np.object_], containers: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    parts, of_feature = shapely.get_parts(shapely.difference(polygons, containers), return_index=True)
    flat = (shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 0)
    return parts[flat], of_feature[flat]


def _container(context: CheckContext, feature: Area | Cell) -> Area | None:
    start = feature.parent if isinstance(feature, Area) else feature.area
    known = (context.areas.get(code) for code in chain(context.parents, start))
    return next((area for area in known if area is not None and area.geometry is not None), None)


def _polygons_by_area(context: CheckContext, areas: list[Area]) -> NDArray[np.object_]:
    """One prepared polygon per area, shared by all that it contains."""
    distinct = list({area.code: area for area in areas}.values())
    polygons = context.polygons_of(distinct)
    shapely.prepare(polygons)
    by_code = {area.code: polygon for area, polygon in zip(distinct, polygons, strict=True)}
    return np.array([by_code[area.code] for area in areas], dtype=object)
