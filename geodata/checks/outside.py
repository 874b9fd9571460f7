"""Segments, components and places that lie where the city has neither a cell nor an area."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.checks.context import CheckContext
from geodata.checks.outlines import drawn
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Area, Cell, Layer


def check_outside(context: CheckContext) -> Iterator[Issue]:
    """Features wholly outside the city, and those that leave it (judged by their vertices)."""
    ground: list[Area | Cell] = [*context.territory.areas, *context.territory.cells]
    polygons = context.polygons_of([feature for feature in ground if feature.geometry is not None])
    for layer in (Layer.SEGMENTS, Layer.COMPONENTS, Layer.PLACES) if len(polygons) else ():
        features, geometries = drawn(context, layer)
        if not len(features):
            continue
        vertices, of_feature = shapely.get_coordinates(geometries, return_index=True)
        leaving = np.unique(of_feature[~_met(np.asarray(shapely.points(vertices), dtype=object), polygons)])
        touching = leaving[_met(geometries[leaving], polygons)]
        for index in leaving:
            code = "PARTLY_OUTSIDE_CITY" if index in touching else "OUTSIDE_CITY"
            feature = features[index]
            yield context.found(code, feature.scheme, layer.value, (feature.code,), feature.geometry)


def _met(places: NDArray[np.object_], polygons: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which of the places meet a polygon. The tree holds the places: a query prepares what it is asked with only, and
    an unprepared district would be walked round once for every place.
    """
    met = np.zeros(len(places), dtype=bool)
    met[shapely.STRtree(places).query(polygons, predicate="intersects")[1]] = True
    return met


def check_segment_subdistricts(context: CheckContext) -> Iterator[Issue]:
    """Segments that name an unknown subdistrict, or one that they do not touch."""
    for segment in context.territory.segments:
        if segment.subdistrict is None:
            continue
        area = context.areas.get(segment.subdistrict)
        told = ("segments", (segment.code,), segment.geometry)
        if area is None:
            yield context.found("SEGMENT_AREA_UNKNOWN", segment.scheme, *told, area=segment.subdistrict)
        elif area.geometry is not None and not _meet(area.geometry, segment.geometry):
            yield context.found("SEGMENT_AGAINST_POLYGON", segment.scheme, *told, area=area.code)


def _meet(area: shapely.Geometry, line: shapely.Geometry) -> bool:
    """Bounds first; `intersects` on an invalid polygon may be wrong, which its own check tells."""
    return bool(shapely.intersects(shapely.box(*shapely.bounds(area)), line) and shapely.intersects(area, line))
