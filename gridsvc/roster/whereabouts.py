"""In which areas the things lie that rows of the roster are about. Made once for an edition, then only read."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.people import Post, TargetKind
from gridsvc.model.places import Key

Codes = frozenset[str]
NOWHERE: Codes = frozenset()


class Whereabouts:
    """Codes of the areas of things on the map, from the deepest area that holds them up to the widest."""

    def __init__(self, edition: CompiledEdition) -> None:
        self._edition = edition
        self._lineages: dict[int, Codes] = {}

    def of_area(self, code: str | None) -> Codes:
        """An area itself and all above it; nothing for an unknown one."""
        index = self._edition.areas.index_of.get(code) if code is not None else None
        return NOWHERE if index is None else self._above(index)

    def of_post(self, post: Post) -> Codes:
        """The areas of a post's target. One that reaches into several subdistricts lies in each of them."""
        if post.target_kind is TargetKind.AREA:
            return self.of_area(post.target_code)
        if post.target_kind is TargetKind.CELL:
            cell = self._find_cell(post.target_code)
            return NOWHERE if cell is None else self._above(int(self._edition.cells.area[cell]))
        targets = self._segments if post.target_kind is TargetKind.SEGMENT else self._groups
        return targets.get(post.target_code, NOWHERE)

    def name_of(self, post: Post) -> str | None:
        """What a post's target is called."""
        if post.target_kind is TargetKind.AREA:
            index = self._edition.areas.index_of.get(post.target_code)
            return None if index is None else self._edition.areas.items[index].name
        if post.target_kind is TargetKind.CELL:
            cell = self._find_cell(post.target_code)
            return None if cell is None else self._edition.cells.names[cell]
        return self._names.get((post.target_kind, post.target_code))

    def _find_cell(self, code: str) -> int | None:
        """The index of a cell: a million of them are looked up where they are, by (scheme, code)."""
        keys = self._edition.cells.keys
        for scheme in self._cell_schemes:
            at = bisect_left(keys, Key(scheme, code))
            if at < len(keys) and keys[at] == Key(scheme, code):
                return at
        return None

    @cached_property
    def _cell_schemes(self) -> list[str]:
        return sorted({key.scheme for key in self._edition.cells.keys})

    @cached_property
    def _segments(self) -> dict[str, Codes]:
        segments = self._edition.segments
        named = zip(segments.items, segments.subdistricts, segments.communities, strict=True)
        return {
            segment.code: self._together([*map(self.of_area, above), *self._within(above, communities)])
            for segment, above, communities in named
        }

    def _within(self, subdistricts: Codes, communities: Codes) -> list[Codes]:
        """Communities that a segment passes through, without those across the border of its own subdistrict."""
        found = [self.of_area(code) for code in communities]
        return [areas for areas in found if not subdistricts or subdistricts & areas]

    @cached_property
    def _groups(self) -> dict[str, Codes]:
        found: dict[str, set[int]] = defaultdict(set)
        for groups, area in zip(self._edition.groups_of_cell, self._edition.cells.area.tolist(), strict=True):
            for group in groups:
                found[group.code].add(area)
        return {code: self._together(self._above(area) for area in areas) for code, areas in found.items()}

    @cached_property
    def _names(self) -> dict[tuple[TargetKind, str], str]:
        names = {(TargetKind.SEGMENT, segment.code): segment.name for segment in self._edition.segments.items}
        groups = {group.code: group.name for held in self._edition.groups_of_cell for group in held}
        return names | {(TargetKind.GROUP, code): name for code, name in groups.items()}

    def _above(self, area: int) -> Codes:
        """By the index of an area, -1 for none. Each is made once: many things share few areas."""
        if area < 0:
            return NOWHERE
        if area not in self._lineages:
            areas = self._edition.areas
            self._lineages[area] = frozenset(areas.items[above].code for above in areas.lineage[area])
        return self._lineages[area]

    @staticmethod
    def _together(parts: Iterable[Codes]) -> Codes:
        return NOWHERE.union(*parts)
