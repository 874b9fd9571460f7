"""A shape cut into what it lies on, and measured: who is concerned by it, whether it may be decided about and what that
would change start from this, and cutting is most of their work.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridsvc.errors import InvalidInput
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.geometry.partition import measure, measure_all
from gridsvc.index.shape.ground import Atom, list_atoms
from gridsvc.index.territory.areas import lineage_of

DUST = 1e-9
"""Shares below this come from rounding."""

REMEDY = "give one LineString, MultiLineString, Polygon or MultiPolygon in WGS84 longitude and latitude"


@dataclass(frozen=True, slots=True)
class Survey:
    """A shape, how much it measures in metres or square metres of the plane, and its atoms with their measures."""

    shape: BaseGeometry
    total: float
    atoms: tuple[tuple[Atom, float], ...]

    @property
    def outside_share(self) -> float:
        """Of nobody's ground."""
        return min(max(1.0 - sum(amount for _, amount in self.atoms) / self.total, 0.0), 1.0)

    def share_within(self, edition: CompiledEdition, area: str) -> float:
        """Of an area's ground, by its code; `edition` is that which the shape was cut by."""
        inside = {each for each in {atom.area for atom, _ in self.atoms} if area in _codes(edition, each)}
        return min(sum(amount for atom, amount in self.atoms if atom.area in inside) / self.total, 1.0)


def survey_shape(edition: CompiledEdition, geometry: BaseGeometry) -> Survey:
    """Cut a line or polygon in WGS84 degrees. Raises InvalidInput for shapes that cannot be measured."""
    shape = check_shape(geometry)
    total = measure(edition.plane, _dissolved(shape))
    if not 0.0 < total < float("inf"):
        msg = f"the shape measures nothing in the plane of the city: {REMEDY}, near the city"
        raise InvalidInput(msg, zh="图形在本市没有长度或面积：请在本市附近重画。")
    return Survey(shape, total, tuple(weigh(edition, list_atoms(edition, shape), total)))


def check_shape(geometry: BaseGeometry) -> BaseGeometry:
    """The shape without heights; InvalidInput tells what is wrong with one that cannot be used, and the remedy."""
    if geometry.geom_type not in ("LineString", "MultiLineString", "Polygon", "MultiPolygon"):
        msg = f"a {geometry.geom_type} is neither line nor polygon: {REMEDY}"
        raise InvalidInput(msg)
    if geometry.is_empty:
        msg = f"the shape is empty: {REMEDY}"
        raise InvalidInput(msg, zh="图形是空的：请重画。")
    shape = shapely.force_2d(geometry)
    places = shapely.get_coordinates(shape)
    if not (np.isfinite(places).all() and (np.abs(places) <= (180.0, 90.0)).all()):
        msg = f"the shape has vertices that are no place on earth: {REMEDY}"
        raise InvalidInput(msg)
    if not shape.is_valid:
        msg = f"the shape is not valid ({shapely.is_valid_reason(shape)}): redraw it there, or repair it with a GIS"
        raise InvalidInput(msg, zh="图形的边界自相交或不闭合：请重画。")
    return shape


def _dissolved(shape: BaseGeometry) -> BaseGeometry:
    """A way there and back along one street is one street: pieces come out so, and so has the whole to be measured."""
    is_plain = shapely.get_dimensions(shape) > 1 or shape.is_simple
    return shape if is_plain else shapely.unary_union(shape)


def weigh(edition: CompiledEdition, atoms: list[Atom], total: float) -> list[tuple[Atom, float]]:
    """Atoms with their measure, without the dust that cutting leaves."""
    amounts = measure_all(edition.plane, [atom.shape for atom in atoms]).tolist()
    return [(atom, amount) for atom, amount in zip(atoms, amounts, strict=True) if amount > total * DUST]


def _codes(edition: CompiledEdition, area: int) -> set[str]:
    return {each.code for each in lineage_of(edition, area)}
