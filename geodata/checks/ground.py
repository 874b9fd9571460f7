"""What rows of the roster can name on the map: the little of a territory that their checks need.

It comes from a territory that is about to be published, or from the compiled edition that a worker holds anyway, so
that a change of the roster is checked without loading the map again.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.people import TargetKind
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Group, Territory, key_of

Schemes = frozenset[str]
Target = tuple[TargetKind, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """Areas by code, and the schemes that have a target's code.

    `counting` are the areas in which every category needs a LEAD: those that cells hang on, or all deepest ones.
    Cells and components may be a million: they are looked up where they are, `cells` in lists sorted by (scheme, code).
    """

    areas: Mapping[str, Area]
    parents: Mapping[str, str | None]
    counting: frozenset[str]
    targets: Mapping[Target, Schemes]
    cells: tuple[Sequence[Key], ...]
    cell_schemes: Schemes
    components: tuple[AbstractSet[Key], ...]

    def schemes_of(self, kind: TargetKind, code: str) -> Schemes:
        """The schemes in which a target's code is there."""
        if kind is not TargetKind.CELL:
            return self.targets.get((kind, code), frozenset())
        return frozenset(scheme for scheme in self.cell_schemes if self._has_cell(Key(scheme, code)))

    def has_component(self, name: str) -> bool:
        """Whether SCHEME:CODE is a component."""
        scheme, _, code = name.partition(":")
        return any(Key(scheme, code) in keys for keys in self.components)

    def _has_cell(self, key: Key) -> bool:
        places = ((keys, bisect_left(keys, key)) for keys in self.cells)
        return any(at < len(keys) and keys[at] == key for keys, at in places)

    def also(self, other: "Ground") -> "Ground":
        """Both: what is there now and what a published edition will bring. Areas and LEADs are judged by this one."""
        targets = {
            name: self.targets.get(name, frozenset()) | other.targets.get(name, frozenset())
            for name in self.targets.keys() | other.targets.keys()
        }
        return Ground(
            areas={**other.areas, **self.areas},
            parents={**other.parents, **self.parents},
            counting=self.counting,
            targets=targets,
            cells=self.cells + other.cells,
            cell_schemes=self.cell_schemes | other.cell_schemes,
            components=self.components + other.components,
        )


def ground_of_territory(territory: Territory) -> Ground:
    """As the layers say it."""
    inhabited = {cell.area for cell in territory.cells if cell.area is not None}
    named = [
        *((TargetKind.SEGMENT, key_of(segment)) for segment in territory.segments),
        *((TargetKind.GROUP, key_of(group)) for group in territory.groups),
    ]
    cells = tuple(sorted(key_of(cell) for cell in territory.cells))
    components = frozenset(key_of(component) for component in territory.components)
    return _ground(territory.areas, inhabited, named, (cells, components))


def ground_of_edition(edition: CompiledEdition, groups: Iterable[Group]) -> Ground:
    """As it was compiled; `groups` stand beside, because the index knows only those that have cells."""
    inhabited = {edition.areas.items.keys.codes[area] for area in set(edition.cells.area.tolist()) if area >= 0}
    named = [
        *((TargetKind.SEGMENT, key) for key in edition.segments.items.keys),
        *((TargetKind.GROUP, key_of(group)) for group in groups),
    ]
    return _ground(edition.areas.items, inhabited, named, (edition.cells.keys, edition.components.index_of.keys()))


def _ground(
    areas: Iterable[Area],
    inhabited: set[str],
    named: Iterable[tuple[TargetKind, Key]],
    many: tuple[Sequence[Key], AbstractSet[Key]],
) -> Ground:
    by_code = {area.code: area for area in areas}
    targets: dict[Target, Schemes] = {}
    for kind, key in [*named, *((TargetKind.AREA, key_of(area)) for area in by_code.values())]:
        target = (kind, key.code)
        targets[target] = targets.get(target, frozenset()) | {key.scheme}
    inner = {area.parent for area in by_code.values()}
    cells, components = many
    return Ground(
        areas=by_code,
        parents={area.code: area.parent for area in by_code.values()},
        counting=frozenset(by_code.keys() & inhabited) or frozenset(by_code.keys() - inner),
        targets=targets,
        cells=(cells,),
        cell_schemes=frozenset(key.scheme for key in cells),
        components=(components,),
    )
