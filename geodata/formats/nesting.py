"""How deep shapes stand in shapes: GEOS follows without end, and takes the process down from some 50,000 levels on,
which WKT and WKB write in a few hundred packed bytes.
"""

import re
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import shapely

DEEPEST = 32
TOO_DEEP = f"shapes are nested more than {DEEPEST} levels deep"
_HEADER = 9
"""Bytes of one level of WKB: byte order, kind, number of parts."""
_POINT, _LINE, _POLYGON, _ARC, _TRIANGLE = 1, 2, 3, 8, 17
_WITHOUT_PARTS = frozenset({_POINT, _LINE, _POLYGON, _ARC, _TRIANGLE})
_PAREN = re.compile(r"[()]")


def is_wkt_too_deep(text: str) -> bool:
    """Whether brackets stand in more than DEEPEST others."""
    if text.count("(") <= DEEPEST:
        return False
    depth = 0
    for paren in _PAREN.finditer(text):
        depth += 1 if paren.group() == "(" else -1
        if depth > DEEPEST:
            return True
    return False


def is_wkb_too_deep(blob: bytes) -> bool:
    """Whether shapes stand in more than DEEPEST others, in what GEOS would read of it: what it cannot read, it refuses
    by itself.
    """
    if len(blob) <= _HEADER * DEEPEST:
        return False
    at, order, left = 0, "<", [1]
    try:
        while left:
            if left[-1] == 0:
                left.pop()
                continue
            left[-1] -= 1
            order = {0: ">", 1: "<"}.get(blob[at], order)
            kind, at, width = _read_kind(blob, at + 1, order)
            if kind in _WITHOUT_PARTS:
                at = _pass_by(blob, at, order, kind, width)
                continue
            left.append(struct.unpack_from(f"{order}I", blob, at)[0])
            at += 4
            if len(left) > DEEPEST + 1:
                return True
    except (struct.error, IndexError):
        return False
    return False


def read_wkb(blobs: Sequence[bytes | None]) -> Any:
    """The shapes. ValueError for one that is too deep, besides shapely's own errors."""
    check_wkb(blobs)
    return shapely.from_wkb(blobs)


def check_wkb(blobs: Iterable[bytes | None]) -> None:
    """ValueError where one of them is too deep."""
    if any(blob is not None and is_wkb_too_deep(blob) for blob in blobs):
        raise ValueError(TOO_DEEP)


def _read_kind(blob: bytes, at: int, order: str) -> tuple[int, int, int]:
    """(the kind, where its content begins, bytes of a position), in the ISO or the extended writing."""
    (said,) = struct.unpack_from(f"{order}I", blob, at)
    numbers, kind = divmod(said & 0xFFFF, 1000)
    has_z, has_m = numbers in {1, 3} or bool(said & 0x80000000), numbers in {2, 3} or bool(said & 0x40000000)
    return kind, at + (8 if said & 0x20000000 else 4), 8 * (2 + has_z + has_m)


def _pass_by(blob: bytes, at: int, order: str, kind: int, width: int) -> int:
    """Where the shape ends."""
    if kind == _POINT:
        return at + width
    rings = 1
    if kind in {_POLYGON, _TRIANGLE}:
        (rings,) = struct.unpack_from(f"{order}I", blob, at)
        at += 4
    for _ in range(rings):
        (count,) = struct.unpack_from(f"{order}I", blob, at)
        at += 4 + count * width
    return at
