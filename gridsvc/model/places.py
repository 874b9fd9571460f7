"""Places on earth. Axis order is always lon, lat (x, y); degrees are WGS84, taken as equal to CGCS2000."""

from dataclasses import dataclass
from typing import NamedTuple


class Key(NamedTuple):
    """Name of a thing of the field: a code means nothing without the scheme that it belongs to."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """The pair as it came in, in its own datum and that datum's units: kept untouched as evidence."""

    x: float
    y: float
    datum: str


@dataclass(frozen=True, slots=True)
class Location:
    """One place in degrees; made by `gridsvc.datum.locate`, which checks and converts.

    `datum` is that of `lon` and `lat`, always WGS84; what was sent stands in `submitted`. `accuracy_m` is the radius of
    the 68 % circle, None when nothing was said.
    """

    lon: float
    lat: float
    datum: str
    accuracy_m: float | None
    submitted: Submitted


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """West, south, east, north in degrees; west ≤ east (no box crosses the antimeridian)."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, lon: float, lat: float) -> bool:
        """Whether the closed box holds the point."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def as_list(self) -> list[float]:
        """[west, south, east, north], the order of GeoJSON."""
        return [self.west, self.south, self.east, self.north]
