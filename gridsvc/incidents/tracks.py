"""Fixes of field staff: on which ground each lies, and what seems wrong with it.

The same questions are asked of all fixes of a batch at once: a track has up to a thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray
from gridsvc.datum.convert import to_wgs84
from gridsvc.datum.names import BD09, CGCS2000, GCJ02, WGS84
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.ground import Ground, find_ground
from gridsvc.index.territory.segments import near_segments
from gridsvc.model.accounts import Account
from gridsvc.model.people import Post, TargetKind
from gridsvc.model.places import Location
from gridsvc.model.territory import SUBDISTRICT_RANK

OUTSIDE_TERRITORY, SUSPECT_DATUM = "OUTSIDE_TERRITORY", "SUSPECT_DATUM"
READINGS = (WGS84, GCJ02, BD09)
"""Datums that phones send under each other's names."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a fix lies: `status` OK or OUTSIDE of the city, codes, and what seems wrong."""

    status: str
    cell: str | None
    subdistrict: str | None
    areas: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The own territory of who sends: the posts of a person, else the area of an account, else the whole city."""

    edition: CompiledEdition
    options: ResolveOptions
    posts: tuple[Post, ...] = ()
    area: str | None = None

    def holds(self, lon: FloatArray, lat: FloatArray, ground: Ground) -> BoolArray:
        """Which places are in it; a segment reaches as far as segments are sought."""
        if not self.posts and self.area is None:
            return ~ground.outside
        inside = np.zeros(len(lon), np.bool_)
        for row in np.flatnonzero(~ground.outside).tolist():
            inside[row] = self._has(ground, row)
        segments = {(post.target_scheme, post.target_code) for post in self._posts(TargetKind.SEGMENT)}
        if segments:
            near = near_segments(self.edition, lon, lat, self.options.segment_radius_m)
            for point, index in zip(near.point.tolist(), near.segment.tolist(), strict=True):
                segment = self.edition.segments.items[index]
                inside[point] |= bool(segments & {(segment.scheme, segment.code), (None, segment.code)})
        return inside

    def _has(self, ground: Ground, row: int) -> bool:
        cell, areas = int(ground.cell[row]), lineage_of(self.edition, int(ground.area[row]))
        if not self.posts:
            return any(area.code == self.area for area in areas)
        targets = {(TargetKind.AREA, area.scheme, area.code) for area in areas}
        if cell >= 0:
            targets.add((TargetKind.CELL, *self.edition.cells.keys[cell]))
            targets |= {(TargetKind.GROUP, group.scheme, group.code) for group in self.edition.groups_of_cell[cell]}
        return any(
            post.target_kind is kind and post.target_code == code and post.target_scheme in (None, scheme)
            for post in self.posts
            for kind, scheme, code in targets
        )

    def _posts(self, kind: TargetKind) -> list[Post]:
        return [post for post in self.posts if post.target_kind is kind]


def home_of(account: Account, edition: CompiledEdition, duties: Duties, day: date, options: ResolveOptions) -> Home:
    """Where an account is at home on a day; a person whom the roster does not know has no posts."""
    person = account.person
    known = person is not None and person in duties.staff.people
    posts = tuple(duties.staff.list_posts_of(person, day)) if known and person is not None else ()
    return Home(edition, options, posts, account.area)


def place_fixes(home: Home, locations: Sequence[Location]) -> list[Placed]:
    """Where each lies. OUTSIDE_TERRITORY: in no place of one's own; SUSPECT_DATUM: read in another it would be."""
    lon, lat = (np.array([getattr(location, name) for location in locations]) for name in ("lon", "lat"))
    ground = find_ground(home.edition, lon, lat, home.options.tolerance_m)
    at_home = home.holds(lon, lat, ground)
    suspect = np.zeros(len(locations), np.bool_)
    for reading in READINGS:
        suspect |= ~at_home & _is_home_read_as(home, locations, reading)
    return [_placed(home.edition, ground, row, bool(at_home[row]), bool(suspect[row])) for row in range(len(locations))]


def _is_home_read_as(home: Home, locations: Sequence[Location], datum: str) -> BoolArray:
    """Which pairs, read in another datum than they were declared in, lie at home."""
    declared = [location.submitted.datum for location in locations]
    other = np.array([datum != (WGS84 if name == CGCS2000 else name) for name in declared], np.bool_)
    pairs = np.array([(location.submitted.x, location.submitted.y) for location in locations]).reshape(-1, 2)
    lon, lat = to_wgs84(pairs[:, 0], pairs[:, 1], datum)
    rows = np.flatnonzero(other & np.isfinite(lon) & np.isfinite(lat))
    result = np.zeros(len(locations), np.bool_)
    if rows.size:
        ground = find_ground(home.edition, lon[rows], lat[rows], home.options.tolerance_m)
        result[rows] = home.holds(lon[rows], lat[rows], ground)
    return result


def _placed(edition: CompiledEdition, ground: Ground, row: int, at_home: bool, suspect: bool) -> Placed:
    cell, areas = int(ground.cell[row]), lineage_of(edition, int(ground.area[row]))
    warnings = ([] if at_home else [OUTSIDE_TERRITORY]) + ([SUSPECT_DATUM] if suspect else [])
    return Placed(
        status="OUTSIDE" if ground.outside[row] else "OK",
        cell=edition.cells.keys[cell].code if cell >= 0 else None,
        subdistrict=next((area.code for area in areas if area.level.rank == SUBDISTRICT_RANK), None),
        areas=tuple(area.code for area in areas),
        warnings=tuple(warnings),
    )
