"""What a decision will change: who leads on its ground by the roster as it is, and who with the decision in it.

The resolver is asked both times, at one place in each part of the ground on which nothing but the category can make a
difference.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gridsvc.datum import locate
from gridsvc.errors import OutsideCoverage, UnknownCategory
from gridsvc.index.batch.resolver import BatchResolver
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.partition import measure_all
from gridsvc.index.options import ResolveOptions
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import Duties
from gridsvc.index.shape.ground import Atom, list_atoms
from gridsvc.index.territory.cells import covering
from gridsvc.model.departments import Part
from gridsvc.model.places import Key
from gridsvc.model.territory import Component, key_of

DUST = 1e-9
"""Shares of the ground below this come from rounding."""

MAX_QUESTIONS = 25_000
"""Parts of the ground times categories, each asked twice: 3 s of a core. Of a wider ground every second part is asked,
or every third, and so on.
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
    """How many cells the ground touches and in how many of them it was asked, its square metres (a component has none),
    and who leads on it.
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

    def on_ground(self, ground: Polygon | MultiPolygon, categories: Sequence[Key]) -> Consequence:
        """Of a polygon, for each of the categories."""
        every, area_m2 = self._atoms(ground)
        atoms = every[:: max(1, -(-len(every) * len(categories) // MAX_QUESTIONS))]
        places = shapely.get_coordinates(shapely.point_on_surface([atom.shape for atom in atoms]))
        resolvers = [BatchResolver(self.edition, duties, self.at, self.options) for duties in (self.before, self.after)]
        found: dict[tuple[Outcome, Key], set[int]] = defaultdict(set)
        for category in categories:
            asked = [category] * len(atoms)
            leads = [resolver.answer(*places.T, categories=asked).lead for resolver in resolvers]
            for atom, before, after in zip(atoms, *leads, strict=True):
                found[(before, after), category].add(atom.cell)
        return Consequence(_cells(every), _cells(atoms), area_m2, _changes(found))

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

    def _atoms(self, ground: Polygon | MultiPolygon) -> tuple[list[Atom], float]:
        """Parts of one cell and area, under the same patches and determinations; and the measure of all of them."""
        atoms = [atom for face in self._faces(ground) for atom in list_atoms(self.edition, face)]
        amounts = measure_all(self.edition.plane, [atom.shape for atom in atoms])
        total = float(amounts.sum())
        kept = [atom for atom, amount in zip(atoms, amounts.tolist(), strict=True) if amount > total * DUST]
        return kept, total

    def _faces(self, ground: Polygon | MultiPolygon) -> Iterator[BaseGeometry]:
        """The ground cut along the borders of patches and determinations that meet it."""
        day = self.at.astimezone(self.options.zone).date()
        zones = (self.before.patches, self.before.determinations, self.after.determinations)
        near = [shapely.boundary(table.outlines[row]) for table in zones for row in table.in_box(*ground.bounds, day)]
        borders = [border for border in near if shapely.intersects(border, ground)]
        if not borders:
            yield ground
            return
        lines = shapely.union_all([shapely.boundary(ground), *borders])
        faces = shapely.get_parts(shapely.polygonize([lines]))
        inside = shapely.intersects(shapely.point_on_surface(faces), ground)
        yield from faces[inside]


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
