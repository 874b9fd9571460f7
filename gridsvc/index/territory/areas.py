"""The areas of a place: by the cell's code tree, or by polygon where there is no cell or it names no area."""

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int32Array
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.exact import locate_one, locate_pairs
from gridsvc.model.territory import Area

_POINTS_AT_ONCE = 200_000


def lineage_of(edition: CompiledEdition, area_index: int) -> tuple[Area, ...]:
    """An area with all above it, widest first and without their outlines; nothing for -1."""
    if area_index < 0:
        return ()
    return tuple(edition.areas.items.named(index) for index in edition.areas.lineage[area_index])


def areas_of_cell(edition: CompiledEdition, cell_index: int) -> tuple[Area, ...]:
    """Areas of a cell by code tree, widest first; empty where it names none: ask `areas_at` for the place then."""
    return lineage_of(edition, int(edition.cells.area[cell_index]))


def areas_at(edition: CompiledEdition, lon: float, lat: float) -> tuple[Area, ...]:
    """Areas of a place by polygon, widest first: the deepest that covers it, then its parents by code."""
    return lineage_of(edition, deepest_area(edition, lon, lat))


def deepest_area(edition: CompiledEdition, lon: float, lat: float) -> int:
    """As `deepest_areas` for one place."""
    areas = edition.areas
    rows = areas.polygons.in_box(lon, lat, lon, lat)
    found = areas.with_polygon[rows]
    for at in np.lexsort((found, -areas.rank[found])).tolist():
        if locate_one(areas.polygons, int(rows[at]), lon, lat) >= 0:
            return int(found[at])
    return -1


def deepest_areas(edition: CompiledEdition, lon: FloatArray, lat: FloatArray) -> Int32Array:
    """Index of the deepest area that covers each point, -1 where none does; among equals the lowest code.

    An area covers its boundary, as a cell does.
    """
    result = np.full(len(lon), -1, np.int32)
    for start in range(0, len(lon), _POINTS_AT_ONCE):
        stop = start + _POINTS_AT_ONCE
        result[start:stop] = _deepest(edition, lon[start:stop], lat[start:stop])
    return result


def _deepest(edition: CompiledEdition, lon: FloatArray, lat: FloatArray) -> Int32Array:
    areas = edition.areas
    point, row = areas.polygons.at_points(lon, lat)
    covers = locate_pairs(areas.polygons, row, lon[point], lat[point]) >= 0
    point, area = point[covers], areas.with_polygon[row[covers]]
    order = np.lexsort((area, -areas.rank[area], point))
    owners, first = np.unique(point[order], return_index=True)
    result = np.full(len(lon), -1, np.int32)
    result[owners] = area[order][first]
    return result
