"""Polygons back from flat arrays, for the rare questions that need shapes rather than tests of points."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import IntArray
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.geometry.ranges import expand_ranges


def outlines_of(table: PolygonTable, rows: IntArray) -> NDArray[np.object_]:
    """Valid lon/lat polygons of these rows; rings count even-odd, as in every test of a point."""
    rows = np.asarray(rows)
    result = np.empty(len(rows), object)
    is_plain = table.polygon_offsets[rows + 1] - table.polygon_offsets[rows] == 1
    result[is_plain] = _plain_outlines(table, rows[is_plain])
    for place in np.flatnonzero(~is_plain).tolist():
        result[place] = _outline(table, int(rows[place]))
    return result


def _plain_outlines(table: PolygonTable, rows: IntArray) -> NDArray[np.object_]:
    """All at once where each polygon is one ring, as nearly every cell is."""
    rings = table.polygon_offsets[rows]
    counts = table.ring_offsets[rings + 1] - table.ring_offsets[rings]
    vertices = expand_ranges(table.ring_offsets[rings], counts)
    owner = np.repeat(np.arange(len(rows)), counts)
    places = np.column_stack([table.x[vertices], table.y[vertices]])
    outlines = np.asarray(shapely.polygons(np.asarray(shapely.linearrings(places, indices=owner), object)), object)
    crooked = ~shapely.is_valid(outlines)
    outlines[crooked] = shapely.make_valid(outlines[crooked])
    return outlines


def _outline(table: PolygonTable, row: int) -> BaseGeometry:
    rings = range(int(table.polygon_offsets[row]), int(table.polygon_offsets[row + 1]))
    outline: BaseGeometry = Polygon()
    for ring in rings:
        vertices = slice(int(table.ring_offsets[ring]), int(table.ring_offsets[ring + 1]))
        part: BaseGeometry = Polygon(np.stack([table.x[vertices], table.y[vertices]], axis=-1))
        part = part if part.is_valid else shapely.make_valid(part)
        outline = part if outline.is_empty else outline.symmetric_difference(part)
    return outline
