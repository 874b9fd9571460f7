"""Who else is near a place: cells, areas without cells, and places that belong to nobody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.plane import Frame
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.local_plane import box_around, common_ground, local_metres, united, without_ground
from gridsvc.index.territory.faces import MARGIN, find_uneven_faces
from gridsvc.index.territory.spot import Spot

SLIVER_M = 0.01
"""Narrower places are slips of drawing, such as a T-junction leaves, and are nobody's ground."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`cells` as from `cells_near`; `bare` is ground that no cell covers, by index of its deepest area, in metres.

    `uncovered` says that some ground within the radius is in no cell and no area. Slivers are left out.
    """

    cells: tuple[tuple[int, float], ...]
    bare: Mapping[int, BaseGeometry]
    uncovered: bool

    @property
    def areas(self) -> tuple[int, ...]:
        """Indices of the areas of bare ground."""
        return tuple(self.bare)


def cells_near(
    spot: Spot, radius_m: float, is_wanted: Callable[[int], bool] = lambda _: True
) -> list[tuple[int, float]]:
    """(cell index, metres) within the radius, nearest first, then by index; 0.0 for a cell that covers the place.

    Only the wanted cells are measured.
    """
    near = spot.edition.cells.polygons.in_box(*spot.reach(radius_m * MARGIN)).tolist()
    cells = [cell for cell in near if is_wanted(cell)]
    pairs = zip(cells, spot.metres_to(cells), strict=True)
    return sorted(((cell, far) for cell, far in pairs if far <= radius_m), key=lambda pair: (pair[1], pair[0]))


def bodies_near(spot: Spot, radius_m: float, is_wanted: Callable[[int], bool] = lambda _: True) -> Surroundings:
    """The wanted cells and all ground without cells that lie within the radius of a place."""
    cells = tuple(cells_near(spot, radius_m, is_wanted))
    empty = [face.outline for face in find_uneven_faces(spot, radius_m) if not face.depth]
    if not empty:
        return Surroundings(cells, {}, uncovered=False)
    by_area, rest = split_by_area(spot.edition, spot.frame, united(empty), is_clipped=True)
    bare = {area: place for area, place in sorted(by_area.items()) if _is_wide(place)}
    return Surroundings(cells, bare, _is_wide(rest))


def _is_wide(place: BaseGeometry) -> bool:
    """Whether a place is more than slivers; where there is plenty of room around some point in it, that is plain."""
    if not place.is_empty and place.boundary.distance(place.representative_point()) > 2 * SLIVER_M:
        return True
    return not shapely.buffer(place, -SLIVER_M / 2).is_empty


def split_by_area(
    edition: CompiledEdition, frame: Frame, place: BaseGeometry, *, is_clipped: bool = False
) -> tuple[dict[int, BaseGeometry], BaseGeometry]:
    """A place in metres around the frame's point, cut up by deepest area, and what no area covers.

    With `is_clipped` outlines of areas are first clipped to what is around the place: quicker by far, and the parts may
    begin at other vertices, which shows in the last digits of what is summed over them.
    """
    found: dict[int, BaseGeometry] = {}
    if place.is_empty:
        return found, place
    areas = edition.areas
    west, south, east, north = box_around(frame, place)
    near = areas.with_polygon[areas.polygons.in_box(west, south, east, north)]
    near = near[np.lexsort((near, -areas.rank[near]))]
    width, height = east - west, north - south
    around = west - width, south - height, east + width, north + height
    for area, shape in zip(near.tolist(), areas.items.shapes.take(near), strict=True):
        clipped = shapely.clip_by_rect(shape, *around) if is_clipped and shapely.is_valid(shape) else shape
        outline = shapely.make_valid(shapely.transform(clipped, lambda xy: local_metres(frame, xy)))
        part = common_ground(place, outline)
        if part.area > 0:
            found[area] = part
            place = without_ground(place, outline)
            if place.is_empty:  # nothing is left for the larger ones, whose outlines take the longest
                break
    return found, place
