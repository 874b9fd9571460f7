"""Polygons back from flat arrays, for the rare questions that need shapes rather than tests of points."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import IntArray
from gridsvc.index.geometry.polygons import PolygonTable


def outlines_of(table: PolygonTable, rows: IntArray) -> NDArray[np.object_]:
    """Valid lon/lat polygons of these rows; rings count even-odd, as in every test of a point."""
    result = np.empty(len(rows), object)
    for place, row in enumerate(np.asarray(rows).tolist()):
        result[place] = _outline(table, row)
    return result


def _outline(table: PolygonTable, row: int) -> BaseGeometry:
    rings = range(int(table.polygon_offsets[row]), int(table.polygon_offsets[row + 1]))
    outline: BaseGeometry = Polygon()
    for ring in rings:
        vertices = slice(int(table.ring_offsets[ring]), int(table.ring_offsets[ring + 1]))
        part: BaseGeometry = Polygon(np.stack([table.x[vertices], table.y[vertices]], axis=-1))
        part = part if part.is_valid else shapely.make_valid(part)
        outline = part if outline.is_empty else outline.symmetric_difference(part)
    return outline
