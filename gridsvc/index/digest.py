"""SHA-256 over the content of an edition, byte for byte, in a fixed order and without dates or numbers."""

import hashlib
from collections.abc import Iterable

import numpy as np
import shapely

from gridsvc.model.territory import Area, Cell, Component, Feature, Group, Place, Segment, Territory

_VERSION = b"gridsvc-territory-1"


def digest_of(territory: Territory) -> str:
    """Hex digest; layers must be sorted by (scheme, code), so that the order of an import does not show.

    Each array goes in as little-endian bytes with its length before it: nothing can be moved across a border
    between fields without being seen.
    """
    digest = hashlib.sha256(_VERSION)
    for piece in _pieces(territory):
        digest.update(len(piece).to_bytes(8, "little"))
        digest.update(piece)
    return digest.hexdigest()


def _pieces(territory: Territory) -> Iterable[bytes]:
    yield territory.crs.encode()
    layers = (territory.areas, territory.cells, territory.groups, territory.segments, territory.components)
    # Editions from before there were places keep their digest: an empty layer of them adds nothing.
    for layer in (*layers, territory.places) if territory.places else layers:
        yield len(layer).to_bytes(8, "little")
        for feature in layer:
            for value in _values(feature):
                yield b"\x00" if value is None else b"\x01" + value.encode()
        yield from _geometry_bytes(layer)


def _values(feature: Feature) -> tuple[str | None, ...]:
    named = (feature.scheme, feature.code, feature.name)
    match feature:
        case Area():
            return (*named, feature.level, feature.parent)
        case Cell():
            return (*named, feature.area, feature.responsible_body, feature.land_use, feature.grade)
        case Group():
            keys = (part for key in sorted(feature.cells) for part in key)
            return (*named, feature.kind, str(len(feature.cells)), *keys)
        case Segment():
            return (*named, feature.kind, feature.subdistrict)
        case Component():
            departments = (feature.competent, feature.owner, feature.maintainer)
            return (*named, *feature.category, *departments, feature.state)
        case Place():
            return (*named, feature.kind, feature.address, str(len(feature.aliases)), *feature.aliases)


def _geometry_bytes(layer: tuple[Feature, ...]) -> Iterable[bytes]:
    shapes = np.array([getattr(feature, "geometry", None) for feature in layer] or [], object)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    polygonal = shapely.get_dimensions(parts) == 2
    rings, ring_part = shapely.get_rings(parts[polygonal], return_index=True)
    for lines, line_owner in ((parts[~polygonal], owner[~polygonal]), (rings, owner[polygonal][ring_part])):
        coordinates, line = shapely.get_coordinates(lines, return_index=True)
        yield line_owner.astype("<i8").tobytes()
        yield line.astype("<i8").tobytes()
        yield coordinates.astype("<f8").tobytes()
    yield ring_part.astype("<i8").tobytes()
