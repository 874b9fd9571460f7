"""Answers on their way out: JSON, CSV or an Arrow stream, piece by piece."""

import io
from collections.abc import Iterator

import orjson
import pyarrow as pa
import pyarrow.csv as pacsv
from pyarrow import ipc

from api.batch.answer import SCHEMA, Question

JSON, CSV, ARROW = "application/json", "text/csv", "application/vnd.apache.arrow.stream"
FORMATS = (JSON, CSV, ARROW)


def write(media_type: str, question: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """The bytes of a whole answer in one of FORMATS; each piece belongs to one chunk."""
    writers = {JSON: _write_json, CSV: _write_csv, ARROW: _write_arrow}
    return writers[media_type](question, answers)


def _write_json(question: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    snapshot = question.snapshot
    yield b'{"edition":%d,"roster":%d,"results":[' % (snapshot.edition.number, snapshot.duties.revision)
    comma = b""
    for batch in answers:
        names, columns = batch.schema.names, [_values(column) for column in batch.columns]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        if rows:
            yield comma + orjson.dumps(rows)[1:-1]
            comma = b","
    yield b"]}"


def _values(column: pa.Array) -> list[object]:
    """Python values of a column; a dictionary's words are made once, not once a row."""
    if not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    words = [*column.dictionary.to_pylist(), None]
    return [words[number] for number in column.indices.fill_null(-1).to_numpy(zero_copy_only=False).tolist()]


def _write_csv(_: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    plain = pa.schema([(field.name, pa.float64() if field.type == pa.float64() else pa.string()) for field in SCHEMA])
    yield (",".join(SCHEMA.names) + "\n").encode()
    options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in answers:
        piece = io.BytesIO()
        pacsv.write_csv(batch.cast(plain), piece, options)
        yield piece.getvalue()


def _write_arrow(question: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    out = _Pieces()
    metadata = {"edition": str(question.snapshot.edition.number), "roster": str(question.snapshot.duties.revision)}
    with ipc.new_stream(pa.PythonFile(out, mode="w"), SCHEMA.with_metadata(metadata | question.metadata())) as stream:
        yield out.taken()
        for batch in answers:
            stream.write_batch(batch)
            yield out.taken()
    yield out.taken()


class _Pieces:
    """A file to write into, emptied after each chunk."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep a copy until it is taken."""
        self._parts.append(bytes(data))
        return len(data)

    def writable(self) -> bool:
        """Always."""
        return True

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """All that was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
