"""From a territory to the form that answers questions; the same content gives the same arrays and digest."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

import numpy as np
import shapely

from gridsvc.datum.plane import Plane, plane_for
from gridsvc.errors import InvalidInput
from gridsvc.index.compiled import AreaTable, CellTable, CompiledEdition, ComponentTable, SegmentTable
from gridsvc.index.digest import digest_of
from gridsvc.index.geometry.borders import edge_tree, find_loose_edges
from gridsvc.index.geometry.box_tree import pack_boxes
from gridsvc.index.geometry.lines import compile_lines
from gridsvc.index.geometry.polygons import compile_polygons
from gridsvc.index.passages import find_passages
from gridsvc.index.raster.build import compile_raster
from gridsvc.index.raster.lines import line_arrays
from gridsvc.model.places import BoundingBox, Key
from gridsvc.model.territory import Area, Cell, Component, Feature, Group, Segment, Territory, key_of

AnyFeature = TypeVar("AnyFeature", bound=Feature)


def compile_territory(number: int, effective_from: datetime, territory: Territory) -> CompiledEdition:
    """Make an edition ready for questions.

    Refuses (InvalidInput) what no question could be answered on: two features with one key, an area that is its
    own ancestor, an empty polygon, a CRS not in metres. Whether the content is good is for the checks to say.
    """
    ordered = _in_order(territory)
    plane = plane_for(ordered.crs)
    areas = _compile_areas(ordered.areas)
    cells = _compile_cells(ordered.cells, areas)
    return CompiledEdition(
        number=number,
        effective_from=effective_from,
        crs=ordered.crs,
        plane=plane,
        digest=digest_of(ordered),
        bbox=_bounding_box(ordered),
        cells=cells,
        areas=areas,
        segments=_compile_segments(ordered, plane, cells, areas),
        components=_compile_components(ordered.components, plane),
        groups_of_cell=_groups_by_cell(ordered.groups, cells.keys),
    )


def _in_order(territory: Territory) -> Territory:
    return replace(
        territory,
        areas=_sorted(territory.areas),
        cells=_sorted(territory.cells),
        groups=_sorted(territory.groups),
        segments=_sorted(territory.segments),
        components=_sorted(territory.components),
        places=_sorted(territory.places),
    )


def _sorted(features: Iterable[AnyFeature]) -> tuple[AnyFeature, ...]:
    ordered = tuple(sorted(features, key=key_of))
    for one, other in pairwise(ordered):
        if key_of(one) == key_of(other):
            msg = f"{one.scheme}:{one.code} is there twice: give each feature of a layer its own code"
            raise InvalidInput(msg, code=one.code)
    return ordered


def _compile_areas(items: tuple[Area, ...]) -> AreaTable:
    index_of = {area.code: index for index, area in enumerate(items)}
    parent = np.array([index_of.get(area.parent or "", -1) for area in items], np.int32)
    with_polygon = [index for index, area in enumerate(items) if area.geometry is not None]
    outlines = [area.geometry for area in items if area.geometry is not None]
    return AreaTable(
        items=items,
        index_of=index_of,
        parent=parent,
        rank=np.array([area.level.rank for area in items], np.int8),
        lineage=tuple(_lineage(items, parent.tolist(), index) for index in range(len(items))),
        with_polygon=np.array(with_polygon, np.int64),
        polygons=compile_polygons(outlines),
    )


def _lineage(items: tuple[Area, ...], parent: list[int], index: int) -> tuple[int, ...]:
    """Widest first, the area itself last."""
    chain = [index]
    while parent[chain[-1]] >= 0:
        chain.append(parent[chain[-1]])
        if len(chain) > len(items):
            msg = f"area {items[index].code} is its own ancestor: correct the parent codes"
            raise InvalidInput(msg, code=items[index].code)
    return tuple(reversed(chain))


def _compile_cells(items: tuple[Cell, ...], areas: AreaTable) -> CellTable:
    outlines = np.array([cell.geometry for cell in items] or [], object)
    polygons = compile_polygons([cell.geometry for cell in items])
    loose = find_loose_edges(polygons, ~shapely.is_valid(outlines))
    return CellTable(
        keys=tuple(key_of(cell) for cell in items),
        names=tuple(cell.name for cell in items),
        area=np.array([areas.index_of.get(cell.area or "", -1) for cell in items], np.int32),
        responsible_body=tuple(cell.responsible_body for cell in items),
        polygons=polygons,
        raster=compile_raster(polygons),
        loose=loose,
        loose_tree=edge_tree(polygons, loose),
    )


def _compile_segments(territory: Territory, plane: Plane, cells: CellTable, areas: AreaTable) -> SegmentTable:
    items: tuple[Segment, ...] = territory.segments
    lines = compile_lines([segment.geometry for segment in items], plane)
    subdistricts, communities = find_passages(items, territory.cells, cells, areas)
    arrays, numbers = line_arrays(items, lines, (subdistricts, communities), areas)
    return SegmentTable(items, lines, subdistricts, communities, arrays, numbers)


def _compile_components(items: tuple[Component, ...], plane: Plane) -> ComponentTable:
    places = np.array([component.geometry for component in items] or [], object)
    x, y = plane.project(shapely.get_x(places), shapely.get_y(places))
    index_of = {key_of(item): index for index, item in enumerate(items)}
    return ComponentTable(items, index_of, x, y, pack_boxes(np.stack([x, y, x, y], axis=-1)))


def _groups_by_cell(groups: Sequence[Group], keys: tuple[Key, ...]) -> tuple[tuple[Group, ...], ...]:
    index_of = {key: index for index, key in enumerate(keys)}
    found: list[list[Group]] = [[] for _ in keys]
    for group in sorted(groups, key=lambda group: (group.kind, group.scheme, group.code)):
        for key in group.cells:
            if key in index_of:
                found[index_of[key]].append(group)
    return tuple(tuple(dict.fromkeys(of_cell)) for of_cell in found)


def _bounding_box(territory: Territory) -> BoundingBox | None:
    shapes = [getattr(feature, "geometry", None) for _, feature in territory.features()]
    shapes = [shape for shape in shapes if shape is not None]
    if not shapes:
        return None
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    return BoundingBox(west, south, east, north)
