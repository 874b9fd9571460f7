"""Many places at once, as JSON, CSV or an Arrow stream."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, BinaryIO

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from api.batch.answer import Question, answer
from api.batch.columns import Points
from api.batch.read_json import MAX_JSON_BYTES, read_json
from api.batch.read_tables import MAX_TABLE_BYTES, read_arrow, read_csv
from api.batch.spool import read_body, spool_body
from api.batch.write import CSV, FORMATS, JSON, write
from api.bootstrap import Services
from api.dependencies import ReadAnswers, parse_instant
from api.errors import RequestProblem
from api.problems import MEDIA_TYPE, NOT_ACCEPTABLE
from api.routes.resolve import snapshot_at
from api.schemas.openapi import BATCH_BODY, batch_answers, problems
from gridsvc.datum import parse_datum
from gridsvc.errors import Busy

AT_ONCE = 2
RETRY_AFTER_S = 5
router = APIRouter(prefix="/api/v1", tags=["resolve"])
_CONTENT_TYPES = {CSV: "text/csv; charset=utf-8; header=present"}


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch that was read and found usable; `file` is to be closed when its last chunk was taken."""

    chunks: Callable[[], Iterator[Points]]
    datum: str | None
    at: str | None
    file: BinaryIO | None


@router.post(
    "/resolve",
    summary="Who answers for many places",
    responses=batch_answers() | problems(400, 401, 404, 406, 413, 415, 422, 503),
    openapi_extra={"requestBody": BATCH_BODY},
)
async def resolve_places(
    request: Request,
    services: ReadAnswers,
    datum: Annotated[str | None, Query(description="Datum of all rows that say no other; never guessed.")] = None,
    at: Annotated[str | None, Query(description="Instant with offset for the batch; the present if not said.")] = None,
) -> Response:
    """One row of answer for each point, in order. `status` is OK (gaps and places without a cell included), OUTSIDE or
    INVALID with `error`. The row's own datum goes before the body's, and that before the one in the address.

    JSON takes 100,000 points or 32 MB, CSV (UTF-8 with a header) and Arrow 10,000,000 rows. The answer comes in the
    content type of the request unless Accept names another of the three.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = _wanted(request.headers.get("accept", "*/*"), kind)
    limiter: CapacityLimiter = request.app.state.batch_limiter
    _check_free(limiter)
    batch = await _read(kind, request, services, datum, at)
    try:
        return await _reply(batch, services, limiter, wanted)
    except BaseException:
        if batch.file is not None:
            batch.file.close()
        raise


async def _read(kind: str, request: Request, services: Services, datum: str | None, at: str | None) -> _Batch:
    if kind == JSON:
        body = await read_body(request, MAX_JSON_BYTES, "A JSON batch")
        read = await to_thread.run_sync(read_json, body, datum)
        return _Batch(read.chunks, read.datum or datum, read.at or at, None)
    if kind not in FORMATS:
        raise RequestProblem(MEDIA_TYPE, f"Content-Type {kind or 'missing'}: send {', '.join(FORMATS)}.")
    file = await spool_body(request, MAX_TABLE_BYTES, "A batch", services.settings.data_dir)
    try:
        reader = read_csv if kind == CSV else read_arrow
        return _Batch(await to_thread.run_sync(reader, file, datum), datum, at, file)
    except BaseException:
        file.close()
        raise


def _wanted(accept: str, kind: str) -> str:
    """The format to answer in: the request's own if the caller takes it, else the first of ours that Accept names."""
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    own = kind if kind in FORMATS else JSON
    if own in named or ("*/*" in named and not set(named) & set(FORMATS)):
        return own
    for name in named:
        if name in FORMATS:
            return name
        if name in {"application/*", "text/*"}:
            return next(each for each in (own, *FORMATS) if each.startswith(name[:-1]))
    raise RequestProblem(NOT_ACCEPTABLE, f"Accept {accept[:100]!r}: answers come as {', '.join(FORMATS)}.")


async def _reply(batch: _Batch, services: Services, limiter: CapacityLimiter, wanted: str) -> Response:
    at = None if batch.at is None else parse_instant(batch.at)
    snapshot = await snapshot_at(services, at)
    datum = None if batch.datum is None else parse_datum(batch.datum)
    question = Question(snapshot, at or services.settings.now(), datum, services.options)
    pieces = write(wanted, question, (answer(points, question) for points in batch.chunks()))
    # The head and the first rows are made before the status is sent: what fails at all mostly fails there.
    first = [await _next(pieces, limiter), await _next(pieces, limiter)]
    stream = _stream(first, pieces, limiter, batch.file)
    return StreamingResponse(stream, 200, question.metadata(), media_type=_CONTENT_TYPES.get(wanted, wanted))


async def _next(pieces: Iterator[bytes], limiter: CapacityLimiter) -> bytes | None:
    return await to_thread.run_sync(next, pieces, None, limiter=limiter)


async def _stream(
    first: list[bytes | None], pieces: Iterator[bytes], limiter: CapacityLimiter, file: BinaryIO | None
) -> AsyncIterator[bytes]:
    """A slow reader holds no place among the two that compute: one is taken for each piece."""
    try:
        for piece in first:
            if piece is not None:
                yield piece
        while (piece := await _next(pieces, limiter)) is not None:
            yield piece
    finally:
        if file is not None:
            file.close()


def _check_free(limiter: CapacityLimiter) -> None:
    if limiter.available_tokens < 1:
        raise Busy("Other batches are being resolved just now; try again shortly.", retry_after_s=RETRY_AFTER_S)
