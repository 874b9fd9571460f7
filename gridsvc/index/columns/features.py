"""Features as columns; each access makes the feature anew, equal to the one that came."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import shapely
from shapely import Point

from gridsvc.datum.arrays import BoolArray, FloatArray, IntArray
from gridsvc.index.columns.keys import KeyPacker, Keys
from gridsvc.index.columns.shapes import ShapePacker, Shapes
from gridsvc.index.columns.words import Repeated, RepeatedPacker, WordPacker, Words, pack_repeated, pack_words
from gridsvc.model.places import Key
from gridsvc.model.territory import (
    Area,
    Component,
    Group,
    GroupKind,
    Level,
    Linear,
    Polygonal,
    Segment,
    SegmentKind,
)


@dataclass(frozen=True, slots=True, eq=False)
class AreaItems(Sequence[Area]):
    """Areas by (scheme, code)."""

    keys: Keys
    names: Words
    levels: Repeated
    parents: Repeated
    shapes: Shapes

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, row: int) -> Area:  # type: ignore[override]  # rows only, a slice would be a copy
        return replace(self.named(row), geometry=cast("Polygonal | None", self.shapes[row]))

    def named(self, row: int) -> Area:
        """Without its outline, which takes longer to decode than all else and decides nothing."""
        return Area(*self.keys[row], self.names[row], Level(self.levels[row] or ""), self.parents[row])


def pack_areas(areas: Iterable[Area]) -> AreaItems:
    """Areas in order, in one pass."""
    keys, names, levels, parents, shapes = KeyPacker(), WordPacker(), RepeatedPacker(), RepeatedPacker(), ShapePacker()
    for area in areas:
        keys.add(area)
        names.add(area.name)
        levels.add(area.level)
        parents.add(area.parent)
        shapes.add(area.geometry)
    return AreaItems(keys.packed(), names.packed(), levels.packed(), parents.packed(), shapes.packed())


@dataclass(frozen=True, slots=True, eq=False)
class SegmentItems(Sequence[Segment]):
    """Segments by (scheme, code)."""

    keys: Keys
    names: Words
    kinds: Repeated
    subdistricts: Repeated
    shapes: Shapes

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, row: int) -> Segment:  # type: ignore[override]  # rows only, a slice would be a copy
        kind, line = SegmentKind(self.kinds[row] or ""), cast("Linear", self.shapes[row])
        return Segment(*self.keys[row], self.names[row], kind, line, self.subdistricts[row])


def pack_segments(segments: Iterable[Segment]) -> SegmentItems:
    """Segments in order, in one pass."""
    keys, names, kinds, subdistricts = KeyPacker(), WordPacker(), RepeatedPacker(), RepeatedPacker()
    shapes = ShapePacker()
    for segment in segments:
        keys.add(segment)
        names.add(segment.name)
        kinds.add(segment.kind)
        subdistricts.add(segment.subdistrict)
        shapes.add(segment.geometry)
    return SegmentItems(keys.packed(), names.packed(), kinds.packed(), subdistricts.packed(), shapes.packed())


@dataclass(frozen=True, slots=True, eq=False)
class ComponentItems(Sequence[Component]):
    """Components by (scheme, code); lon and lat in degrees."""

    keys: Keys
    names: Words
    lon: FloatArray
    lat: FloatArray
    category_schemes: Repeated
    category_codes: Repeated
    competent: Repeated
    owners: Repeated
    maintainers: Repeated
    states: Repeated

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, rows: IntArray) -> "ComponentItems":
        """Some of them, in that order."""
        keys = Keys(self.keys.schemes.take(rows), self.keys.codes.take(rows))
        columns = self.category_schemes, self.category_codes, self.competent, self.owners, self.maintainers, self.states
        taken = (column.take(rows) for column in columns)
        return ComponentItems(keys, self.names.take(rows), self.lon[rows], self.lat[rows], *taken)

    def are_of(self, is_wanted: Callable[[Key], bool]) -> BoolArray:
        """Which components are of a category that is wanted; each category is asked about once."""
        codes = self.category_codes.numbers.astype(np.int64)
        kinds = self.category_schemes.numbers * (int(codes.max(initial=0)) + 1) + codes
        _, first, where = np.unique(kinds, return_index=True, return_inverse=True)
        return np.array([is_wanted(self.category(row)) for row in first.tolist()], np.bool_)[where]

    def category(self, row: int) -> Key:
        """Of one component."""
        return Key(self.category_schemes[row] or "", self.category_codes[row] or "")

    def __getitem__(self, row: int) -> Component:  # type: ignore[override]  # rows only, a slice would be a copy
        return Component(
            *self.keys[row],
            self.names[row],
            self.category(row),
            Point(self.lon[row], self.lat[row]),
            self.competent[row],
            self.owners[row],
            self.maintainers[row],
            self.states[row] or "",
        )


def pack_components(components: Iterable[Component]) -> ComponentItems:
    """Components in order, in one pass."""
    keys, names, lon, lat = KeyPacker(), WordPacker(), array("d"), array("d")
    words = [RepeatedPacker() for _ in range(6)]
    for component in components:
        keys.add(component)
        names.add(component.name)
        departments = component.competent, component.owner, component.maintainer
        for packer, word in zip(words, (*component.category, *departments, component.state), strict=True):
            packer.add(word)
        lon.append(float(shapely.get_x(component.geometry)))
        lat.append(float(shapely.get_y(component.geometry)))
    columns = (packer.packed() for packer in words)
    return ComponentItems(keys.packed(), names.packed(), np.array(lon), np.array(lat), *columns)


@dataclass(frozen=True, slots=True, eq=False)
class GroupItems(Sequence[Group]):
    """Groups by (kind, scheme, code), without the names of their cells: who asks for a group starts from a cell."""

    schemes: Repeated
    codes: Words
    names: Words
    kinds: Repeated

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Group:  # type: ignore[override]  # rows only, a slice would be a copy
        return Group(self.schemes[row] or "", self.codes[row], self.names[row], GroupKind(self.kinds[row] or ""))


def pack_groups(groups: Iterable[Group]) -> GroupItems:
    """Groups in order."""
    kept = list(groups)
    return GroupItems(
        pack_repeated(group.scheme for group in kept),
        pack_words(group.code for group in kept),
        pack_words(group.name for group in kept),
        pack_repeated(group.kind for group in kept),
    )
