"""In which areas the things lie that rows of the roster are about. Made once for an edition, then only read."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache

import numpy as np
from shapely import Geometry, union_all

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.outlines import outlines_of
from gridsvc.model.people import Post, TargetKind
from gridsvc.model.places import Key
from gridsvc.model.territory import key_of

Codes = frozenset[str]
NOWHERE: Codes = frozenset()


class Whereabouts:
    """Codes of the areas of things on the map, from the deepest area that holds them up to the widest."""

    def __init__(self, edition: CompiledEdition) -> None:
        self._edition = edition
        self._lineages: dict[int, Codes] = {}

    def arrange(self) -> None:
        """Look everything through now: whoever asks first would wait for it, half a second with a million cells."""
        _ = self._schemes, self._segments, self._groups, self._names

    def of_area(self, code: str | None) -> Codes:
        """An area itself and all above it; nothing for an unknown one."""
        index = self._edition.areas.index_of.get(code) if code is not None else None
        return NOWHERE if index is None else self._above(index)

    def of_post(self, post: Post) -> Codes:
        """The areas of a post's target. One that reaches into several subdistricts lies in each of them."""
        if post.target_kind is TargetKind.AREA:
            return self.of_area(post.target_code)
        return self._together(self._areas_of(post.target_kind, key) for key in self._keys_of(post))

    def name_of(self, post: Post) -> str | None:
        """What a post's target is called."""
        if post.target_kind is TargetKind.AREA:
            index = self._edition.areas.index_of.get(post.target_code)
            return None if index is None else self._edition.areas.items.names[index]
        names = (self._name_of(post.target_kind, key) for key in self._keys_of(post))
        return next((name for name in names if name is not None), None)

    def outline_of(self, post: Post) -> Geometry | None:
        """A post's target on the map, a group as all of its cells; None for one that is not there or not drawn."""
        if post.target_kind is TargetKind.AREA:
            index = self._edition.areas.index_of.get(post.target_code)
            return None if index is None else self._edition.areas.items.shapes[index]
        shapes = [shape for key in self._keys_of(post) for shape in self._shapes_of(post.target_kind, key)]
        return union_all(shapes) if shapes else None

    def _shapes_of(self, kind: TargetKind, key: Key) -> list[Geometry]:
        if kind is TargetKind.SEGMENT:
            return [segment.geometry for segment in self._edition.segments.items if key_of(segment) == key]
        cell = self._find_cell(key) if kind is TargetKind.CELL else None
        rows = [] if cell is None else [cell]
        if kind is TargetKind.GROUP:
            held = enumerate(self._edition.groups_of_cell)
            rows = [row for row, groups in held if any(key_of(group) == key for group in groups)]
        return list(outlines_of(self._edition.cells.polygons, np.array(rows, np.int64)))

    def _keys_of(self, post: Post) -> list[Key]:
        """The target's key, or one for each scheme there is where the post says the code alone."""
        said = post.target_scheme
        schemes = self._schemes[post.target_kind] if said is None else [said]
        return [Key(scheme, post.target_code) for scheme in schemes]

    def _areas_of(self, kind: TargetKind, key: Key) -> Codes:
        if kind is TargetKind.CELL:
            cell = self._find_cell(key)
            return NOWHERE if cell is None else self._above(int(self._edition.cells.area[cell]))
        return (self._segments if kind is TargetKind.SEGMENT else self._groups).get(key, NOWHERE)

    def _name_of(self, kind: TargetKind, key: Key) -> str | None:
        if kind is TargetKind.CELL:
            cell = self._find_cell(key)
            return None if cell is None else self._edition.cells.names[cell]
        return self._names.get((kind, key))

    def _find_cell(self, key: Key) -> int | None:
        """The index of a cell: a million of them are looked up where they are, by (scheme, code)."""
        keys = self._edition.cells.keys
        at = bisect_left(keys, key)
        return at if at < len(keys) and keys[at] == key else None

    @cached_property
    def _schemes(self) -> dict[TargetKind, list[str]]:
        return {
            TargetKind.CELL: sorted({key.scheme for key in self._edition.cells.keys}),
            TargetKind.SEGMENT: sorted({segment.scheme for segment in self._edition.segments.items}),
            TargetKind.GROUP: sorted({key.scheme for key in self._groups}),
        }

    @cached_property
    def _segments(self) -> dict[Key, Codes]:
        segments = self._edition.segments
        named = zip(segments.items, segments.subdistricts, segments.communities, strict=True)
        return {
            key_of(segment): self._together([*map(self.of_area, above), *self._within(above, communities)])
            for segment, above, communities in named
        }

    def _within(self, subdistricts: Codes, communities: Codes) -> list[Codes]:
        """Communities that a segment passes through, without those across the border of its own subdistrict."""
        found = [self.of_area(code) for code in communities]
        return [areas for areas in found if not subdistricts or subdistricts & areas]

    @cached_property
    def _groups(self) -> dict[Key, Codes]:
        found: dict[Key, set[int]] = defaultdict(set)
        for groups, area in zip(self._edition.groups_of_cell, self._edition.cells.area.tolist(), strict=True):
            for group in groups:
                found[key_of(group)].add(area)
        return {key: self._together(self._above(area) for area in areas) for key, areas in found.items()}

    @cached_property
    def _names(self) -> dict[tuple[TargetKind, Key], str]:
        names = {(TargetKind.SEGMENT, key_of(segment)): segment.name for segment in self._edition.segments.items}
        groups = {key_of(group): group.name for held in self._edition.groups_of_cell for group in held}
        return names | {(TargetKind.GROUP, key): name for key, name in groups.items()}

    def _above(self, area: int) -> Codes:
        """By the index of an area, -1 for none. Each is made once: many things share few areas."""
        if area < 0:
            return NOWHERE
        if area not in self._lineages:
            areas = self._edition.areas
            self._lineages[area] = frozenset(areas.items.keys.codes[above] for above in areas.lineage[area])
        return self._lineages[area]

    @staticmethod
    def _together(parts: Iterable[Codes]) -> Codes:
        return NOWHERE.union(*parts)


@lru_cache(maxsize=2)
def whereabouts_of(edition: CompiledEdition) -> Whereabouts:
    """Those of an edition, kept while it is in force or about to be."""
    return Whereabouts(edition)
