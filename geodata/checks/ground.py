"""What rows of the roster can name on the map: the little of a territory that their checks need.

It comes from a territory that is about to be published, or from the compiled edition that a worker holds anyway, so
that a change of the roster is checked without loading the map again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gridsvc.index.compiled import CompiledEdition
from gridsvc.model.people import TargetKind
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Group, Territory, key_of

Schemes = frozenset[str]
Target = tuple[TargetKind, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """Areas by code, the schemes that have a target's code, and components as SCHEME:CODE.

    `counting` are the areas in which every category needs a LEAD: those that cells hang on, or all deepest ones.
    """

    areas: Mapping[str, Area]
    parents: Mapping[str, str | None]
    counting: frozenset[str]
    targets: Mapping[Target, Schemes]
    components: frozenset[str]

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
            components=self.components | other.components,
        )


def ground_of_territory(territory: Territory) -> Ground:
    """As the layers say it."""
    cells = {cell.area for cell in territory.cells if cell.area is not None}
    named = [
        *((TargetKind.SEGMENT, key_of(segment)) for segment in territory.segments),
        *((TargetKind.CELL, key_of(cell)) for cell in territory.cells),
        *((TargetKind.GROUP, key_of(group)) for group in territory.groups),
    ]
    return _ground(territory.areas, cells, named, (key_of(component) for component in territory.components))


def ground_of_edition(edition: CompiledEdition, groups: Iterable[Group]) -> Ground:
    """As it was compiled; `groups` stand beside, because the index knows only those that have cells."""
    cells = {edition.areas.items[area].code for area in set(edition.cells.area.tolist()) if area >= 0}
    named = [
        *((TargetKind.SEGMENT, key_of(segment)) for segment in edition.segments.items),
        *((TargetKind.CELL, key) for key in edition.cells.keys),
        *((TargetKind.GROUP, key_of(group)) for group in groups),
    ]
    return _ground(edition.areas.items, cells, named, edition.components.index_of)


def _ground(
    areas: Iterable[Area], cells: set[str], named: Iterable[tuple[TargetKind, Key]], components: Iterable[Key]
) -> Ground:
    by_code = {area.code: area for area in areas}
    targets: dict[Target, Schemes] = {}
    for kind, key in [*named, *((TargetKind.AREA, key_of(area)) for area in by_code.values())]:
        target = (kind, key.code)
        targets[target] = targets[target] | {key.scheme} if target in targets else frozenset((key.scheme,))
    inner = {area.parent for area in by_code.values()}
    return Ground(
        areas=by_code,
        parents={area.code: area.parent for area in by_code.values()},
        counting=frozenset(by_code.keys() & cells) or frozenset(by_code.keys() - inner),
        targets=targets,
        components=frozenset(":".join(key) for key in components),
    )
