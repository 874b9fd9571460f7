"""Request bodies, read under a limit; large ones into a nameless file.

A body is taken in whole before the first answer leaves: a client that sends everything before it reads would otherwise
wait for us while we wait for it, and a batch that is too large or broken can still be refused with a status.
"""

import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from anyio import to_thread
from starlette.requests import Request

from api.http.connections import parts_of
from api.http.errors import RequestProblem
from api.http.place import Place
from api.http.problems import MEDIA_TYPE
from gridsvc.errors import TooLarge

IN_MEMORY = 4 * 1024 * 1024


def check_declared(request: Request, limit: int, what: str) -> None:
    """Refuse by the headers alone: a declared length over the limit, or a packed body."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(limit, what)
    packed = request.headers.get("content-encoding", "identity")
    if packed != "identity":
        raise RequestProblem(MEDIA_TYPE, f"A body packed as {packed} is not taken: send it as it is.")


async def read_body(request: Request, limit: int, what: str, place: Place | None = None) -> bytes:
    """A body that fits in memory. Raises TooLarge as soon as it is over `limit` bytes, and the 408 problem."""
    check_declared(request, limit, what)
    parts, size = [], 0
    async for part in parts_of(request, place):
        size += len(part)
        if size > limit:
            raise _too_large(limit, what)
        parts.append(part)
    return b"".join(parts)


async def spool_body(request: Request, limit: int, what: str, place: Place, folder: Path) -> BinaryIO:
    """A body of any size up to `limit` bytes, in a file that vanishes when it is closed; positioned at its start."""
    check_declared(request, limit, what)
    file = cast("BinaryIO", tempfile.TemporaryFile(dir=folder))  # noqa: SIM115  the caller closes it
    try:
        await _fill(request, file, limit, what, place)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


async def _fill(request: Request, file: BinaryIO, limit: int, what: str, place: Place) -> None:
    waiting, waiting_size, size = [], 0, 0
    async for part in parts_of(request, place):
        size, waiting_size = size + len(part), waiting_size + len(part)
        if size > limit:
            raise _too_large(limit, what)
        waiting.append(part)
        if waiting_size >= IN_MEMORY:
            await to_thread.run_sync(file.write, b"".join(waiting))
            waiting, waiting_size = [], 0
    file.write(b"".join(waiting))


def _too_large(limit: int, what: str) -> TooLarge:
    return TooLarge(f"{what} may have {limit / 1024 / 1024:g} MB at most: send it in parts.", limit_bytes=limit)
