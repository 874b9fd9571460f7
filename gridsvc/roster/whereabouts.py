"""In which areas the things lie that rows of the roster are about. Made once for an edition, then only read."""

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
        self._segments: dict[Key, Codes] = {}

    def arrange(self) -> None:
        """Look through now what whoever asks first would wait for."""
        _ = self._groups

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
            row = self._edition.segments.index_of.get(key)
            line = None if row is None else self._edition.segments.items.shapes[row]
            return [] if line is None else [line]
        cell = self._edition.cells.index_of.get(key) if kind is TargetKind.CELL else None
        rows = np.array([] if cell is None else [cell], np.int64)
        if kind is TargetKind.GROUP and key in self._numbers:
            rows = self._edition.groups_of_cell.cells_of(self._numbers[key])
        return list(outlines_of(self._edition.cells.polygons, rows))

    def _keys_of(self, post: Post) -> list[Key]:
        """The target's key, or one for each scheme there is where the post says the code alone."""
        said = post.target_scheme
        schemes = self._schemes[post.target_kind] if said is None else [said]
        return [Key(scheme, post.target_code) for scheme in schemes]

    def _areas_of(self, kind: TargetKind, key: Key) -> Codes:
        if kind is TargetKind.CELL:
            cell = self._edition.cells.index_of.get(key)
            return NOWHERE if cell is None else self._above(int(self._edition.cells.area[cell]))
        if kind is TargetKind.GROUP:
            return self._groups.get(key, NOWHERE)
        if key not in self._segments:
            row = self._edition.segments.index_of.get(key)
            self._segments[key] = NOWHERE if row is None else self._of_segment(row)
        return self._segments[key]

    def _name_of(self, kind: TargetKind, key: Key) -> str | None:
        if kind is TargetKind.GROUP:
            number = self._numbers.get(key)
            return None if number is None else self._edition.groups_of_cell.groups.names[number]
        is_cell = kind is TargetKind.CELL
        row = (self._edition.cells if is_cell else self._edition.segments).index_of.get(key)
        return None if row is None else (self._edition.cells if is_cell else self._edition.segments.items).names[row]

    @cached_property
    def _schemes(self) -> dict[TargetKind, list[str]]:
        cells, segments = self._edition.cells.keys, self._edition.segments.items.keys
        return {
            TargetKind.CELL: sorted(cells.schemes.values),
            TargetKind.SEGMENT: sorted(segments.schemes.values),
            TargetKind.GROUP: sorted({key.scheme for key in self._groups}),
        }

    def _of_segment(self, row: int) -> Codes:
        above, communities = self._edition.segments.subdistricts[row], self._edition.segments.communities[row]
        return self._together([*map(self.of_area, above), *self._within(above, communities)])

    def _within(self, subdistricts: Codes, communities: Codes) -> list[Codes]:
        """Communities that a segment passes through, without those across the border of its own subdistrict."""
        found = [self.of_area(code) for code in communities]
        return [areas for areas in found if not subdistricts or subdistricts & areas]

    @cached_property
    def _numbers(self) -> dict[Key, int]:
        """Groups by key."""
        return {key_of(group): number for number, group in enumerate(self._edition.groups_of_cell.groups)}

    @cached_property
    def _groups(self) -> dict[Key, Codes]:
        """Areas of groups that have cells."""
        held, found = self._edition.groups_of_cell, defaultdict[Key, set[int]](set)
        areas = np.repeat(self._edition.cells.area, np.diff(held.runs.starts))
        pairs = np.unique(np.stack([held.runs.numbers, areas], axis=-1), axis=0)
        for number, area in pairs.tolist():
            found[key_of(held.groups[number])].add(area)
        return {key: self._together(self._above(area) for area in areas) for key, areas in found.items()}

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
