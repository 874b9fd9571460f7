"""Was another datum meant? A pair that makes no sense as declared may make sense when read otherwise."""

from collections.abc import Iterator

from gridsvc.datum.convert import place_of
from gridsvc.datum.names import BD09, CGCS2000, GCJ02, WGS84
from gridsvc.index.rules.question import Question
from gridsvc.index.territory.areas import lineage_of
from gridsvc.index.territory.ground import ground_at, is_covered
from gridsvc.index.territory.segments import segments_near
from gridsvc.index.territory.spot import Spot
from gridsvc.model.people import Post, TargetKind
from gridsvc.model.places import Location

READINGS = (WGS84, GCJ02, BD09)
"""Datums that phones send under each other's names."""


class ReporterTerritory:
    """Where a person is at home: areas, cells, groups and segments of the posts that they hold on the day."""

    def __init__(self, question: Question, person: str) -> None:
        """Refuses (NotFound) a person whom the roster does not know."""
        self.person = question.duties.get_person(person).code
        self._edition = question.edition
        self._options = question.options
        self._posts: dict[TargetKind, list[Post]] = {kind: [] for kind in TargetKind}
        for post in question.duties.staff.list_posts_of(person, question.matter.day):
            self._posts[post.target_kind].append(post)

    @property
    def is_known(self) -> bool:
        """Whether the person holds any post; nobody is outside a territory that does not exist."""
        return any(self._posts.values())

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place is in the territory; a segment reaches as far as segments are sought."""
        edition, options = self._edition, self._options
        spot = Spot(edition, lon, lat)
        ground = ground_at(spot, options.tolerance_m)
        codes = {(TargetKind.AREA, area.scheme, area.code) for area in lineage_of(edition, int(ground.area[0]))}
        if (cell := int(ground.cell[0])) >= 0:
            codes.add((TargetKind.CELL, *edition.cells.keys[cell]))
            codes.update((TargetKind.GROUP, group.scheme, group.code) for group in edition.groups_of_cell[cell])
        if self._posts[TargetKind.SEGMENT]:
            near = segments_near(spot, options.segment_radius_m)
            segments = (edition.segments.items[index] for index, _, _ in near)
            codes.update((TargetKind.SEGMENT, segment.scheme, segment.code) for segment in segments)
        return any(_names(post, code) for posts in self._posts.values() for post in posts for code in codes)


def _names(post: Post, target: tuple[TargetKind, str, str]) -> bool:
    kind, scheme, code = target
    return post.target_kind is kind and post.target_code == code and post.target_scheme in (None, scheme)


def suspect_for_reporter(question: Question, person: str) -> str | None:
    """The datum in which the reporter would be at home, when as declared they are not."""
    territory, location = ReporterTerritory(question, person), question.location
    if not territory.is_known or territory.holds(location.lon, location.lat):
        return None
    return next((datum for datum, lon, lat in _other_readings(location) if territory.holds(lon, lat)), None)


def suspect_outside(question: Question) -> str | None:
    """The datum in which a place outside coverage would be inside."""
    edition, tolerance_m = question.edition, question.options.tolerance_m
    readings = _other_readings(question.location)
    return next((datum for datum, lon, lat in readings if is_covered(edition, lon, lat, tolerance_m)), None)


def _other_readings(location: Location) -> Iterator[tuple[str, float, float]]:
    """The submitted pair read in the other datums, where it is a place in them."""
    submitted = location.submitted
    declared = WGS84 if submitted.datum == CGCS2000 else submitted.datum
    for datum in READINGS:
        if datum != declared and (place := place_of(submitted.x, submitted.y, datum)) is not None:
            yield datum, *place
