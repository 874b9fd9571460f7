"""One edition made ready for questions: flat arrays and trees, never changed after compiling.

Everything here may be read from many threads: arrays are written once. Words are decoded when they are asked for, and
features made anew.
Features are in order of (scheme, code), so that the lowest index is the lowest key.
"""

from dataclasses import dataclass
from datetime import datetime

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.datum.plane import Plane
from gridsvc.index.columns.features import AreaItems, ComponentItems, SegmentItems
from gridsvc.index.columns.keys import Keys, RowsByCode, RowsByKey
from gridsvc.index.columns.runs import CodeSets, GroupsOfCells, Lineages, Runs
from gridsvc.index.columns.words import Repeated, Words
from gridsvc.index.geometry.box_tree import BoxTree
from gridsvc.index.geometry.lines import LineTable
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.layout import LineArrays, LineRaster, PieceArrays, RasterArrays, SegmentFacts
from gridsvc.model.places import BoundingBox


@dataclass(frozen=True, slots=True, eq=False)
class CellTable:
    """Cells; `area` is the index of the named area, -1 where the cell names none (then the polygons tell).

    `raster` looks up the one cell of nearly every place. `loose` are the edges
    across which the number of covering cells changes: see `gridsvc.index.geometry.borders`.
    """

    keys: Keys
    names: Words
    area: Int32Array
    responsible_body: Repeated
    polygons: PolygonTable
    raster: RasterArrays
    loose: IntArray
    loose_tree: BoxTree

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def index_of(self) -> RowsByKey:
        """Cells by key."""
        return RowsByKey(self.keys)


@dataclass(frozen=True, slots=True, eq=False)
class AreaTable:
    """The area tree. `parent` is an area index or -1; `lineage` runs from the widest area down to the area itself.

    Row k of `polygons` is the outline of area `with_polygon[k]`; `rank` is the level's depth, 3 for a community.
    """

    items: AreaItems
    by_code: Int32Array
    parent: Int32Array
    rank: Int8Array
    with_polygon: IntArray
    polygons: PolygonTable

    def __len__(self) -> int:
        return len(self.parent)

    @property
    def index_of(self) -> RowsByCode:
        """Areas by code."""
        return RowsByCode(self.items.keys.codes, self.by_code)

    @property
    def lineage(self) -> Lineages:
        """The chain of each area."""
        return Lineages(self.parent)


@dataclass(frozen=True, slots=True, eq=False)
class SegmentTable:
    """Segments with what was found out about each: codes of the subdistricts and communities it passes through.

    `subdistricts` holds the segment's own attribute alone where it has one. `facts` say the same to kernels, in numbers
    of `subdistrict_codes` and `community_codes`, which `numbers` (areas, 2) holds for each area, -1 for none. `owner`
    is the segment of each piece of `lines`, `boxes` are west, south, east, north of each segment in degrees.
    """

    items: SegmentItems
    lines: LineTable
    owner: Int32Array
    boxes: FloatArray
    raster: LineRaster
    facts: SegmentFacts
    subdistrict_codes: Words
    community_codes: Words
    numbers: Int32Array

    def __len__(self) -> int:
        return len(self.items)

    @property
    def index_of(self) -> RowsByKey:
        """Segments by key."""
        return RowsByKey(self.items.keys)

    @property
    def arrays(self) -> LineArrays:
        """As kernels ask them."""
        lines = self.lines
        pieces = PieceArrays(lines.ax, lines.ay, lines.bx, lines.by, self.owner, lines.before, lines.after)
        return LineArrays(self.raster, pieces, self.facts)

    @property
    def subdistricts(self) -> CodeSets:
        """Codes of the subdistricts of each segment."""
        return CodeSets(Runs(self.facts.subdistrict_starts, self.facts.subdistricts), self.subdistrict_codes)

    @property
    def communities(self) -> CodeSets:
        """Codes of the communities of each segment."""
        return CodeSets(Runs(self.facts.community_starts, self.facts.communities), self.community_codes)


@dataclass(frozen=True, slots=True, eq=False)
class ComponentTable:
    """Components with their places in metres of the projected CRS; `tree` finds them by place."""

    items: ComponentItems
    x: FloatArray
    y: FloatArray
    tree: BoxTree

    def __len__(self) -> int:
        return len(self.items)

    @property
    def index_of(self) -> RowsByKey:
        """Components by key."""
        return RowsByKey(self.items.keys)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class CompiledEdition:
    """All layers of one edition. `digest` is SHA-256 (hex) over content alone: number and date stand beside it.

    `groups_of_cell` has the groups of every cell, by (kind, scheme, code); `bbox` is None for an empty territory.
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
    groups_of_cell: GroupsOfCells
