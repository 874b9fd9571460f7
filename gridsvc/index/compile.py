"""From a territory to the form that answers questions; the same content gives the same arrays and digest."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast

import numpy as np

from gridsvc.datum.arrays import Int32Array, make_read_only
from gridsvc.datum.plane import Plane, plane_for
from gridsvc.errors import InvalidInput
from gridsvc.index.columns.features import pack_areas, pack_components, pack_groups, pack_segments
from gridsvc.index.columns.keys import KeyPacker, Keys, order_of_codes
from gridsvc.index.columns.runs import GroupsOfCells, Runs
from gridsvc.index.columns.words import Repeated, RepeatedPacker, WordPacker
from gridsvc.index.compiled import AreaTable, CellTable, CompiledEdition, ComponentTable, SegmentTable
from gridsvc.index.geometry.borders import edge_tree, find_loose_edges
from gridsvc.index.geometry.box_tree import pack_boxes
from gridsvc.index.geometry.flat import without_missing
from gridsvc.index.geometry.lines import compile_lines
from gridsvc.index.geometry.polygons import polygon_table
from gridsvc.index.layers import Features, LayerReader
from gridsvc.index.passages import find_passages
from gridsvc.index.raster.build import compile_raster
from gridsvc.index.raster.lines import segment_facts, square_pieces
from gridsvc.model.territory import Area, Cell, Component, Feature, Group, Layer, Level, Segment, Territory, key_of

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""

_TOLD_EVERY = 1_000


def compile_territory(
    number: int,
    effective_from: datetime,
    territory: Territory,
    progress: Progress = lambda _done, _total: None,
) -> CompiledEdition:
    """Make an edition ready for questions; raises as `compile_layers` does."""

    def features(layer: Layer) -> Iterable[Feature]:
        return sorted(territory.layer(layer), key=key_of)

    expected = sum(len(territory.layer(layer)) for layer in Layer)
    return compile_layers(number, effective_from, territory.crs, features, expected=expected, progress=progress)


def compile_layers(
    number: int,
    effective_from: datetime,
    crs: str,
    features: Features,
    *,
    expected: int = 0,
    progress: Progress = lambda _done, _total: None,
) -> CompiledEdition:
    """Make an edition ready for questions from layers that are read once each, in the order of `Layer`.

    Refuses (InvalidInput) what no question could be answered on: two features with one key, an area that is its
    own ancestor, an empty polygon, a CRS not in metres. Whether the content is good is for the checks to say.
    `progress` is told of `expected` features to read, and as much work on them again.
    """
    plane, counted = plane_for(crs), _Counted(expected, progress)
    reader = LayerReader(crs, features, counted.feature)
    areas = _compile_areas(reader)
    cells = _compile_cells(reader, areas, counted)
    groups = _compile_groups(reader, cells.keys)
    segments = _compile_segments(reader, plane, cells, areas)
    components = _compile_components(reader, plane)
    for _ in reader.read(Layer.PLACES):
        pass  # they count in the digest alone
    counted.work(1, 1)
    return CompiledEdition(
        number=number,
        effective_from=effective_from,
        crs=crs,
        plane=plane,
        digest=reader.digest(),
        bbox=reader.bbox(),
        cells=cells,
        areas=areas,
        segments=segments,
        components=components,
        groups_of_cell=groups,
    )


class _Counted:
    """What was read and worked on, as one number that rises to twice what is expected."""

    def __init__(self, expected: int, progress: Progress) -> None:
        self._expected, self._progress = max(expected, 1), progress
        self._read, self._worked = 0, 0

    def feature(self) -> None:
        """One more is read."""
        self._read = min(self._read + 1, self._expected)
        if self._read % _TOLD_EVERY == 0:
            self._tell()

    def work(self, done: int, total: int) -> None:
        """So much of the work on what was read."""
        self._worked = self._expected * done // total
        self._tell()

    def _tell(self) -> None:
        self._progress(self._read + self._worked, 2 * self._expected)


def _compile_areas(reader: LayerReader) -> AreaTable:
    items = pack_areas(cast("Iterable[Area]", reader.read(Layer.AREAS)))
    flat = reader.flat
    by_code = order_of_codes(items.keys.codes)
    row_of = {items.keys.codes[row]: row for row in by_code.tolist()}
    parent = np.array([row_of.get(code or "", -1) for code in items.parents], np.int32)
    for row in range(len(items)):
        _check_ancestors(items.keys.codes[row], parent, row)
    ranks = np.array([Level(level).rank for level in items.levels.values], np.int8)
    return AreaTable(
        items=items,
        by_code=by_code,
        parent=parent,
        rank=ranks[items.levels.numbers] if len(items) else np.zeros(0, np.int8),
        with_polygon=np.flatnonzero(~flat.is_missing),
        polygons=polygon_table(without_missing(flat)),
    )


def _check_ancestors(code: str, parent: Int32Array, row: int) -> None:
    above = row
    for _ in range(len(parent)):
        if (above := int(parent[above])) < 0:
            return
    msg = f"area {code} is its own ancestor: correct the parent codes"
    raise InvalidInput(msg, code=code)


def _compile_cells(reader: LayerReader, areas: AreaTable, counted: _Counted) -> CellTable:
    keys, names, of_area, bodies = KeyPacker(), WordPacker(), RepeatedPacker(), RepeatedPacker()
    for cell in cast("Iterable[Cell]", reader.read(Layer.CELLS)):
        keys.add(cell)
        names.add(cell.name)
        of_area.add(cell.area)
        bodies.add(cell.responsible_body)
    polygons = polygon_table(reader.flat)
    loose = find_loose_edges(polygons, ~reader.flat.is_valid)
    area = _rows_of(of_area.packed(), areas)
    make_read_only(area)
    return CellTable(
        keys=keys.packed(),
        names=names.packed(),
        area=area,
        responsible_body=bodies.packed(),
        polygons=polygons,
        raster=compile_raster(polygons, progress=counted.work),
        loose=loose,
        loose_tree=edge_tree(polygons, loose),
    )


def _rows_of(codes: Repeated, areas: AreaTable) -> Int32Array:
    """Areas by code, -1 where there is none of that code."""
    rows = np.array([*(areas.index_of.get(code, -1) for code in codes.values), -1], np.int32)
    return rows[codes.numbers]


def _compile_groups(reader: LayerReader, keys: Keys) -> GroupsOfCells:
    groups = sorted(
        cast("Iterable[Group]", reader.read(Layer.GROUPS)), key=lambda group: (group.kind, group.scheme, group.code)
    )
    wanted = {key for group in groups for key in group.cells}
    row_of = {key: row for row, key in enumerate(keys) if key in wanted} if wanted else {}
    pairs = {(row_of[key], number) for number, group in enumerate(groups) for key in group.cells if key in row_of}
    cell, group = np.array(sorted(pairs), np.int32).reshape(-1, 2).T
    starts = np.searchsorted(cell, np.arange(len(keys) + 1)).astype(np.int64)
    return GroupsOfCells(Runs(starts, np.ascontiguousarray(group)), pack_groups(groups))


def _compile_segments(reader: LayerReader, plane: Plane, cells: CellTable, areas: AreaTable) -> SegmentTable:
    items = pack_segments(cast("Iterable[Segment]", reader.read(Layer.SEGMENTS)))
    lines, boxes = compile_lines(reader.flat, plane), reader.flat.boxes
    named = segment_facts(items, *find_passages(items, cells, areas), areas)
    owner = np.repeat(np.arange(len(items), dtype=np.int32), np.diff(lines.offsets))
    make_read_only(owner)
    return SegmentTable(items, lines, owner, boxes, square_pieces(lines), *named)


def _compile_components(reader: LayerReader, plane: Plane) -> ComponentTable:
    items = pack_components(cast("Iterable[Component]", reader.read(Layer.COMPONENTS)))
    x, y = plane.project(items.lon, items.lat)
    return ComponentTable(items, x, y, pack_boxes(np.stack([x, y, x, y], axis=-1)))
