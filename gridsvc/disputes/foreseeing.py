"""What a decision will change: who leads on its ground by the roster as it is, and who with the decision in it.

The resolver is asked both times, at one place in each part of the ground on which nothing but the category can make a
difference.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from gridsvc.datum import locate
from gridsvc.errors import OutsideCoverage, UnknownCategory
from gridsvc.index.batch.resolver import BatchResolver
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.partition import cut_shape
from gridsvc.index.options import ResolveOptions
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import Duties
from gridsvc.index.shape.ground import Atom
from gridsvc.index.shape.survey import Survey, weigh
from gridsvc.index.territory.cells import covering
from gridsvc.model.departments import Part
from gridsvc.model.places import Key
from gridsvc.model.territory import Component, key_of

MAX_QUESTIONS = 10_000
"""Parts of the ground times categories, each asked twice: 1 to 2 s of a core. Of a wider ground every second part is
asked, or every third, and so on.
"""

MAX_CUTTING = 1_000_000
"""Vertices of parts and zones that are cut by each other: a second of a core. Of a ground that takes more, only cells
and measure are told.
"""

Outcome = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class LeadChange:
    """For some categories, in so many cells of the ground, `before` leads now and `after` with the decision."""

    before: str
    after: str
    categories: tuple[Key, ...]
    cells: int


@dataclass(frozen=True, slots=True)
class Consequence:
    """How many cells the ground touches and in how many of them it was asked (none: it takes too much work), its square
    metres (a component has none), and who leads on it.
    """

    cells: int
    asked: int
    area_m2: float
    leads: tuple[LeadChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is asked: of an edition at an instant, by the roster as it is and by the one with the decision."""

    edition: CompiledEdition
    before: Duties
    after: Duties
    at: datetime
    options: ResolveOptions

    def on_ground(self, ground: Survey, categories: Sequence[Key]) -> Consequence:
        """Of a polygon, for each of the categories."""
        cells, area_m2 = _cells([atom for atom, _ in ground.atoms]), sum(amount for _, amount in ground.atoms)
        if not (every := self._parts(ground)):
            return Consequence(cells, 0, area_m2, ())
        atoms = every[:: max(1, -(-len(every) * len(categories) // MAX_QUESTIONS))]
        places = shapely.get_coordinates(shapely.point_on_surface([atom.shape for atom in atoms]))
        resolvers = [BatchResolver(self.edition, duties, self.at, self.options) for duties in (self.before, self.after)]
        found: dict[tuple[Outcome, Key], set[int]] = defaultdict(set)
        asked = [(atom, category) for category in categories for atom in atoms]
        lon, lat = np.tile(places.T, len(categories))
        keys = [category for _, category in asked]
        leads = [resolver.answer(lon, lat, categories=keys).lead for resolver in resolvers]
        for (atom, category), before, after in zip(asked, *leads, strict=True):
            found[(before, after), category].add(atom.cell)
        return Consequence(cells, _cells(atoms), area_m2, _changes(found))

    def of_component(self, key: Key, categories: Sequence[Key]) -> Consequence:
        """Of a component where it stands, for its own category where none is named; nothing where it is not there."""
        table = self.edition.components
        if (index := table.index_of.get(key)) is None:
            return Consequence(0, 0, 0.0, ())
        component = table.items[index]
        found: dict[tuple[Outcome, Key], set[int]] = {}
        cells = self._cells_at(component)
        for category in categories or (component.category,):
            outcome = (self._lead(self.before, component, category), self._lead(self.after, component, category))
            found[outcome, category] = set(range(cells))
        return Consequence(cells, cells, 0.0, _changes(found))

    def _cells_at(self, component: Component) -> int:
        return int(bool(covering(self.edition, component.geometry.x, component.geometry.y)))

    def _lead(self, duties: Duties, component: Component, category: Key) -> str | None:
        location, key = locate(component.geometry.x, component.geometry.y, "WGS84"), key_of(component)
        try:
            answer = resolve(
                self.edition, duties, location, at=self.at, category=category, component=key, options=self.options
            )
        except (UnknownCategory, OutsideCoverage):
            return None
        return next(each.code for each in answer.departments if each.part == Part.LEAD)

    def _parts(self, ground: Survey) -> list[Atom] | None:
        """The ground's atoms, cut along the borders of patches and determinations; None where that is too much work."""
        atoms, zones, left = [atom for atom, _ in ground.atoms], self._zones(ground.shape), MAX_CUTTING
        pieces = {place: [atom.shape] for place, atom in enumerate(atoms)}
        tree = STRtree([atom.shape for atom in atoms])
        met = tree.query(shapely.boundary(np.array(zones, object)), predicate="intersects")
        for zone, place in met.T.tolist():
            left -= int(shapely.get_num_coordinates(pieces[place] + [zones[zone]] * len(pieces[place])).sum())
            if left < 0:
                return None
            pieces[place] = [part for piece in pieces[place] for part in _split(piece, zones[zone])]
        cut = {place: [replace(atoms[place], shape=piece) for piece in pieces[place]] for place in set(met[1].tolist())}
        worth = {place: weigh(self.edition, parts, ground.total) for place, parts in cut.items()}
        return [part for place, atom in enumerate(atoms) for part, _ in worth.get(place, [(atom, 0.0)])]

    def _zones(self, ground: BaseGeometry) -> list[BaseGeometry]:
        """Patches and determinations near the ground, but the one that has this ground."""
        day = self.at.astimezone(self.options.zone).date()
        tables = (self.before.patches, self.before.determinations, self.after.determinations)
        near = [table.outlines[row] for table in tables for row in table.in_box(*ground.bounds, day)]
        others = {outline.wkb: outline for outline in near if not outline.equals_exact(ground, 0.0)}
        return [shapely.make_valid(outline) for outline in others.values()]


def _split(piece: BaseGeometry, zone: BaseGeometry) -> list[BaseGeometry]:
    cut = cut_shape(piece, [zone])
    return [part for part in (*(part for _, part in cut.pieces), cut.rest) if not part.is_empty]


def _cells(atoms: Sequence[Atom]) -> int:
    return len({atom.cell for atom in atoms} - {-1})


def _changes(found: dict[tuple[Outcome, Key], set[int]]) -> tuple[LeadChange, ...]:
    """What is the same for several categories together: first what changes. Ground of nobody is left out."""
    categories: dict[tuple[str, str], list[Key]] = defaultdict(list)
    cells: dict[tuple[str, str], set[int]] = defaultdict(set)
    for ((before, after), category), where in found.items():
        if before is not None and after is not None:
            categories[before, after].append(category)
            cells[before, after] |= where
    changes = [LeadChange(*pair, tuple(sorted(categories[pair])), len(cells[pair] - {-1})) for pair in categories]
    return tuple(sorted(changes, key=lambda change: (change.before == change.after, -change.cells, change.before)))
