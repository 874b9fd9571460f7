"""Answers on their way out: JSON, CSV or an Arrow stream, piece by piece."""

import io
from collections.abc import Iterator

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from pyarrow import ipc

from api.batch.answer import Question

JSON, CSV, ARROW = "application/json", "text/csv", "application/vnd.apache.arrow.stream"
FORMATS = (JSON, CSV, ARROW)
_JSON_ROWS = 8192


def write(media_type: str, question: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """The bytes of a whole answer in one of FORMATS; each piece belongs to one chunk."""
    writers = {JSON: _write_json, CSV: _write_csv, ARROW: _write_arrow}
    return writers[media_type](question, answers)


def _write_json(question: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    snapshot = question.snapshot
    yield b'{"edition":%d,"roster":%d,"results":[' % (snapshot.edition.number, snapshot.duties.revision)
    comma = b""
    for batch in answers:
        for rows in _json_rows(batch):
            yield comma + rows
            comma = b","
    yield b"]}"


def _json_rows(batch: pa.RecordBatch) -> Iterator[bytes]:
    """Objects separated by commas, some thousand at a time: put together from members, which are encoded once each."""
    heads = [b'%s"%s":' % (b"," if place else b"{", name.encode()) for place, name in enumerate(batch.schema.names)]
    members = [_members(head, column) for head, column in zip(heads, batch.columns, strict=True)]
    # members bring their own commas: nothing is put between them
    end, nothing = (pa.scalar(text, pa.large_binary()) for text in (b"},", b""))
    for start in range(0, batch.num_rows, _JSON_ROWS):
        parts = [texts.take(numbers[start : start + _JSON_ROWS]) for texts, numbers in members]
        rows = pc.binary_join_element_wise(*parts, end, nothing)
        length = int(pc.sum(pc.binary_length(rows)).as_py())
        yield rows.buffers()[2][: length - 1].to_pybytes()


def _members(head: bytes, column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Each different `"name":value`, and which of them each row has."""
    if pa.types.is_dictionary(column.type):
        texts = [head + orjson.dumps(word) for word in (*column.dictionary.to_pylist(), None)]
        return pa.array(texts, pa.large_binary()), column.indices.fill_null(len(texts) - 1)
    numbers = orjson.dumps(column.to_numpy(zero_copy_only=False), option=orjson.OPT_SERIALIZE_NUMPY)
    texts = [head + number for number in numbers[1:-1].split(b",")]
    return pa.array(texts, pa.large_binary()), pa.array(np.arange(len(column)))


def _write_csv(question: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    kinds = [(field.name, field.type) for field in question.schema]
    plain = pa.schema([(name, kind if kind == pa.float64() else pa.string()) for name, kind in kinds])
    yield (",".join(plain.names) + "\n").encode()
    options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in answers:
        piece = io.BytesIO()
        pacsv.write_csv(batch.cast(plain), piece, options)
        yield piece.getvalue()


def _write_arrow(question: Question, answers: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    out = _Pieces()
    metadata = {"edition": str(question.snapshot.edition.number), "roster": str(question.snapshot.duties.revision)}
    schema = question.schema.with_metadata(metadata | question.metadata())
    with ipc.new_stream(pa.PythonFile(out, mode="w"), schema) as stream:
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
