"""Fewer vertices for lower zooms. What shares a border before shares it afterwards, so that no gap opens between."""

import numpy as np
import shapely

from geodata.tiles.geometry_commands import LINE, POLYGON
from geodata.tiles.grid import EXTENT, Shapes, scaled
from geodata.tiles.layers import Sheet

DETAIL = EXTENT / 512
"""Units that are half a pixel of a tile shown at 256 pixels; smaller things nobody sees."""


def simplified(sheet: Sheet, zoom: int, deepest: int) -> Shapes:
    """A sheet in tile units of a zoom; at the deepest one, which is also shown enlarged, with every vertex."""
    shapes = scaled(sheet.shapes, zoom)
    if zoom == deepest or len(shapes) == 0:
        return shapes
    if sheet.kind == LINE:
        return np.asarray(shapely.simplify(shapes, DETAIL / 2, preserve_topology=False), dtype=object)
    if sheet.kind == POLYGON and sheet.coverage:
        return np.asarray(shapely.coverage_simplify(shapes, DETAIL), dtype=object)
    return shapes
