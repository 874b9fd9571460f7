"""What all readers of points agree on."""

from collections.abc import Iterable
from dataclasses import dataclass, field

ATTRIBUTES = ("id", "datum", "accuracy_m", "category")
"""Attributes of a point that mean something for its answer."""

CHUNK_ROWS = 65_536
MOST_NAMES = 20


@dataclass(slots=True)
class Passed:
    """Names of attributes that are not read, as far as MOST_NAMES: files may be drawn for much else, but it is told."""

    names: dict[str, None] = field(default_factory=dict)

    def note(self, names: Iterable[str]) -> None:
        """Take the names in, known ones too."""
        if len(self.names) < MOST_NAMES:
            self.names.update(dict.fromkeys(name[:40] for name in names if name not in ATTRIBUTES))
