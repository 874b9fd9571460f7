"""A chunk of points to a chunk of answers, from one snapshot; a row that cannot be used is INVALID and says why."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
import pyarrow as pa

from api.batch.columns import ANSWERED, WEIGHED, Points
from api.batch.side_by_side import side_by_side
from api.http.parsing import parse_key
from gridsvc.datum import parse_datum, reasons, to_wgs84
from gridsvc.datum.arrays import BoolArray, FloatArray, Int32Array, IntArray
from gridsvc.datum.location import GREATEST_ACCURACY_M
from gridsvc.errors import InvalidInput
from gridsvc.index.batch import BatchResolver, Categories, Dictionary, weigh_winners
from gridsvc.index.options import ResolveOptions
from gridsvc.index.territory.reach import WIDE_M
from gridsvc.model.places import Key
from gridsvc.serving import Snapshot

MAX_DATUMS = 100
"""Each takes a transformation of its own to be made."""
WORD = pa.dictionary(pa.int32(), pa.string())
_keeping = Lock()
_kept: deque[BatchResolver] = deque(maxlen=2)
"""One for those who may see components and one for those who may not; an edition stays with its resolver until batches
ask others."""
_NO_KEY = Key("", "")
SCHEMA = pa.schema([pa.field(name, pa.float64() if name == "distance_m" else WORD) for name in ANSWERED])
WEIGHED_SCHEMA = pa.schema([*SCHEMA, *(pa.field(name, pa.float64()) for name in WEIGHED)])


@dataclass(frozen=True, slots=True)
class Question:
    """What holds for the whole batch; `datum` is canonical, or None where each row says its own. `is_weighed` asks for
    probabilities.
    """

    snapshot: Snapshot
    at: datetime
    datum: str | None
    options: ResolveOptions
    is_weighed: bool = False

    @property
    def schema(self) -> pa.Schema:
        """The columns of the answer."""
        return WEIGHED_SCHEMA if self.is_weighed else SCHEMA

    def metadata(self) -> dict[str, str]:
        """Edition and roster, by the names of the headers that carry them."""
        duties = self.snapshot.duties
        return {"Gridsvc-Edition": str(self.snapshot.edition.number), "Gridsvc-Roster": str(duties.revision)}


def wgs84(points: Points, question: Question) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude of each row, NaN where it says no place."""
    return _wgs84(points, question, {})


def answers(chunks: Iterable[Points], question: Question) -> Iterator[pa.RecordBatch]:
    """The answers chunk by chunk, in order, in the question's columns; what one worked out serves the next."""
    return side_by_side(_Answerer(question).answer, chunks)


def _resolver_for(question: Question) -> BatchResolver:
    """One that was asked before, where edition, roster and day are the same: it knows most answers by now."""
    edition, duties, at = question.snapshot.edition, question.snapshot.duties, question.at
    with _keeping:
        for resolver in _kept:
            if resolver.is_for(edition, duties, at, question.options):
                return resolver
    resolver = BatchResolver(edition, duties, at, question.options)
    with _keeping:
        _kept.append(resolver)
    return resolver


class _Answerer:
    """Answers chunks of one batch, in any thread. Words that have been told are not put into an array again."""

    def __init__(self, question: Question) -> None:
        self._question, self._resolver = question, _resolver_for(question)
        self._told: dict[str, tuple[list[str], pa.Array]] = {}

    def answer(self, points: Points) -> pa.RecordBatch:
        """In the columns of the question."""
        errors = dict(points.errors)
        lon, lat = _wgs84(points, self._question, errors)
        if (accuracy := points.accuracy_m) is not None:
            most = WIDE_M if self._question.is_weighed else GREATEST_ACCURACY_M
            wrong = ~np.isnan(accuracy) & ~((accuracy > 0) & (accuracy <= most))
            _note(errors, wrong, f"accuracy_m must be over 0 and at most {most:.0f}")
        categories = None if points.category is None else _categories(points.category, errors)
        result = self._resolver.answer(lon, lat, categories=categories, accuracy_m=accuracy, reasons=errors)
        arrays = [_ids(points)] + [self._column(name, getattr(result, name)) for name in ANSWERED[1:]]
        if self._question.is_weighed:
            lon[list(errors)] = np.nan
            arrays += [pa.array(column, from_pandas=True) for column in self._weigh(lon, lat, accuracy)]
        return pa.RecordBatch.from_arrays(arrays, schema=self._question.schema)

    def _weigh(self, lon: FloatArray, lat: FloatArray, accuracy_m: FloatArray | None) -> tuple[FloatArray, FloatArray]:
        radius = np.full(len(lon), np.nan) if accuracy_m is None else accuracy_m
        asked = self._question
        return weigh_winners(asked.snapshot.edition, lon, lat, radius, asked.options.tolerance_m)

    def _column(self, name: str, values: Dictionary | FloatArray) -> pa.Array:
        if not isinstance(values, Dictionary):
            return pa.array(values, pa.float64(), from_pandas=True)
        told = self._told.get(name)
        if told is None or told[0] is not values.values:
            told = self._told[name] = (values.values, pa.array(values.values, pa.string()))
        return pa.DictionaryArray.from_arrays(pa.array(values.indices, mask=values.indices < 0), told[1])


def _wgs84(points: Points, question: Question, errors: dict[int, str]) -> tuple[FloatArray, FloatArray]:
    lon, lat = np.full(len(points), np.nan), np.full(len(points), np.nan)
    for datum, rows in _rows_by_datum(points, question, errors):
        lon[rows], lat[rows] = to_wgs84(points.x[rows], points.y[rows], datum)
        wrong = rows[np.isnan(lon[rows])]
        for row, reason in zip(wrong.tolist(), reasons(points.x[wrong], points.y[wrong], datum), strict=True):
            if reason is not None:
                errors.setdefault(row, reason)
    return lon, lat


def _rows_by_datum(points: Points, question: Question, errors: dict[int, str]) -> Iterator[tuple[str, IntArray]]:
    if points.datum is None:
        if question.datum is not None:
            yield question.datum, np.arange(len(points))
        return
    index = _indices(points.datum)
    if question.datum is not None:
        yield question.datum, np.flatnonzero(index == -1)
    datums = points.datum.dictionary.to_pylist()
    if len(datums) > MAX_DATUMS:
        _note(
            errors, index >= 0, f"more than {MAX_DATUMS} different datums among {len(points)} rows: sort them by datum"
        )
        return
    for number, text in enumerate(datums):
        rows = index == number
        try:
            yield parse_datum(text), np.flatnonzero(rows)
        except InvalidInput as error:
            _note(errors, rows, error.message)


def _categories(column: pa.DictionaryArray, errors: dict[int, str]) -> Categories:
    """Each different word is read once."""
    keys, wrong = [], {}
    for number, text in enumerate(column.dictionary.to_pylist()):
        try:
            keys.append(parse_key(text, "category"))
        except InvalidInput as error:
            keys.append(_NO_KEY)
            wrong[number] = error.message
    index = _indices(column)
    rows = np.flatnonzero(np.isin(index, list(wrong))) if wrong else np.zeros(0, np.int64)
    for row, number in zip(rows.tolist(), index[rows].tolist(), strict=True):
        errors.setdefault(row, wrong[number])
    return Categories(index, keys)


def _indices(column: pa.DictionaryArray) -> Int32Array:
    index: Int32Array = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return index


def _note(errors: dict[int, str], rows: BoolArray, reason: str) -> None:
    for row in np.flatnonzero(rows).tolist():
        errors.setdefault(row, reason)


def _ids(points: Points) -> pa.DictionaryArray:
    """Ids as a dictionary array of their own order: they are all different, so nothing is looked up."""
    ids = points.ids if points.ids is not None else pa.nulls(len(points), pa.string())
    unsaid = ids.is_null().to_numpy(zero_copy_only=False)
    return pa.DictionaryArray.from_arrays(pa.array(np.arange(len(ids), dtype=np.int32), mask=unsaid), ids.fill_null(""))
