"""One edition made ready for questions: flat arrays and trees, never changed after compiling.

Everything here may be read from many threads: arrays are written once, trees are built when they are made.
Features are in order of (scheme, code), so that the lowest index is the lowest key.
"""

from dataclasses import dataclass
from datetime import datetime

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.datum.plane import Plane
from gridsvc.index.geometry.box_tree import BoxTree
from gridsvc.index.geometry.lines import LineTable
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.layout import LineArrays, RasterArrays
from gridsvc.model.places import BoundingBox, Key
from gridsvc.model.territory import Area, Component, Group, Segment


@dataclass(frozen=True, slots=True, eq=False)
class CellTable:
    """Cells; `area` is the index of the named area, -1 where the cell names none (then the polygons tell).

    `raster` looks up the one cell of nearly every place. `loose` are the edges
    across which the number of covering cells changes: see `gridsvc.index.geometry.borders`.
    """

    keys: tuple[Key, ...]
    names: tuple[str, ...]
    area: Int32Array
    responsible_body: tuple[str | None, ...]
    polygons: PolygonTable
    raster: RasterArrays
    loose: IntArray
    loose_tree: BoxTree

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True, eq=False)
class AreaTable:
    """The area tree. `parent` is an area index or -1; `lineage` runs from the widest area down to the area itself.

    Row k of `polygons` is the outline of area `with_polygon[k]`; `rank` is the level's depth, 3 for a community.
    """

    items: tuple[Area, ...]
    index_of: dict[str, int]
    parent: Int32Array
    rank: Int8Array
    lineage: tuple[tuple[int, ...], ...]
    with_polygon: IntArray
    polygons: PolygonTable

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class SegmentTable:
    """Segments with what was found out about each: codes of the subdistricts and communities it passes through.

    `subdistricts` holds the segment's own attribute alone where it has one. `arrays` say the same to kernels,
    in numbers of subdistricts and communities that `numbers` (areas, 2) holds for each area, -1 for none.
    """

    items: tuple[Segment, ...]
    lines: LineTable
    subdistricts: tuple[frozenset[str], ...]
    communities: tuple[frozenset[str], ...]
    arrays: LineArrays
    numbers: Int32Array

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class ComponentTable:
    """Components with their places in metres of the projected CRS; `tree` finds them by place."""

    items: tuple[Component, ...]
    index_of: dict[Key, int]
    x: FloatArray
    y: FloatArray
    tree: BoxTree

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledEdition:
    """All layers of one edition. `digest` is SHA-256 (hex) over content alone: number and date stand beside it.

    `groups_of_cell` has a tuple for every cell, by (kind, scheme, code); `bbox` is None for an empty territory.
    """

    number: int
    effective_from: datetime
    crs: str
    plane: Plane
    digest: str
    bbox: BoundingBox | None
    cells: CellTable
    areas: AreaTable
    segments: SegmentTable
    components: ComponentTable
    groups_of_cell: tuple[tuple[Group, ...], ...]
