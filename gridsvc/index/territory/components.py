"""The fixed thing that a matter is about: the one named, or the nearest of its category."""

from dataclasses import dataclass

import numpy as np

from gridsvc.errors import NotFound
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.territory.cells import EQUAL_M
from gridsvc.model.places import Key, Location
from gridsvc.model.territory import Component


@dataclass(frozen=True, slots=True)
class NearComponent:
    """A component with its distance in metres of the plane."""

    component: Component
    distance_m: float


def get_component(edition: CompiledEdition, key: Key, location: Location) -> NearComponent:
    """The named component, wherever it stands; NotFound where the edition has none of that name."""
    table = edition.components
    if (index := table.index_of.get(key)) is None:
        msg = f"component {key.scheme}:{key.code} is not in edition {edition.number}: give one of its components"
        raise NotFound(msg, component=f"{key.scheme}:{key.code}")
    x, y = edition.plane.project_point(location.lon, location.lat)
    return NearComponent(table.items[index], float(np.hypot(table.x[index] - x, table.y[index] - y)))


def find_component(
    edition: CompiledEdition, category: Key, lon: float, lat: float, radius_m: float
) -> NearComponent | None:
    """The nearest component of a category within the radius; equally near ones fall to the lowest (scheme, code)."""
    table = edition.components
    x, y = edition.plane.project_point(lon, lat)
    if not np.isfinite([x, y]).all():
        return None
    near = table.tree.in_box(x - radius_m, y - radius_m, x + radius_m, y + radius_m)
    found = [int(index) for index in near if table.items.category(int(index)) == category]
    if not found:
        return None
    metres = np.hypot(table.x[found] - x, table.y[found] - y)
    first = int(np.flatnonzero(metres <= metres.min() + EQUAL_M)[0])
    return NearComponent(table.items[found[first]], float(metres[first])) if metres[first] <= radius_m else None
