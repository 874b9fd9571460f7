"""Whether the projected CRS of a territory can measure it."""

from collections.abc import Iterator

from shapely import box

from geodata.checks.context import CheckContext, bounding_box
from geodata.checks.measure import rounded
from gridsvc.datum.plane import default_crs, plane_for
from gridsvc.errors import InvalidInput
from gridsvc.model.issue import Issue

LARGEST_SCALE_ERROR = 0.001
"""A metre on the map may differ from one on the ground by 1 mm: over it distances and areas mislead."""


def check_crs(context: CheckContext) -> Iterator[Issue]:
    """A CRS that is no projected one in metres, or whose scale is off where the city lies."""
    crs = context.territory.crs
    named = (crs,) if len(crs) < 20 else ()
    try:
        plane = plane_for(crs)
    except InvalidInput as error:
        yield context.found("CRS_UNUSABLE", None, "territory", named, reason=error.message)
        return
    if bounding_box(context.territory) is None:
        return
    worst = plane.scale_error(context.box)
    if worst > LARGEST_SCALE_ERROR:
        bounds = context.box
        place = box(bounds.west, bounds.south, bounds.east, bounds.north)
        suggestion = default_crs(context.box)
        yield context.found(
            "CRS_SCALE", None, "territory", named, place, percent=rounded(100 * worst), suggestion=suggestion
        )
