"""The columns of a batch, the same in JSON, CSV and Arrow; a name that nobody knows is refused, never ignored."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gridsvc.datum.arrays import BoolArray, FloatArray
from gridsvc.errors import InvalidInput, UnknownDatum

REQUIRED = ("lon", "lat")
ACCEPTED = ("id", "lon", "lat", "datum", "accuracy_m", "category")
NUMBERS = frozenset({"lon", "lat", "accuracy_m"})
ANSWERED = (
    *("id", "status", "error", "cell", "match", "community", "subdistrict", "district", "segment", "distance_m"),
    *("chief", "lead"),
)
WEIGHED = ("probability", "outside_probability")
"""Answered too where candidates are asked for."""
MAX_CIRCLES, CIRCLES_AT_ONCE = 20_000, 1_000
"""Rows where candidates are asked for: each takes a millisecond or more."""
CHUNK_ROWS = 65_536
MAX_ROWS = 10_000_000
MAX_JSON_POINTS = 100_000
MAX_WORD_BYTES = {"id": 1024, "category": 1024, "datum": 10_000}
_WORD = {"id": "An id", "category": "A category", "datum": "A datum"}
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


@dataclass(slots=True)
class Points:
    """A chunk of rows as they came in: x, y (NaN: none), words as dictionary arrays or None where there is no column.

    `errors` tells rows that could not even be read.
    """

    x: FloatArray
    y: FloatArray
    ids: pa.Array | None = None
    datum: pa.DictionaryArray | None = None
    accuracy_m: FloatArray | None = None
    category: pa.DictionaryArray | None = None
    errors: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.x)

    def parts(self, most: int) -> Iterator["Points"]:
        """The same rows in smaller chunks."""
        for start in range(0, len(self), most):
            rows = slice(start, start + most)
            ids, datum, accuracy_m, category = (
                None if column is None else column[rows]
                for column in (self.ids, self.datum, self.accuracy_m, self.category)
            )
            errors = {row - start: error for row, error in self.errors.items() if start <= row < rows.stop}
            yield Points(self.x[rows], self.y[rows], ids, datum, accuracy_m, category, errors)


def check_names(names: Iterable[str]) -> None:
    """Raise InvalidInput unless the names are those of a batch, each once, lon and lat among them."""
    given = Counter(names)
    unknown = [name[:40] for name in given if name not in ACCEPTED]
    missing = [name for name in REQUIRED if name not in given]
    doubled = [name for name in ACCEPTED if given[name] > 1]
    if unknown or missing or doubled:
        raise InvalidInput(
            f"Columns are {', '.join(ACCEPTED)}, with a header line, separated by commas; lon and lat must be there."
            + (f" Unknown: {', '.join(map(repr, unknown[:5]))}." if unknown else "")
            + (f" Missing: {', '.join(missing)}." if missing else "")
            + (f" Twice: {', '.join(doubled)}." if doubled else ""),
            expected=list(ACCEPTED),
        )


def datum_unsaid(row: int) -> UnknownDatum:
    """The error for the first row (from 0) whose datum is said neither by itself, nor by the body or the address."""
    return UnknownDatum(
        f"Row {row + 1} says no datum, nor does the batch: say WGS84, CGCS2000, GCJ02, BD09 or EPSG:n for all of it "
        "(?datum= in a request, --datum at the terminal) or in each row. It is never guessed.",
        row=row,
    )


def points_of(batch: pa.RecordBatch) -> Points:
    """Rows of a record batch whose names were checked; text that is no number becomes an error of its row."""
    errors: dict[int, str] = {}
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    numbers = {name: _floats(column, name, errors) for name, column in columns.items() if name in NUMBERS}
    words = {name: _words(columns[name]) for name in ("datum", "category") if name in columns}
    ids = None if "id" not in columns else columns["id"].cast(pa.string())
    return Points(
        numbers["lon"],
        numbers["lat"],
        ids,
        words.get("datum"),
        numbers.get("accuracy_m"),
        words.get("category"),
        errors,
    )


def _floats(column: pa.Array, name: str, errors: dict[int, str]) -> FloatArray:
    if not is_text(column.type):
        # Whole numbers beyond 2^53 are rounded: none is a place on earth.
        return np.array(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    try:
        numbers = text.cast(pa.float64())
    except pa.ArrowInvalid:
        numbers = _readable(text, name, errors).cast(pa.float64())
    return np.array(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def _readable(text: pa.StringArray, name: str, errors: dict[int, str]) -> pa.StringArray:
    """The text without what is no number; those rows are noted."""
    is_number = pc.fill_null(pc.match_substring_regex(text, _NUMBER), fill_value=True)
    for row in np.flatnonzero(~is_number.to_numpy(zero_copy_only=False)):
        errors.setdefault(int(row), f"{name}: {str(text[int(row)])[:40]!r} is no finite number")
    return pc.if_else(is_number, text, pa.scalar(None, pa.string()))


def _words(column: pa.Array) -> pa.DictionaryArray:
    """Dictionary of only the words that occur, each kept once however often and by however many rows it is meant."""
    if not pa.types.is_dictionary(column.type):
        return column.cast(pa.string()).dictionary_encode()
    unsaid = is_unsaid(column)
    numbers = column.indices.to_numpy(zero_copy_only=False)[~unsaid].astype(np.int64)
    used, places = np.unique(numbers, return_inverse=True)
    index = np.zeros(len(column), np.int32)
    index[~unsaid] = places
    words = column.dictionary
    if pa.types.is_string_view(words.type):  # which nothing can be taken from
        words = words.cast(pa.string())
    words = words.take(pa.array(used)).cast(pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=unsaid), words)


def is_unsaid(column: pa.Array) -> BoolArray:
    """Rows without a value; in a dictionary a row may also point to nothing."""
    unsaid: BoolArray = column.is_null().to_numpy(zero_copy_only=False).copy()
    if pa.types.is_dictionary(column.type) and column.dictionary.null_count:
        said = np.flatnonzero(~unsaid)
        index = column.indices.to_numpy(zero_copy_only=False)[said].astype(np.int64)
        unsaid[said] = column.dictionary.is_null().to_numpy(zero_copy_only=False)[index]
    return unsaid


def check_words(batch: pa.RecordBatch) -> None:
    """Raise InvalidInput for words so long that repeating them in the answers would take any amount of memory: one may
    be meant by all rows.
    """
    for name, most in MAX_WORD_BYTES.items():
        if name not in batch.schema.names:
            continue
        column = batch.column(name)
        words = column.dictionary if pa.types.is_dictionary(column.type) else column
        if not is_text(words.type) or not len(words):
            continue
        longest = pc.max(pc.binary_length(words.cast(pa.large_string()))).as_py() or 0
        if longest > most:
            raise InvalidInput(f"{_WORD[name]} has {longest} bytes: {most} at most.", limit_bytes=most)


def is_text(kind: pa.DataType) -> bool:
    """Whether a column type is text, in any of Arrow's layouts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
