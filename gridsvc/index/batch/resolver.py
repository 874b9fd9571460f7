"""Many points at one instant: the same answers as `resolve`, worked out once for each different case.

Geometry runs on arrays. Chief and lead depend on segment, side, ground and the zones above it, and a batch has one
instant, so each combination is asked once and kept as a number (`gridsvc.index.batch.answers`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridsvc.datum.arrays import BoolArray, FloatArray, Int32Array, IntArray
from gridsvc.errors import InvalidInput
from gridsvc.index.batch.answers import Answers, Words
from gridsvc.index.batch.chiefs import ChiefFinder
from gridsvc.index.batch.dictionaries import Dictionary, encode_some, join
from gridsvc.index.batch.leads import Found, LeadFinder
from gridsvc.index.batch.matters import NO_CATEGORY, Categories, Matters, encode_categories
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import DEFAULT_OPTIONS, ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.territory.cells import MATCHES
from gridsvc.index.territory.ground import Ground, find_ground
from gridsvc.index.territory.segment_choice import Picked, choose_segments, codes_by_rank
from gridsvc.model.places import Key
from gridsvc.model.resolution import Match
from gridsvc.model.territory import COMMUNITY_RANK, DISTRICT_RANK, SUBDISTRICT_RANK

ROWS_AT_ONCE = 200_000
NO_PLACE = "longitude and latitude are no place on earth: give finite WGS84 degrees"
STATUSES = ["OK", "OUTSIDE", "INVALID"]
_STRIPS = 1000
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
    categories: Categories | Sequence[Key | None] | None = None,
    accuracy_m: FloatArray | None = None,
    reasons: Mapping[int, str] | None = None,
    options: ResolveOptions = DEFAULT_OPTIONS,
) -> BatchResult:
    """Answers for WGS84 degrees, row by row those of `resolve`, in bounded memory.

    Rows with a reason, and those that are no place (NaN), are INVALID; so are rows of an unknown category.
    `accuracy_m` (NaN: none) only widens the search for components. Raises InvalidInput for `at` without a zone and
    for columns of different lengths.
    """
    resolver = BatchResolver(edition, duties, at, options)
    return resolver.answer(lon, lat, categories=categories, accuracy_m=accuracy_m, reasons=reasons)


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    lon: FloatArray
    lat: FloatArray
    categories: Categories | None
    accuracy_m: FloatArray | None
    reasons: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.lon)

    def part(self, start: int) -> "_Points":
        """Some of the rows, as many as are answered at once."""
        rows = slice(start, start + ROWS_AT_ONCE)
        return _Points(
            self.lon[rows],
            self.lat[rows],
            None if self.categories is None else self.categories.part(rows),
            None if self.accuracy_m is None else self.accuracy_m[rows],
            {row - start: reason for row, reason in self.reasons.items() if start <= row < rows.stop},
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Geometry:
    """What geometry found for all rows: nothing (-1, NaN) for those that are not `inside` coverage."""

    inside: IntArray
    ground: Ground
    segment: Picked


class BatchResolver:
    """One snapshot asked on one day, chunk after chunk: what was worked out for one serves the next.

    May be used from several threads.
    """

    def __init__(
        self, edition: CompiledEdition, duties: Duties, at: datetime, options: ResolveOptions = DEFAULT_OPTIONS
    ) -> None:
        """Refuses (InvalidInput) an instant without a zone."""
        self._edition, self._duties, self._options = edition, duties, options
        self._matters = Matters(duties, at, options)
        cells, segments, areas = edition.cells.keys.codes, edition.segments.items.keys.codes, len(edition.areas)
        self._cells = Answers(len(cells), Words(), cells.__getitem__)
        self._segments = Answers(len(segments), Words(), segments.__getitem__)
        self._areas = {rank: Answers(areas, Words(), self._code_of_rank(rank)) for rank in _RANKS.values()}
        self._chiefs = ChiefFinder(edition, duties, self._matters.plain.day)
        self._leads = LeadFinder(edition, duties, self._matters, options)

    def is_for(self, edition: CompiledEdition, duties: Duties, at: datetime, options: ResolveOptions) -> bool:
        """Whether it gives the answers of these very ones at that instant."""
        same_things = edition is self._edition and duties is self._duties and options == self._options
        return same_things and at.astimezone(options.zone).date() == self._matters.plain.day

    def answer(
        self,
        lon: FloatArray,
        lat: FloatArray,
        *,
        categories: Categories | Sequence[Key | None] | None = None,
        accuracy_m: FloatArray | None = None,
        reasons: Mapping[int, str] | None = None,
    ) -> BatchResult:
        """As `resolve_many`."""
        if categories is not None and not isinstance(categories, Categories):
            categories = encode_categories(categories)
        accuracy = None if accuracy_m is None else _numbers("accuracy_m", accuracy_m)
        points = _Points(_numbers("lon", lon), _numbers("lat", lat), categories, accuracy, reasons or {})
        for name, column in (("lat", points.lat), ("categories", categories), ("accuracy_m", accuracy)):
            if column is not None and len(column) != len(points):
                msg = f"{name} has {len(column)} rows and lon {len(points)}: give a value for every point"
                raise InvalidInput(msg)
        return _join([self._rows(points.part(start)) for start in range(0, max(len(points), 1), ROWS_AT_ONCE)])

    def _rows(self, points: _Points) -> BatchResult:
        matter, errors = self._check(points)
        usable = np.ones(len(points), np.bool_)
        usable[list(errors)] = False
        found = self._locate(points, usable)
        status = np.where(usable, _OUTSIDE, _INVALID).astype(np.int32)
        status[found.inside] = _OK
        words = {name: self._areas[rank].column(found.ground.area) for name, rank in _RANKS.items()}
        return BatchResult(
            status=Dictionary(status, STATUSES),
            error=encode_some(errors, len(points)),
            cell=self._cells.column(found.ground.cell),
            match=Dictionary(found.ground.match.astype(np.int32), _MATCH_WORDS),
            segment=self._segments.column(found.segment.segment),
            distance_m=found.segment.distance_m,
            chief=self._chiefs.codes(found.ground.area, found.segment),
            lead=self._lead(points, found, matter),
            **words,
        )

    def _check(self, points: _Points) -> tuple[Int32Array, dict[int, str]]:
        """The matter that each row asks about, and why rows cannot be answered."""
        matter, errors = np.full(len(points), NO_CATEGORY, np.int32), dict[int, str]()
        if points.categories is not None:
            matter, errors = self._matters.read(points.categories)
        with np.errstate(invalid="ignore"):
            nowhere = np.flatnonzero(~((np.abs(points.lon) <= 180.0) & (np.abs(points.lat) <= 90.0)))
        return matter, errors | dict.fromkeys(nowhere.tolist(), NO_PLACE) | dict(points.reasons)

    def _locate(self, points: _Points, usable: BoolArray) -> _Geometry:
        edition, rows = self._edition, self._side_by_side(points, np.flatnonzero(usable))
        ground = find_ground(edition, points.lon[rows], points.lat[rows], self._options.tolerance_m)
        covered = ~ground.outside
        rows, ground = rows[covered], ground.only(covered)
        lon, lat, radius_m = points.lon[rows], points.lat[rows], self._options.segment_radius_m
        segment = choose_segments(edition, lon, lat, ground.area, radius_m).chosen
        ground = Ground(*(_spread(column, rows, len(points)) for column in _columns(ground)))
        segment = Picked(*(_spread(column, rows, len(points)) for column in _columns(segment)))
        return _Geometry(rows, ground, segment)

    def _side_by_side(self, points: _Points, rows: IntArray) -> IntArray:
        """The rows in an order in which neighbours come together, so that they find what they look at in the cache."""
        box = self._edition.bbox
        if box is None:
            return rows
        across = (points.lon[rows] - box.west) * (_STRIPS / max(box.east - box.west, 1e-9))
        up = (points.lat[rows] - box.south) * (_STRIPS / max(box.north - box.south, 1e-9))
        place = np.clip(up, 0, _STRIPS).astype(np.int32) * (_STRIPS + 1) + np.clip(across, 0, _STRIPS).astype(np.int32)
        return np.asarray(rows[np.argsort(place)])

    def _lead(self, points: _Points, found: _Geometry, matter: Int32Array) -> Dictionary:
        rows = found.inside
        accuracy = np.zeros(len(rows)) if points.accuracy_m is None else np.nan_to_num(points.accuracy_m[rows])
        ground = Ground(*(column[rows] for column in _columns(found.ground)))
        lead = self._leads.codes(Found(points.lon[rows], points.lat[rows], accuracy, ground, matter[rows]))
        return Dictionary(_spread(lead.indices, rows, len(points)), lead.values)

    def _code_of_rank(self, rank: int) -> Callable[[int], str | None]:
        return lambda area: codes_by_rank(self._edition, area).get(rank)


_RANKS = {"community": COMMUNITY_RANK, "subdistrict": SUBDISTRICT_RANK, "district": DISTRICT_RANK}


def _numbers(name: str, column: FloatArray) -> FloatArray:
    """A column as given, None as NaN. Raises InvalidInput for anything else than a column of numbers."""
    try:
        numbers = np.asarray(column, np.float64)
    except (TypeError, ValueError):
        numbers = np.zeros((0, 0))
    if numbers.ndim != 1:
        raise InvalidInput(f"{name} is no column of numbers: give one array of floats, NaN where there is none")
    return numbers


def _columns(found: Ground | Picked) -> list[NDArray[Any]]:
    return [getattr(found, field.name) for field in fields(found)]


def _spread(column: NDArray[Any], rows: IntArray, count: int) -> NDArray[Any]:
    """A column for `count` rows of which only `rows` have anything."""
    spread = np.full(count, np.nan if column.dtype.kind == "f" else -1, column.dtype)
    spread[rows] = column
    return spread


def _join(pieces: list[BatchResult]) -> BatchResult:
    if len(pieces) == 1:
        return pieces[0]
    words = [field.name for field in fields(BatchResult) if field.name != "distance_m"]
    return BatchResult(
        distance_m=np.concatenate([piece.distance_m for piece in pieces]),
        **{name: join([getattr(piece, name) for piece in pieces]) for name in words},
    )
