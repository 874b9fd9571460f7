"""CSV and Arrow batches: read twice from a spooled file, first to check and count, then in chunks.

The first pass costs little beside resolving and lets a broken or oversized batch be refused before an answer begins.
"""

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from pyarrow import ipc

from api.batch.arrow_messages import check_unpacked
from api.batch.columns import (
    ACCEPTED,
    CHUNK_ROWS,
    MAX_ROWS,
    NUMBERS,
    Points,
    check_names,
    check_words,
    datum_unsaid,
    is_text,
    is_unsaid,
    points_of,
)
from gridsvc.errors import InvalidInput, TooLarge

MAX_TABLE_BYTES = 2 * 1024 * 1024 * 1024
HEADER_BYTES = 64 * 1024
CSV_BLOCK_BYTES = 1024 * 1024
OVER_LINES = "A value of the CSV runs over more than one line: close its quotes, and keep line breaks out of values."
"""A quote that is not closed would swallow the rows after it without a word."""

Batches = Callable[[BinaryIO], Iterator[pa.RecordBatch]]


def read_csv(file: BinaryIO, datum: str | None) -> Callable[[], Iterator[Points]]:
    """Check a CSV file in UTF-8. Raises InvalidInput for header, encoding and ragged rows, TooLarge for too many.

    `datum` is what the address says: without it each row has to, else UnknownDatum.
    """
    check_names(_header(file))
    return checked(file, _csv_batches, datum, "The CSV cannot be read")


def read_arrow(file: BinaryIO, datum: str | None) -> Callable[[], Iterator[Points]]:
    """Check an Arrow IPC stream, buffers included; raises as `read_csv` does."""
    check_unpacked(file)
    return checked(file, _arrow_batches, datum, "The Arrow stream cannot be read")


def checked(file: BinaryIO, batches: Batches, datum: str | None, trouble: str) -> Callable[[], Iterator[Points]]:
    """Read all of a file once, then give its rows in chunks; `trouble` is how a refusal begins."""
    rows = 0
    try:
        for batch in batches(file):
            # First of all: a column of nulls may say any number of rows in a few bytes.
            if rows + batch.num_rows > MAX_ROWS:
                raise TooLarge(f"More than {MAX_ROWS} rows: send the batch in parts.", limit=MAX_ROWS)
            check_words(batch)
            if datum is None:
                _check_datum_said(batch, rows)
            rows += batch.num_rows
    except (pa.ArrowException, ValueError, OSError) as error:
        if "newlines_in_values" in str(error):
            raise InvalidInput(OVER_LINES) from error
        reason = " ".join(str(error).split())[:300].rstrip(".")
        remedy = "save it as UTF-8" if "UTF8" in reason else f"columns are {', '.join(ACCEPTED)}"
        raise InvalidInput(f"{trouble}: {reason}; {remedy}.", expected=list(ACCEPTED)) from error

    def chunks() -> Iterator[Points]:
        for batch in batches(file):
            for start in range(0, batch.num_rows, CHUNK_ROWS):
                yield points_of(batch.slice(start, CHUNK_ROWS))

    return chunks


def _check_datum_said(batch: pa.RecordBatch, before: int) -> None:
    if not batch.num_rows:
        return
    column = batch.column("datum") if "datum" in batch.schema.names else pa.nulls(batch.num_rows)
    unsaid = is_unsaid(column)
    if unsaid.any():
        raise datum_unsaid(before + int(unsaid.argmax()))


def _header(file: BinaryIO) -> list[str]:
    first = file.readline(HEADER_BYTES)
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("The CSV is not UTF-8: save it as UTF-8 and send it again.") from error
    try:
        return next(csv.reader([text]), [])
    except csv.Error as error:
        raise InvalidInput(
            "The header of the CSV cannot be read: end lines with a line feed and send it again."
        ) from error


def _csv_batches(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    file.seek(0)
    with pacsv.open_csv(
        pa.PythonFile(_Kept(file), mode="r"),
        read_options=pacsv.ReadOptions(use_threads=False, block_size=CSV_BLOCK_BYTES),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(ACCEPTED, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    ) as reader:
        for batch in reader:
            if any(pc.any(pc.match_substring(column, "\n")).as_py() for column in batch.columns):
                raise InvalidInput(OVER_LINES)
            yield batch


def _arrow_batches(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    file.seek(0)
    with ipc.open_stream(pa.PythonFile(_Kept(file), mode="r")) as reader:
        check_schema(reader.schema)
        for batch in reader:
            # Offsets from outside are not to be trusted: a wrong one would read beyond its buffer.
            batch.validate(full=True)
            yield batch


def check_schema(schema: pa.Schema) -> None:
    """Raise InvalidInput unless the columns are those of a batch, with what belongs into them."""
    check_names(schema.names)
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        wanted = "numbers" if field.name in NUMBERS else "text"
        is_number = any(
            is_kind(field.type) for is_kind in (pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal)
        )
        # An id may be a number: it comes back as text.
        fits = is_number if wanted == "numbers" else is_text(kind) or (field.name == "id" and pa.types.is_integer(kind))
        if not (fits or pa.types.is_null(field.type)):
            raise InvalidInput(f"Column {field.name} holds {field.type}: {wanted} wanted.")


class _Kept:
    """A file that stays open when its reader is closed: it is read twice."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Bytes from where the reader is."""
        return self._file.read(size)

    def seekable(self) -> bool:
        """Readers are only to go forward."""
        return False

    def readable(self) -> bool:
        """Always."""
        return True

    def flush(self) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """End this reading only."""
        self.closed = True
