"""Many points at one instant: the same answers as `resolve`, worked out once for each different case.

Geometry runs on arrays. Chief and lead depend on segment, side, ground and the zones above it, and a batch has one
instant, so `gridsvc.index.batch.leads` asks each combination once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np

from gridsvc.datum.arrays import FloatArray, IntArray
from gridsvc.errors import InvalidInput, UnknownCategory
from gridsvc.index.batch.dictionaries import Dictionary, encode, join, spread, take
from gridsvc.index.batch.leads import ChiefFinder, Found, LeadFinder
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import DEFAULT_OPTIONS, ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.question import Matter, frame_matter
from gridsvc.index.territory.cells import MATCHES
from gridsvc.index.territory.ground import find_ground
from gridsvc.index.territory.segment_choice import choose_segments, codes_by_rank
from gridsvc.model.places import Key
from gridsvc.model.resolution import Match
from gridsvc.model.territory import COMMUNITY_RANK, DISTRICT_RANK, SUBDISTRICT_RANK

ROWS_AT_ONCE = 200_000
NO_PLACE = "longitude and latitude are no place on earth: give finite WGS84 degrees"
STATUSES = ("OK", "OUTSIDE", "INVALID")
_OK, _OUTSIDE, _INVALID = range(3)
_MATCH_WORDS = [MATCHES.get(code, Match.NO_CELL).value for code in range(len(MATCHES) + 1)]


@dataclass(frozen=True, slots=True, eq=False)
class BatchResult:
    """A column for each question, in the order of the points; codes, None (NaN) where there is none.

    `distance_m` is that of the segment. `chief` is a person's code, `lead` a department's. `error` says why a row
    is INVALID.
    """

    status: Dictionary
    error: Dictionary
    cell: Dictionary
    match: Dictionary
    community: Dictionary
    subdistrict: Dictionary
    district: Dictionary
    segment: Dictionary
    distance_m: FloatArray
    chief: Dictionary
    lead: Dictionary

    def __len__(self) -> int:
        return len(self.status)


def resolve_many(  # noqa: PLR0913 a batch has this many sides
    edition: CompiledEdition,
    duties: Duties,
    lon: FloatArray,
    lat: FloatArray,
    *,
    at: datetime,
    categories: Sequence[Key | None] | None = None,
    accuracy_m: FloatArray | None = None,
    reasons: Sequence[str | None] | None = None,
    options: ResolveOptions = DEFAULT_OPTIONS,
) -> BatchResult:
    """Answers for WGS84 degrees, row by row those of `resolve`, in bounded memory.

    Rows that are no place (NaN) are INVALID with the reason given for them; so are rows of an unknown category.
    `accuracy_m` (NaN: none) only widens the search for components. Raises InvalidInput for `at` without a zone and
    for columns of different lengths.
    """
    resolver = BatchResolver(edition, duties, at, options)
    return resolver.answer(lon, lat, categories=categories, accuracy_m=accuracy_m, reasons=reasons)


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    lon: FloatArray
    lat: FloatArray
    categories: Sequence[Key | None] | None
    accuracy_m: FloatArray | None
    reasons: Sequence[str | None] | None

    def part(self, rows: slice) -> "_Points":
        """Some of the rows."""
        accuracy = None if self.accuracy_m is None else np.asarray(self.accuracy_m[rows], np.float64)
        return _Points(
            np.asarray(self.lon[rows], np.float64),
            np.asarray(self.lat[rows], np.float64),
            None if self.categories is None else self.categories[rows],
            accuracy,
            None if self.reasons is None else self.reasons[rows],
        )


class BatchResolver:
    """One snapshot asked at one instant, chunk after chunk: what was worked out for one serves the next.

    Belongs to one thread.
    """

    def __init__(
        self, edition: CompiledEdition, duties: Duties, at: datetime, options: ResolveOptions = DEFAULT_OPTIONS
    ) -> None:
        """Refuses (InvalidInput) an instant without a zone."""
        self._edition = edition
        self._duties = duties
        self._at = at
        self._options = options
        self._plain = frame_matter(duties, at, None, options)
        self._chiefs = ChiefFinder(edition, duties)
        self._leads = LeadFinder(edition, duties, options)

    def answer(
        self,
        lon: FloatArray,
        lat: FloatArray,
        *,
        categories: Sequence[Key | None] | None = None,
        accuracy_m: FloatArray | None = None,
        reasons: Sequence[str | None] | None = None,
    ) -> BatchResult:
        """As `resolve_many`."""
        for name, column in (
            ("lat", lat),
            ("categories", categories),
            ("accuracy_m", accuracy_m),
            ("reasons", reasons),
        ):
            if column is not None and len(column) != len(lon):
                msg = f"{name} has {len(column)} rows and lon {len(lon)}: give a value for every point"
                raise InvalidInput(msg)
        points = _Points(lon, lat, categories, accuracy_m, reasons)
        starts = range(0, max(len(lon), 1), ROWS_AT_ONCE)
        return _join([self._rows(points.part(slice(start, start + ROWS_AT_ONCE))) for start in starts])

    def _rows(self, points: _Points) -> BatchResult:
        errors, matters, matter = self._check(points)
        usable = np.flatnonzero([error is None for error in errors])
        lon, lat = points.lon[usable], points.lat[usable]
        ground = find_ground(self._edition, lon, lat, self._options.tolerance_m)
        inside = ~ground.outside
        rows = usable[inside]
        status = np.full(len(errors), _INVALID, np.int32)
        status[usable] = _OUTSIDE
        status[rows] = _OK
        lon, lat, ground = lon[inside], lat[inside], ground.only(inside)
        chosen = choose_segments(self._edition, lon, lat, ground.area, self._options.segment_radius_m).chosen
        accuracy = np.zeros(len(rows)) if points.accuracy_m is None else np.nan_to_num(points.accuracy_m[rows])
        found = Found(lon, lat, accuracy, ground, chosen, matter[rows], matters)
        distance = np.full(len(errors), np.nan)
        distance[rows] = chosen.distance_m
        return BatchResult(
            status=Dictionary(status, list(STATUSES)),
            error=encode(errors),
            distance_m=distance,
            **{name: spread(column, rows, len(errors)) for name, column in self._columns(found).items()},
        )

    def _check(self, points: _Points) -> tuple[list[str | None], list[Matter], IntArray]:
        """Why rows cannot be answered, the matters that are asked about, and which one each row asks about."""
        with np.errstate(invalid="ignore"):
            on_earth = (np.abs(points.lon) <= 180.0) & (np.abs(points.lat) <= 90.0)
        errors: list[str | None] = [None] * len(points.lon)
        matters = [self._plain]
        matter = np.zeros(len(errors), np.int64)
        numbers: dict[Key | None, int | str] = {None: 0}
        for row, key in enumerate(points.categories if points.categories is not None else ()):
            if key not in numbers:
                numbers[key] = self._number(key, matters)
            number = numbers[key]
            if isinstance(number, str):
                errors[row] = number
            else:
                matter[row] = number
        for row in np.flatnonzero(~on_earth).tolist():
            errors[row] = (points.reasons[row] if points.reasons is not None else None) or NO_PLACE
        return errors, matters, matter

    def _number(self, category: Key | None, matters: list[Matter]) -> int | str:
        """Place of a category's matter in the list, to which it is added; or why there is none."""
        try:
            matters.append(frame_matter(self._duties, self._at, category, self._options))
        except UnknownCategory as error:
            return error.message
        return len(matters) - 1

    def _columns(self, found: Found) -> dict[str, Dictionary]:
        edition, ground = self._edition, found.ground
        lineage = {area: codes_by_rank(edition, area) for area in np.unique(ground.area).tolist()}

        def level(rank: int) -> Dictionary:
            return take(ground.area, lambda area: lineage[area].get(rank))

        return {
            "cell": take(ground.cell, lambda cell: edition.cells.keys[cell].code),
            "match": take(ground.match.astype(np.int32), _MATCH_WORDS.__getitem__),
            "community": level(COMMUNITY_RANK),
            "subdistrict": level(SUBDISTRICT_RANK),
            "district": level(DISTRICT_RANK),
            "segment": take(found.segment.segment, lambda segment: edition.segments.items.keys.codes[segment]),
            "chief": self._chiefs.codes(found),
            "lead": self._leads.codes(found),
        }


def _join(pieces: list[BatchResult]) -> BatchResult:
    if len(pieces) == 1:
        return pieces[0]
    words = [field.name for field in fields(BatchResult) if field.name != "distance_m"]
    return BatchResult(
        distance_m=np.concatenate([piece.distance_m for piece in pieces]),
        **{name: join([getattr(piece, name) for piece in pieces]) for name in words},
    )
