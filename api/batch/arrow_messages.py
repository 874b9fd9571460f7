"""How much memory an Arrow stream would take, read from its message heads before anything is unpacked.

Buffers may be packed with lz4 or zstd, a few bytes standing for gigabytes; each says its unpacked length in its first
eight bytes. The heads are flatbuffers: Message, RecordBatch and DictionaryBatch of the Arrow columnar format 1.x.
"""

import os
import struct
from typing import BinaryIO

from gridsvc.errors import InvalidInput, TooLarge

MAX_MESSAGE_BYTES = 512 * 1024 * 1024
MAX_HEAD_BYTES = 1024 * 1024
_CONTINUES = 0xFFFFFFFF
_DICTIONARY, _RECORDS = 2, 3
_V5 = 4
_UNPACKED = struct.Struct("<q")


def check_unpacked(file: BinaryIO) -> None:
    """Raise TooLarge for a batch, all dictionaries included, of more than MAX_MESSAGE_BYTES in memory.

    InvalidInput where heads are damaged or promise more than there is.
    """
    size, held = file.seek(0, os.SEEK_END), 0
    file.seek(0)
    while (head := _next_head(file)) is not None:
        start = file.tell()
        try:
            is_dictionary, body, unpacked = _measure(file, head, start)
        except (struct.error, OSError, OverflowError) as error:
            raise InvalidInput("The Arrow stream cannot be read: the head of a message is damaged.") from error
        if not 0 <= body <= size - start:
            raise InvalidInput(f"The Arrow stream is cut off: {body} bytes should follow, {size - start} do.")
        if held + unpacked > MAX_MESSAGE_BYTES:
            raise TooLarge(
                f"A record batch takes more than {MAX_MESSAGE_BYTES // 1024 // 1024} MB unpacked: "
                "write batches of fewer rows, 65536 for example.",
                limit_bytes=MAX_MESSAGE_BYTES,
            )
        # Dictionaries stay in memory while batches come and go.
        held += unpacked if is_dictionary else 0
        file.seek(start + body)


def _next_head(file: BinaryIO) -> bytes | None:
    """The flatbuffer of the next message, None at the end of the stream."""
    prefix = file.read(4)
    if prefix == _CONTINUES.to_bytes(4, "little"):
        prefix = file.read(4)
    length = int.from_bytes(prefix, "little")
    if not length:
        return None
    if length > MAX_HEAD_BYTES:
        raise InvalidInput(
            "This is no Arrow stream: write it with new_stream; an Arrow or Feather file is another thing."
        )
    head = file.read(length)
    if len(prefix) < 4 or len(head) < length:
        raise InvalidInput("The Arrow stream is cut off in the head of a message: send it whole.")
    return head


def _measure(file: BinaryIO, head: bytes, start: int) -> tuple[bool, int, int]:
    """Whether a message is a dictionary, the bytes of its body in the stream, and in memory."""
    message = _Table(head, struct.unpack_from("<I", head)[0])
    kind, body = message.number("<B", 1), message.number("<q", 3)
    batch = message.table(2) if kind in {_DICTIONARY, _RECORDS} else None
    if batch is not None and kind == _DICTIONARY:
        batch = batch.table(1)
    # Before version 5 packing was told among the custom metadata.
    is_packed = batch is not None and (batch.has(3) or (message.number("<h", 0) < _V5 and message.has(4)))
    if batch is None or not is_packed:
        return kind == _DICTIONARY, body, body
    unpacked = sum(_unpacked(file, start + offset, length) for offset, length in batch.pairs(2))
    return kind == _DICTIONARY, body, unpacked


def _unpacked(file: BinaryIO, offset: int, length: int) -> int:
    """Bytes of one buffer in memory; -1 instead of their number says that it is not packed."""
    if length < _UNPACKED.size or offset < 0:
        return 0
    file.seek(offset)
    said = int(_UNPACKED.unpack(file.read(_UNPACKED.size))[0])
    return max(said, length)


class _Table:
    """A flatbuffer table: fields by number, absent where the writer left them out."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position
        self._names = position - struct.unpack_from("<i", data, position)[0]
        self._size = struct.unpack_from("<H", data, self._names)[0]

    def _find(self, field: int) -> int | None:
        if 4 + 2 * field >= self._size:
            return None
        offset = struct.unpack_from("<H", self._data, self._names + 4 + 2 * field)[0]
        return self._position + offset if offset else None

    def has(self, field: int) -> bool:
        """Whether the writer left it in."""
        return self._find(field) is not None

    def number(self, form: str, field: int) -> int:
        """An integer, 0 if absent."""
        place = self._find(field)
        return 0 if place is None else int(struct.unpack_from(form, self._data, place)[0])

    def table(self, field: int) -> "_Table | None":
        """A table within."""
        place = self._find(field)
        return None if place is None else _Table(self._data, place + struct.unpack_from("<I", self._data, place)[0])

    def pairs(self, field: int) -> list[tuple[int, int]]:
        """A vector of (offset, length)."""
        place = self._find(field)
        if place is None:
            return []
        place += struct.unpack_from("<I", self._data, place)[0]
        count = struct.unpack_from("<I", self._data, place)[0]
        numbers = struct.unpack_from(f"<{2 * count}q", self._data, place + 4)
        return list(zip(numbers[::2], numbers[1::2], strict=True))
