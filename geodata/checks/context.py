"""What every check is given: the layers, the roster that is to be in force with them, the rules, and a ruler."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geodata.checks.ground import ground_of_territory
from geodata.checks.local_plane import LocalPlane
from geodata.checks.measure import Ruler
from geodata.checks.rows import RosterContext
from geodata.issues import found
from geodata.schemes import Schemes
from gridsvc.datum.plane import Plane, default_crs, plane_for
from gridsvc.errors import InvalidInput
from gridsvc.model.issue import Issue
from gridsvc.model.places import BoundingBox
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Area, Cell, Group, Territory


@dataclass(frozen=True)
class CheckContext:
    """One territory under examination on one day (`today`, local, decides which roster rows still matter)."""

    territory: Territory
    roster: Roster
    schemes: Schemes
    today: date

    def found(
        self,
        code: str,
        scheme: str | None,
        layer: str,
        features: tuple[str, ...] = (),
        geometry: Geometry | None = None,
        /,
        **values: Any,
    ) -> Issue:
        """A finding with the severity that its scheme gives it; roster rows and departments have no scheme."""
        severity = None if scheme is None else self.schemes.severity(scheme, code)
        return found(code, layer, features, geometry, severity=severity, **values)

    @cached_property
    def box(self) -> BoundingBox:
        """Bounds of everything drawn; the one point 0, 0 where nothing is."""
        return bounding_box(self.territory) or BoundingBox(0.0, 0.0, 0.0, 0.0)

    @cached_property
    def plane(self) -> Plane:
        """The projected CRS of the territory; where that is unusable (told by its own check), the UTM zone."""
        try:
            return plane_for(self.territory.crs)
        except InvalidInput:
            return plane_for(default_crs(self.box))

    @cached_property
    def ruler(self) -> Ruler:
        """Measures areas and widths in the projected CRS."""
        return Ruler(self.plane)

    @cached_property
    def local(self) -> LocalPlane:
        """The affine plane in which topology is looked at."""
        return LocalPlane.around(self.box)

    @cached_property
    def areas(self) -> dict[str, Area]:
        """Areas by code."""
        return {area.code: area for area in self.territory.areas}

    @cached_property
    def people(self) -> RosterContext:
        """The roster over the ground of these layers: the half that has no outlines."""
        return RosterContext(ground_of_territory(self.territory), self.roster, self.today)

    def polygons_of(self, features: Sequence[Area | Cell]) -> NDArray[np.object_]:
        """Their polygons, with invalid ones replaced by what the even-odd rule fills, as the compiled index reads them.

        Invalid outlines are told by their own check; here they must not hide other findings. None stays None.
        """
        mended = self._mended
        return np.array([mended.get(id(feature), feature.geometry) for feature in features], dtype=object)

    @cached_property
    def _mended(self) -> dict[int, Geometry]:
        features: list[Area | Cell] = [*self.territory.areas, *self.territory.cells]
        polygons = np.array([feature.geometry for feature in features], dtype=object)
        broken = np.flatnonzero(~shapely.is_valid(polygons) & ~shapely.is_missing(polygons))
        parts = shapely.make_valid(polygons[broken], method="linework")
        return {id(features[index]): _polygonal(part) for index, part in zip(broken, parts, strict=True)}

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """Code of the parent by area code."""
        return {area.code: area.parent for area in self.territory.areas}


def bounding_box(territory: Territory) -> BoundingBox | None:
    """Bounds of all geometries of a territory in degrees; None where there are none with finite coordinates."""
    drawn = [f.geometry for _, f in territory.features() if not isinstance(f, Group) and f.geometry is not None]
    west, south, east, north = shapely.total_bounds(np.array(drawn, dtype=object)) if drawn else [np.nan] * 4
    if not np.isfinite([west, south, east, north]).all():
        return None
    return BoundingBox(float(west), float(south), float(east), float(north))


def _polygonal(geometry: Geometry) -> Geometry:
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2]
    return shapely.union_all(parts) if parts else shapely.Polygon()
