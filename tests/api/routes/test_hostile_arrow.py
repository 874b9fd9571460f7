"""Arrow streams that are small on the wire and anything but in memory, odd types, and damaged bytes."""

import io
import random
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
from pyarrow import ipc

from api.batch import arrow_messages, columns
from tests.fixtures.in_process import Client

ARROW = "application/vnd.apache.arrow.stream"
AT = "2026-02-01T10:00:00+08:00"
LON, LAT = pa.array([116.4005] * 3), pa.array([39.9013] * 3)


def stream(codec: str | None = None, **given: Any) -> bytes:
    table, out = pa.table({"lon": LON, "lat": LAT, **given}), io.BytesIO()
    with ipc.new_stream(out, table.schema, options=ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_table(table)
    return out.getvalue()


def post(client: Client, body: bytes) -> Any:
    headers = {"Content-Type": ARROW, "Accept": "application/json"}
    return client.post("/api/v1/resolve", content=body, headers=headers, params={"datum": "WGS84", "at": AT})


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = orjson.loads(answer.content)["results"]
    return found


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
def test_a_batch_that_unpacks_to_too_much_is_refused_unread(
    client: Client, monkeypatch: pytest.MonkeyPatch, codec: str
) -> None:
    zeros = pa.array(np.zeros(400_000))
    packed = stream(codec, lon=zeros, lat=zeros)
    monkeypatch.setattr(arrow_messages, "MAX_MESSAGE_BYTES", 2 * 1024 * 1024)
    assert len(packed) < 200_000
    answer = post(client, packed)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert "2 MB" in answer.json()["detail"]


def test_a_dictionary_counts_with_every_batch_after_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 0, 0]), pa.array(["x" * 3_000_000]))
    monkeypatch.setattr(arrow_messages, "MAX_MESSAGE_BYTES", 1024 * 1024)
    assert post(client, stream("zstd", category=words)).status_code == 413


def test_rows_of_nothing_are_counted_before_anything_is_made_of_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batch.read_tables.MAX_ROWS", 1000)
    answer = post(client, stream(lon=pa.nulls(1001), lat=pa.nulls(1001)))
    assert answer.status_code == 413


def test_one_row_more_than_ten_million_is_refused(client: Client) -> None:
    answer = post(client, stream(lon=pa.nulls(10_000_001), lat=pa.nulls(10_000_001)))
    assert (answer.status_code, answer.json()["limit"]) == (413, 10_000_000)


@pytest.mark.parametrize("name", ["id", "category", "datum"])
def test_a_long_word_is_not_repeated_for_every_row(client: Client, name: str) -> None:
    """Of a category that nobody knows, the reason said in each row what it was."""
    most = columns.MAX_WORD_BYTES[name]
    words = pa.DictionaryArray.from_arrays(pa.array([0, 0, 0]), pa.array(["S:" + "x" * (most - 1)]))
    answer = post(client, stream(**{name: words}))
    assert (answer.status_code, answer.json()["limit_bytes"]) == (422, most)
    assert name in answer.json()["detail"]


def test_an_arrow_file_is_no_stream_and_says_so(client: Client) -> None:
    out = io.BytesIO()
    with ipc.new_file(out, pa.schema([("lon", pa.float64()), ("lat", pa.float64())])) as writer:
        writer.write_table(pa.table({"lon": LON, "lat": LAT}))
    answer = post(client, out.getvalue())
    assert answer.status_code == 422
    assert "new_stream" in answer.json()["detail"]


def test_damaged_bytes_are_never_our_fault(client: Client) -> None:
    chance = random.Random(7)
    for _ in range(150):
        body = bytearray(stream(chance.choice([None, "lz4", "zstd"]), id=["a", "bb", None]))
        for _ in range(chance.randint(1, 6)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        assert post(client, bytes(body[: chance.choice([len(body), chance.randrange(len(body))])])).status_code < 500


@pytest.mark.parametrize(
    "column",
    [
        pa.array([2**63 - 1] * 3),
        pa.array([2**64 - 1] * 3, pa.uint64()),
        pa.array([1e308, np.nan, -np.inf]),
        pa.nulls(3),
    ],
    ids=lambda column: str(column.type),
)
def test_numbers_that_are_no_longitude_are_told_by_row(client: Client, column: pa.Array) -> None:
    assert {row["status"] for row in rows(post(client, stream(lon=column)))} == {"INVALID"}


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_words_come_in_any_layout(client: Client, kind: pa.DataType) -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array(["WGS84", "nonsense"], kind))
    found = rows(post(client, stream(datum=words, id=pa.array(["a", "b", "c"], kind))))
    assert [row["id"] for row in found] == ["a", "b", "c"]
    assert [row["status"] for row in found] == ["OK", "INVALID", "OK"]


def test_a_row_that_points_to_no_word_says_nothing(client: Client) -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 1, 1]), pa.array(["WGS84", None]))
    assert {row["status"] for row in rows(post(client, stream(datum=words)))} == {"OK"}


def test_a_new_datum_in_every_row_is_told_instead_of_made(client: Client) -> None:
    many = pa.array([f"EPSG:{code}" for code in range(32601, 32601 + 150)])
    found = rows(post(client, stream(lon=[116.4] * 150, lat=[39.9] * 150, datum=many)))
    assert {row["status"] for row in found} == {"INVALID"}
    assert "100 different datums" in found[0]["error"]
