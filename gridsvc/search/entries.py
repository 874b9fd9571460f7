"""What can be found, and what was found."""

from dataclasses import dataclass
from enum import IntEnum

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing with names. `detail` is what tells it from others of its name; degrees are WGS84, None: nowhere."""

    kind: str
    code: str
    scheme: str | None
    name: str
    detail: str = ""
    lon: float | None = None
    lat: float | None = None
    bbox: Box | None = None
    other_names: tuple[str, ...] = ()


class Likeness(IntEnum):
    """How a name is like what was typed, the nearest first."""

    EXACT = 0
    BEGINS = 1
    CONTAINS = 2
    PINYIN_EXACT = 3
    PINYIN_BEGINS = 4
    PINYIN_CONTAINS = 5
    LEFT_OUT = 6
    ONE_ERROR = 7


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found. `longer` is by how many signs its name is longer than what was typed."""

    entry: Entry
    likeness: Likeness
    longer: int = 0

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Best first; of equals the shorter name, then by name and code."""
        return self.likeness, self.longer, self.entry.name, self.entry.code
