"""Answers as JSON: member by member the document that the columns say, whatever words they hold."""

import math
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pyarrow as pa
import pytest

from api.batch import write as module
from api.batch.answer import SCHEMA, Question
from api.batch.write import JSON, write

ODD = ['a","b', "\\", '"', ",", "},{", "\n\t\x00\x1f", "街巷 🏙", "", "null", "x" * 1024]


def question() -> Question:
    numbers = SimpleNamespace(edition=SimpleNamespace(number=3), duties=SimpleNamespace(revision=17))
    return Question(cast("Any", numbers), datetime(2026, 1, 1, tzinfo=UTC), "WGS84", cast("Any", None))


def batch(words: list[str | None], metres: list[float | None]) -> pa.RecordBatch:
    column = pa.array(words, pa.string()).dictionary_encode()
    column = pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), column.dictionary)
    arrays = [pa.array(metres, pa.float64()) if name == "distance_m" else column for name in SCHEMA.names]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def document(*batches: pa.RecordBatch) -> Any:
    return orjson.loads(b"".join(write(JSON, question(), iter(batches))))


@pytest.mark.parametrize("at_once", [1, 3, 8192])
def test_words_of_any_kind_are_told_as_they_are(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(module, "_JSON_ROWS", at_once)
    words = [*ODD, None, *reversed(ODD)]
    metres = [None if number % 3 else number / 7 * 10.0 ** (number - 9) for number in range(len(words))]
    first, second = batch(words, metres), batch([None], [math.pi])
    told = document(first, batch([], []), second)
    assert (told["edition"], told["roster"]) == (3, 17)
    assert told["results"] == first.to_pylist() + second.to_pylist()
    assert [list(row) for row in told["results"]] == [SCHEMA.names] * (len(words) + 1)


def test_no_rows_are_an_empty_list() -> None:
    assert document()["results"] == document(batch([], []))["results"] == []


def test_a_slice_tells_its_own_rows() -> None:
    whole = batch(["a", "b", None, "d"], [1.0, None, 3.0, 4.0])
    assert document(whole.slice(1, 2))["results"] == whole.to_pylist()[1:3]
