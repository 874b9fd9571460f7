"""SHA-256 over the content of an edition, byte for byte, in a fixed order and without dates or numbers."""

import hashlib

import numpy as np

from gridsvc.index.geometry.flat import FlatShapes
from gridsvc.model.territory import Area, Cell, Component, Feature, Group, Place, Segment

_VERSION = b"gridsvc-territory-1"
_LINES_AT_ONCE, _VERTICES_AT_ONCE = 200_000, 4_000_000


class ContentDigest:
    """Layer by layer in the order of `Layer`, each sorted by (scheme, code): the order of an import does not show.

    Each array goes in as little-endian bytes with its length before it: nothing can be moved across a border
    between fields without being seen.
    """

    def __init__(self, crs: str) -> None:
        self._sha = hashlib.sha256(_VERSION)
        self._add(crs.encode())

    def add_layer(self, count: int, values: bytes | bytearray, flat: FlatShapes) -> None:
        """`values` are the `packed_values` of its features, one after the other."""
        self._add(count.to_bytes(8, "little"))
        self._sha.update(values)
        for has_lines in (not flat.is_polygonal, flat.is_polygonal):
            if has_lines:
                self._add_lines(flat)
            else:
                for _ in range(3):
                    self._add(b"")
        self._add(flat.line_part.astype("<i8").tobytes() if flat.is_polygonal else b"")

    def hexdigest(self) -> str:
        """Of all that was added."""
        return self._sha.hexdigest()

    def _add(self, piece: bytes) -> None:
        self._sha.update(len(piece).to_bytes(8, "little"))
        self._sha.update(piece)

    def _add_lines(self, flat: FlatShapes) -> None:
        """Whose each line is, of which line each vertex, and the vertices; in chunks, there may be millions."""
        self._add(flat.line_owner.astype("<i8").tobytes())
        vertices = len(flat.x)
        self._sha.update((8 * vertices).to_bytes(8, "little"))
        for start in range(0, len(flat.line_owner), _LINES_AT_ONCE):
            lines = np.arange(start, min(start + _LINES_AT_ONCE, len(flat.line_owner)))
            self._sha.update(np.repeat(lines, np.diff(flat.line_offsets)[lines]).astype("<i8").tobytes())
        self._sha.update((16 * vertices).to_bytes(8, "little"))
        for start in range(0, vertices, _VERTICES_AT_ONCE):
            part = slice(start, start + _VERTICES_AT_ONCE)
            self._sha.update(np.stack([flat.x[part], flat.y[part]], axis=-1).astype("<f8").tobytes())


def packed_values(feature: Feature) -> bytes:
    """What a feature says beside its shape."""
    packed = []
    for value in _values(feature):
        piece = b"\x00" if value is None else b"\x01" + value.encode()
        packed += [len(piece).to_bytes(8, "little"), piece]
    return b"".join(packed)


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
