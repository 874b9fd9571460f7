"""Features to the bytes of a Mapbox vector tile 2.1: protocol buffers written by hand, as there are so few fields."""

from collections.abc import Iterable, Sequence

from geodata.tiles.grid import EXTENT

Tags = tuple[str | None, ...]
"""A feature's values in the order of its layer's keys; None where it has none."""


def varint(value: int) -> bytes:
    """Seven bits at a time, least first."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def _field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


class LayerMessage:
    """One layer of one tile, filled feature by feature; values that repeat are written once."""

    def __init__(self, name: str, keys: Sequence[str], kind: int) -> None:
        self._head = _field(1, name.encode())
        self._keys = b"".join(_field(3, key.encode()) for key in keys)
        self._kind = b"\x18" + varint(kind)
        self._values: dict[str, int] = {}
        self._features: list[bytes] = []

    def add(self, tags: Tags, geometry: bytes) -> None:
        """Write a feature."""
        numbers = bytearray()
        for key, value in enumerate(tags):
            if value is not None:
                place = self._values.setdefault(value, len(self._values))
                numbers += varint(key) + varint(place)
        self._features.append(_field(2, _field(2, bytes(numbers)) + self._kind + _field(4, geometry)))

    def to_bytes(self) -> bytes:
        """The layer as a field of its tile."""
        values = b"".join(_field(4, _field(1, value.encode())) for value in self._values)
        version = b"\x28" + varint(EXTENT) + b"\x78\x02"
        return _field(3, b"".join([self._head, *self._features, self._keys, values, version]))


def tile_bytes(layers: Iterable[LayerMessage]) -> bytes:
    """A tile of its layers."""
    return b"".join(layer.to_bytes() for layer in layers)
