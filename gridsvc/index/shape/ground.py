"""What a line or polygon lies on, cut into atoms of one cell, one deepest area and one lead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import IntArray
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.exact import locate_pairs
from gridsvc.index.geometry.outlines import outlines_of
from gridsvc.index.geometry.partition import cut_shape, measure
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.place import Place
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Trace
from gridsvc.index.territory.areas import lineage_of
from gridsvc.model.departments import Determination
from gridsvc.model.resolution import DepartmentAnswer


@dataclass(frozen=True, slots=True)
class Atom:
    """Ground of one cell (index or -1) and one deepest area (index or -1)."""

    shape: BaseGeometry
    cell: int
    area: int


@dataclass(frozen=True, slots=True)
class Lead:
    """A department that leads on so much of the shape."""

    department: DepartmentAnswer
    amount: float


def list_atoms(edition: CompiledEdition, shape: BaseGeometry) -> list[Atom]:
    """Cut a shape by cells, then by areas where no cell names one; ground of nobody is left out."""
    near = cells_met(edition, shape)
    by_cell = cut_shape(shape, list(outlines_of(edition.cells.polygons, near)), _wholly_inside(edition, shape, near))
    atoms: list[Atom] = []
    for row, piece in by_cell.pieces:
        cell = int(near[row])
        area = int(edition.cells.area[cell])
        if area >= 0:
            atoms.append(Atom(piece, cell, area))
        else:
            atoms += _by_areas(edition, piece, cell)
    return atoms + list(_by_areas(edition, by_cell.rest, -1))


def cells_met(edition: CompiledEdition, shape: BaseGeometry) -> IntArray:
    """Cells (indices, ascending) whose box meets a shape."""
    table = edition.cells.polygons
    near = table.in_box(*shape.bounds)
    shapely.prepare(shape)
    return near[shapely.intersects(shape, shapely.box(*table.boxes[near].T))]


def _wholly_inside(edition: CompiledEdition, shape: BaseGeometry, near: IntArray) -> list[int]:
    """Places in `near` of cells that lie inside a polygon and have their ground to themselves.

    Where no loose edge is near, every place of a cell is covered by the same number of cells: one is asked.
    """
    cells = edition.cells
    boxes = np.asarray(shapely.box(*cells.polygons.boxes[near].T), object)
    inside = np.flatnonzero(shapely.contains_properly(shape, boxes))
    inside = np.setdiff1d(inside, inside[np.unique(cells.loose_tree.pairs(cells.polygons.boxes[near[inside]])[0])])
    if not len(inside):
        return []
    places = shapely.get_coordinates(shapely.point_on_surface(outlines_of(cells.polygons, near[inside])))
    point, cell = cells.polygons.at_points(*places.T)
    covers = locate_pairs(cells.polygons, cell, *places[point].T) >= 0
    alone = np.bincount(point[covers], minlength=len(inside)) == 1
    return [int(row) for row in inside[alone]]


def _by_areas(edition: CompiledEdition, shape: BaseGeometry, cell: int) -> Iterator[Atom]:
    """The deepest area has the ground, then the lowest code."""
    if shape.is_empty:
        return
    areas = edition.areas
    near = areas.with_polygon[areas.polygons.in_box(*shape.bounds)]
    near = near[np.lexsort((near, -areas.rank[near]))]
    cut = cut_shape(shape, list(shapely.make_valid(areas.items.shapes.take(near))))
    for row, piece in cut.pieces:
        yield Atom(piece, cell, int(near[row]))
    if cell >= 0 and not cut.rest.is_empty:
        yield Atom(cut.rest, cell, -1)


def place_of_atom(edition: CompiledEdition, atom: Atom) -> Place:
    """The place that an atom is, for the rules."""
    areas = lineage_of(edition, atom.area)
    if atom.cell < 0:
        return Place(None, None, areas)
    cells = edition.cells
    groups = edition.groups_of_cell[atom.cell]
    return Place(cells.keys[atom.cell], cells.responsible_body[atom.cell], areas, groups)


def list_leads(
    edition: CompiledEdition, duties: Duties, matter: Matter, atoms: list[tuple[Atom, float]]
) -> Iterator[Lead]:
    """Who leads on each part, whatever the matter: determinations for all matters first, then the ground itself."""
    zones = duties.determinations
    known: dict[tuple[str | None, int], DepartmentAnswer] = {}
    for atom, whole in atoms:
        amount = whole
        place = place_of_atom(edition, atom)
        near = [
            row for row in zones.in_box(*atom.shape.bounds, matter.day) if _decides(duties, zones.rows[row], matter)
        ]
        for row, piece in cut_shape(atom.shape, [shapely.make_valid(zones.outlines[row]) for row in near]).pieces:
            determined = replace(place, determinations=(zones.rows[near[row]],))
            taken = measure(edition.plane, piece)
            amount -= taken
            yield Lead(_lead(duties, determined, matter), taken)
        ground = (place.responsible_body, atom.area)
        if ground not in known:
            known[ground] = _lead(duties, place, matter)
        yield Lead(known[ground], amount)


def _decides(duties: Duties, row: Determination, matter: Matter) -> bool:
    """Whether a determination speaks of all matters and its department is there on the day."""
    return not row.categories and duties.organisation.follow(row.department, matter.day).department is not None


def _lead(duties: Duties, place: Place, matter: Matter) -> DepartmentAnswer:
    return find_competent(Inquiry(duties, place, matter), Trace()).lead
