"""What an import or a check found: on which feature, where, and what to do. Texts live beside the checks, as data."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shapely import Geometry, point_on_surface


class Severity(StrEnum):
    """BLOCK refuses import or publish; WARNING should be mended; NOTE tells what was done or seen."""

    BLOCK = "BLOCK"
    WARNING = "WARNING"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. `code` picks the text, `values` fill it; `geometry` (lon/lat) shows the place where there is one.

    `layer` is a layer or roster table; `features` are the codes concerned, the first one leads.
    """

    code: str
    severity: Severity
    layer: str
    features: tuple[str, ...] = ()
    geometry: Geometry | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Stable name, by which a finding is accepted: code, layer, features and (where it has none) its place."""
        parts = [self.code, self.layer, "+".join(self.features)]
        if self.geometry is not None and not self.features:
            place = point_on_surface(self.geometry)
            parts[2] = f"{place.x:.5f},{place.y:.5f}"
        return ":".join(parts)
