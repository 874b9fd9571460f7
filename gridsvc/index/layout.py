"""The arrays that kernels read, and what the numbers in them mean."""

from typing import NamedTuple

from gridsvc.datum.arrays import BoolArray, FloatArray, Int8Array, Int32Array, IntArray

FANOUT = 16
"""Boxes of a box tree that the box above them spans."""

NONE, DOUBT, FIRST_NODE = -1, -2, -3
"""Codes of a raster below 0, which is the first polygon's: none covers the place; only exact arithmetic can tell; the
node of number 0, whose next has the code one below."""

UNSURE = 2
"""Where a sign is wanted: rounding may decide it, and rational numbers are to be asked."""

STRIP = 1e-6
"""Nearer than this to a node's line, measured along u or v in sides of a square, a place is in doubt."""

_EPSILON = 2.0**-53
ORIENTATION_BOUND, ORIENTATION_FLOOR = (3.0 + 16.0 * _EPSILON) * _EPSILON, 1e-300
"""Shewchuk 1997, error bound A of orient2d: sound while nothing over- or underflows, hence the floor, far above what a
product can lose to underflow. Infinite and NaN values fail the comparison and go to rational numbers."""

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


class RingArrays(NamedTuple):
    """Vertices and offsets of a `PolygonTable`."""

    x: FloatArray
    y: FloatArray
    ring_offsets: IntArray
    polygon_offsets: IntArray


class RasterArrays(NamedTuple):
    """Squares over a box of lon/lat. `frame` holds west, south, and how many squares there are per degree of longitude
    and of latitude. `codes` has one for each square, south to north, west to east within a row: the index of the one
    polygon that covers all of it, NONE, DOUBT, or that of a node.

    A node is a straight line across a square, with a code for either side; u, v are 0 to 1 inside it. Node k is
    `nodes[4 * k : 4 * k + 4]`: the bits of two float32 m and c, the code where d > 0, and twice the code where d < 0,
    plus one for a steep line; d is v - (m u + c), or u - (m v + c) for a steep line.
    """

    frame: FloatArray
    columns: int
    rows: int
    codes: Int32Array
    nodes: Int32Array


class LineRaster(NamedTuple):
    """Squares over a box of the plane; `frame` holds its west, south and the side of a square in metres. The pieces
    that cross square k are `pieces[starts[k]:starts[k + 1]]`, ascending; squares lie as in `RasterArrays`.
    """

    frame: FloatArray
    columns: int
    rows: int
    starts: IntArray
    pieces: Int32Array


class PieceArrays(NamedTuple):
    """Straight pieces a → b of centre lines, in metres of the plane, and whose they are; `before` and `after` are the
    pieces that a piece joins, -1 at an end.
    """

    ax: FloatArray
    ay: FloatArray
    bx: FloatArray
    by: FloatArray
    owner: Int32Array
    before: IntArray
    after: IntArray


class SegmentFacts(NamedTuple):
    """What a choice among segments looks at: that segment k is a street, and the numbers of the subdistricts and
    communities that it passes through, `subdistricts[subdistrict_starts[k]:subdistrict_starts[k + 1]]`.
    """

    is_street: BoolArray
    subdistrict_starts: IntArray
    subdistricts: Int32Array
    community_starts: IntArray
    communities: Int32Array


class LineArrays(NamedTuple):
    """Segments as kernels ask them."""

    raster: LineRaster
    pieces: PieceArrays
    facts: SegmentFacts


class Places(NamedTuple):
    """Places in metres of the plane with the numbers of their subdistrict and community, -1 for none."""

    x: FloatArray
    y: FloatArray
    subdistrict: Int32Array
    community: Int32Array


class Choices(NamedTuple):
    """For each place the segment that answers, and the nearer one that was passed over: index or -1, metres (NaN:
    none), side (+1 left, -1 right, 0 on the line). `is_own` says that the first belongs to the place's
    subdistrict. Where it `is_doubtful` nothing was found out.
    """

    segment: Int32Array
    distance_m: FloatArray
    side: Int8Array
    nearer: Int32Array
    nearer_m: FloatArray
    nearer_side: Int8Array
    is_own: BoolArray
    is_doubtful: BoolArray


MARGIN = 1.01
"""What a circle is widened by where nothing may be missed: planes are affine only to first order."""

Place = tuple[float, float, float, float]
"""Longitude and latitude, and metres of the plane."""

Flat = tuple[FloatArray | IntArray | Int32Array | Int8Array | BoolArray | int, ...]
"""Arrays of named tuples one after the other: a kernel takes these in within a fraction of the time."""

Sight = tuple[Flat, Flat, Flat]
"""What a place is looked at in. Cells: a raster, a tree, the `Outlines` of the polygons, the area of each. Trees: of
loose edges, of determinations, of patches. Lines: all of `LineArrays`, and the numbers (areas, 2) of subdistricts and
communities.
"""

Outlines = tuple[FloatArray, FloatArray, IntArray, IntArray]
"""The x, y, ring offsets and polygon offsets of polygons."""

MOST_NEIGHBOURS = 32
"""Cells whose boxes are near one place; where there are more, arrays are asked."""


class Look(NamedTuple):
    """One place at a glance. Below 0 the `cell` says that only a closer look tells, and nothing else is said.

    Else it alone covers the place, and names an `area`. `neighbours` are other cells within the radius, ~cell where
    that is doubtful. `is_odd`: loose edges are near, or too many cells. `is_determined`, `is_patched`: the box of a
    determination meets that of the circle, that of a patch the place. `choice` is as in `Choices`: segment, metres,
    side, nearer, metres, side, is_own, is_doubtful.
    """

    cell: int
    area: int
    neighbours: Int32Array
    is_odd: bool
    is_determined: bool
    is_patched: bool
    choice: tuple[int, float, int, int, float, int, bool, bool]
