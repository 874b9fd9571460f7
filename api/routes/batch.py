"""Many places at once, as JSON, CSV or an Arrow stream."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Annotated, BinaryIO

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, MayResolve
from api.access.guarded import snapshot_for_many
from api.batch.answer import Question, answers
from api.batch.columns import CIRCLES_AT_ONCE, MAX_CIRCLES, Points
from api.batch.read_json import MAX_JSON_BYTES, read_json
from api.batch.read_tables import MAX_TABLE_BYTES, read_arrow, read_csv
from api.batch.write import CSV, FORMATS, JSON, write
from api.bootstrap import Services
from api.http.askers import asker_of
from api.http.connections import PatientResponse
from api.http.errors import RequestProblem
from api.http.parsing import parse_instant
from api.http.place import Place
from api.http.problems import MEDIA_TYPE, NOT_ACCEPTABLE
from api.http.spool import read_body, spool_body
from api.http.turns import Turns
from api.routes.replies import choose_type
from api.routes.resolve import snapshot_at
from api.schemas.openapi import BATCH_BODY, batch_answers, problems
from gridsvc.datum import parse_datum
from gridsvc.errors import TooLarge
from gridsvc.index.territory.reach import WIDE_M

router = APIRouter(prefix="/api/v1", tags=["resolve"])
_CANDIDATES = (
    f"Two more columns, for rows with accuracy_m (at most {WIDE_M:g}): the probability of the cell that is named, and "
    f"that of ground outside the city. {MAX_CIRCLES} rows at most."
)
_CONTENT_TYPES = {CSV: "text/csv; charset=utf-8; header=present"}


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch that was read and found usable; to be closed when its last chunk was taken."""

    chunks: Callable[[], Iterator[Points]]
    datum: str | None
    at: str | None
    file: BinaryIO | None
    is_weighed: bool = False

    def close(self) -> None:
        """Let the file go."""
        if self.file is not None:
            self.file.close()


@dataclass(frozen=True, slots=True)
class _Pieces:
    """An answer that has begun: its headers, its first pieces (None: there is no such), and how to get the rest."""

    headers: dict[str, str]
    first: list[bytes | None]
    rest: Iterator[bytes]


@router.post(
    "/resolve",
    summary="Who answers for many places",
    responses=batch_answers() | problems(400, 401, 404, 406, 408, 413, 415, 422, 503),
    openapi_extra={"requestBody": BATCH_BODY},
)
async def resolve_places(
    request: Request,
    access: MayResolve,
    datum: Annotated[str | None, Query(description="Datum of all rows that say no other; never guessed.")] = None,
    at: Annotated[str | None, Query(description="Instant with offset for the batch; the present if not said.")] = None,
    candidates: Annotated[bool, Query(description=_CANDIDATES)] = False,
) -> Response:
    """One row of answer for each point, in order. `status` is OK (gaps and places without a cell included), OUTSIDE or
    INVALID with `error`. The row's own datum goes before the body's, and that before the one in the address.

    JSON takes 100,000 points or 32 MB, CSV (UTF-8 with a header) and Arrow 10,000,000 rows. The answer comes in the
    content type of the request unless Accept names another of the three.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = _wanted(request.headers.get("accept", "*/*"), kind)
    turns: Turns = request.app.state.batches
    async with AsyncExitStack() as stack:
        place = stack.enter_context(turns.admitted(asker_of(request, access.caller)))
        batch = await _read(kind, request, place, datum, at)
        stack.callback(batch.close)
        if candidates:
            batch = await turns.compute(_weighed, batch)
        pieces = await _begin(batch, access, turns, wanted)
        held = stack.pop_all()
    return PatientResponse(_stream(pieces, turns), pieces.headers, _CONTENT_TYPES.get(wanted, wanted), place, held)


def _weighed(batch: _Batch) -> _Batch:
    """The batch in small chunks. Raises TooLarge where there are too many rows to be weighed."""
    if sum(len(points) for points in batch.chunks()) > MAX_CIRCLES:
        raise TooLarge(
            f"candidates are told of {MAX_CIRCLES} rows at most: send the batch in parts.", limit=MAX_CIRCLES
        )
    given = batch.chunks
    return replace(batch, is_weighed=True, chunks=lambda: (p for all_ in given() for p in all_.parts(CIRCLES_AT_ONCE)))


async def _read(kind: str, request: Request, place: Place, datum: str | None, at: str | None) -> _Batch:
    turns: Turns = request.app.state.batches
    if kind == JSON:
        body = await read_body(request, MAX_JSON_BYTES, "A JSON batch", place)
        read = await turns.compute(read_json, body, datum)
        return _Batch(read.chunks, read.datum or datum, read.at or at, None)
    if kind not in FORMATS:
        raise RequestProblem(MEDIA_TYPE, f"Content-Type {kind or 'missing'}: send {', '.join(FORMATS)}.")
    services: Services = request.app.state.services
    file = await spool_body(request, MAX_TABLE_BYTES, "A batch", place, services.settings.data_dir)
    try:
        reader = read_csv if kind == CSV else read_arrow
        return _Batch(await turns.compute(reader, file, datum), datum, at, file)
    except BaseException:
        file.close()
        raise


def _wanted(accept: str, kind: str) -> str:
    """The format to answer in: the request's own where the caller takes it as gladly as others."""
    own = kind if kind in FORMATS else JSON
    found = choose_type(accept, [own, *FORMATS])
    if found is None:
        raise RequestProblem(NOT_ACCEPTABLE, f"Accept {accept[:100]!r}: answers come as {', '.join(FORMATS)}.")
    return found


async def _begin(batch: _Batch, access: Access, turns: Turns, wanted: str) -> _Pieces:
    """The head and the first rows, made before the status is sent: what fails at all mostly fails there."""
    at = None if batch.at is None else parse_instant(batch.at)
    services = access.services
    snapshot = await to_thread.run_sync(snapshot_for_many, access, await snapshot_at(services, at))
    datum = None if batch.datum is None else await to_thread.run_sync(parse_datum, batch.datum)
    question = Question(snapshot, at or services.settings.now(), datum, services.options, batch.is_weighed)
    rest = write(wanted, question, answers(batch.chunks(), question))
    first = [await turns.compute(next, rest, None), await turns.compute(next, rest, None)]
    return _Pieces(question.metadata(), first, rest)


async def _stream(pieces: _Pieces, turns: Turns) -> AsyncGenerator[bytes, None]:
    """A slow reader holds no place among those that compute: one is taken for each piece."""
    for piece in pieces.first:
        if piece is not None:
            yield piece
    while (piece := await turns.compute(next, pieces.rest, None)) is not None:
        yield piece
