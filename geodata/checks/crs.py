"""Whether the projected CRS of a territory can measure it."""

from collections.abc import Iterator
from math import isfinite

import numpy as np
import shapely
from shapely import box

from geodata.checks.context import CheckContext, bounding_box
from geodata.checks.measure import rounded
from geodata.checks.outlines import drawn
from gridsvc.datum.plane import Plane, default_crs, plane_for, utm_zone
from gridsvc.errors import InvalidInput
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Layer

LARGEST_SCALE_ERROR = 0.001
"""A metre on the map may differ from one on the ground by 1 mm: over it distances and areas mislead."""


def check_crs(context: CheckContext) -> Iterator[Issue]:
    """A CRS that is no projected one in metres, or whose scale is off where the city lies."""
    crs = context.territory.crs
    is_drawn = bounding_box(context.territory) is not None
    if not crs and not is_drawn:
        yield context.found("NOTHING_DRAWN", None, "territory")
        return
    named = (crs,) if len(crs) < 20 else ()
    try:
        plane = plane_for(crs)
    except InvalidInput as error:
        yield context.found("CRS_UNUSABLE", None, "territory", named, reason=error.message)
        return
    if is_drawn:
        yield from _beyond(context, plane)
        yield from _misleading(context, plane, named)


def _beyond(context: CheckContext, plane: Plane) -> Iterator[Issue]:
    """What is measured in the plane alone, and lies where the plane has no coordinates."""
    for layer in (Layer.SEGMENTS, Layer.COMPONENTS):
        features, geometries = drawn(context, layer)
        coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
        x, y = plane.project(coordinates[:, 0], coordinates[:, 1])
        for index in np.unique(owner[~(np.isfinite(x) & np.isfinite(y))]):
            feature = features[index]
            told = (layer.value, (feature.code,), feature.geometry)
            yield context.found("CRS_NO_ANSWER", feature.scheme, *told, suggestion=default_crs(context.box))


def _misleading(context: CheckContext, plane: Plane, named: tuple[str, ...]) -> Iterator[Issue]:
    worst, bounds = plane.scale_error(context.box), context.box
    if worst <= LARGEST_SCALE_ERROR:
        return
    suggestion = default_crs(bounds)
    told = ("territory", named, box(bounds.west, bounds.south, bounds.east, bounds.north))
    percent = rounded(100 * worst) if isfinite(worst) else "> 1000"
    if plane.crs == suggestion:
        zones = {"first": utm_zone(bounds.west), "last": utm_zone(bounds.east)}
        yield context.found("CRS_SCALE_ZONES", None, *told, percent=percent, **zones)
    else:
        yield context.found("CRS_SCALE", None, *told, percent=percent, suggestion=suggestion)
