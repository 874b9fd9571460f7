"""The arrays that kernels read, and what the numbers in them mean."""

from typing import NamedTuple

from gridsvc.datum.arrays import FloatArray, Int32Array, IntArray

FANOUT = 16
"""Boxes of a box tree that the box above them spans."""

NONE, DOUBT, FIRST_NODE = -1, -2, -3
"""Codes of a raster below 0, which is the first polygon's: none covers the place; only exact arithmetic can tell; the
node of number 0, whose next has the code one below."""

STRIP = 1e-6
"""Nearer than this to a node's line, measured along u or v in sides of a square, a place is in doubt."""

Box = tuple[float, float, float, float]
"""West, south, east, north."""


class TreeArrays(NamedTuple):
    """A tree over boxes. `boxes` are west, south, east, north of all levels, leaves first: level k has
    levels[k]:levels[k + 1], and its box i spans boxes i * FANOUT … of the level below. `rows` tells which row each leaf
    is.
    """

    boxes: FloatArray
    levels: IntArray
    rows: Int32Array


class RasterArrays(NamedTuple):
    """Squares over a box of lon/lat. `frame` holds west, south, and how many squares there are per degree of longitude
    and of latitude. `codes` has one for each square, south to north, west to east within a row: the index of the one
    polygon that covers all of it, NONE, DOUBT, or that of a node.

    A node is a straight line across a square, with a code for either side; u, v are 0 to 1 inside the square. Node k is
    `nodes[4 * k : 4 * k + 4]`: the bits of two float32 m and c, the code where d > 0, and twice the code where d < 0,
    plus one for a steep line; d is v - (m u + c), or u - (m v + c) for a steep line.
    """

    frame: FloatArray
    columns: int
    rows: int
    codes: Int32Array
    nodes: Int32Array
