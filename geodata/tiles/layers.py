"""Which layers are cut, at which zooms, and what a tile tells about a feature."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from geodata.tiles.geometry_commands import LINE, POINT, POLYGON
from geodata.tiles.grid import Shapes, to_world
from geodata.tiles.messages import Tags
from gridsvc.accounts.guarded import Guarded
from gridsvc.model.territory import Area, Cell, Component, Feature, Layer, Place, Segment, SegmentKind, Territory

FEW = 3000
"""A layer with no more features than this can be shown whole."""

DEEPEST = 15
STREETS_FROM, LANES_FROM = 10, 13


@dataclass(frozen=True)
class Sheet:
    """Features of one kind that are simplified together, in the unit square; `coverage` when they share borders.

    `name` is that of the layer inside the tile. Shown from zoom `first`.
    """

    name: str
    kind: int
    first: int
    keys: tuple[str, ...]
    tags: list[Tags]
    shapes: Shapes
    coverage: bool = False


@dataclass(frozen=True)
class TileLayer:
    """One archive."""

    layer: Layer
    first: int
    last: int
    sheets: list[Sheet] = field(default_factory=list)


def tile_layers(territory: Territory, guarded: Guarded) -> list[TileLayer]:
    """Everything that is cut, lightest first. Components of guarded categories are in no tile, whoever asks."""
    return [_areas(territory.areas), _segments(territory), _cells(territory.cells), *_points(territory, guarded)]


def _sheet(
    name: str, kind: int, first: int, features: Sequence[Feature], keys: tuple[str, ...], *, coverage: bool = False
) -> Sheet:
    shapes = np.array([getattr(feature, "geometry", None) for feature in features] or [], dtype=object)
    if kind == POLYGON:
        broken = ~shapely.is_valid(shapes)
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return Sheet(name, kind, first, keys, [_tags(f, keys) for f in features], _world(shapes), coverage)


def _world(shapes: Shapes) -> Shapes:
    return np.asarray(shapely.set_coordinates(shapes.copy(), to_world(shapely.get_coordinates(shapes))), dtype=object)


def _tags(feature: Feature, keys: tuple[str, ...]) -> Tags:
    values = (getattr(feature, key) for key in keys)
    return tuple(None if value is None else _text(value) for value in values)


def _text(value: object) -> str:
    return ":".join(value) if isinstance(value, tuple) else str(value)


def _areas(areas: Iterable[Area]) -> TileLayer:
    """A sheet for each level, which is a coverage of its own, and one with a point for each name."""
    drawn = [area for area in areas if area.geometry is not None]
    keys, first = ("scheme", "code", "name", "level", "parent"), 4
    by_level = {level: [area for area in drawn if area.level == level] for level in {area.level for area in drawn}}
    sheets = [
        _sheet("areas", POLYGON, first, by_level[level], keys, coverage=True)
        for level in sorted(by_level, key=lambda level: (level.rank, level))
    ]
    middles: Shapes = np.array([], dtype=object)
    if sheets:
        middles = np.asarray(shapely.point_on_surface(np.concatenate([sheet.shapes for sheet in sheets])), dtype=object)
    tags = [tags for sheet in sheets for tags in sheet.tags]
    names = Sheet("area_names", POINT, first, keys, tags, middles)
    return TileLayer(Layer.AREAS, first, DEEPEST - 1, [*sheets, names])


def _cells(cells: Sequence[Cell]) -> TileLayer:
    first = 9 if len(cells) <= FEW else 13
    keys = ("scheme", "code", "area", "responsible_body", "grade")
    return TileLayer(
        Layer.CELLS, first, DEEPEST, [_sheet("cells", POLYGON, first, cells, keys, coverage=True)] if cells else []
    )


def _segments(territory: Territory) -> TileLayer:
    keys = ("scheme", "code", "name", "kind", "subdistrict")
    few = len(territory.segments) <= FEW
    sheets = []
    kinds: tuple[tuple[Callable[[Segment], bool], int], ...] = (
        (lambda segment: segment.kind is not SegmentKind.STREET, LANES_FROM),
        (lambda segment: segment.kind is SegmentKind.STREET, STREETS_FROM),
    )
    for wanted, zoom in kinds:
        chosen = [segment for segment in territory.segments if wanted(segment)]
        if chosen:
            sheets.append(_sheet("segments", LINE, 9 if few else zoom, chosen, keys))
    first = min((sheet.first for sheet in sheets), default=9 if few else STREETS_FROM)
    return TileLayer(Layer.SEGMENTS, first, DEEPEST, sheets)


def _points(territory: Territory, guarded: Guarded) -> list[TileLayer]:
    components: list[Component] = [c for c in territory.components if not guarded.covers(c.category)]
    places: list[Place] = list(territory.places)
    found = []
    for layer, features, keys in (
        (Layer.COMPONENTS, components, ("scheme", "code", "name", "category", "state")),
        (Layer.PLACES, places, ("scheme", "code", "name", "kind")),
    ):
        sheets = [_sheet(layer.value, POINT, DEEPEST, features, keys)] if features else []
        found.append(TileLayer(layer, DEEPEST, DEEPEST, sheets))
    return found
