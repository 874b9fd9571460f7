"""What happens, as it happens: one stream of server-sent events per browser."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from api.access.allowing import CallerOf
from api.live.answer import EventStream
from api.live.feed import Feed
from api.live.listener import Listener
from api.live.stream import Stream
from api.schemas.openapi import problems

MAX_NUMBER = 2**53 - 1
router = APIRouter(prefix="/api/v1", tags=["live"])
Number = Annotated[int | None, Query(ge=0, le=MAX_NUMBER, description="Resume after this number; header wins.")]
LastEventId = Annotated[
    int | None, Header(alias="Last-Event-ID", ge=0, le=MAX_NUMBER, description="The id last heard: resume after it.")
]


@router.get(
    "/live",
    summary="What happens, as it happens",
    status_code=200,
    response_class=EventStream,
    responses=problems(401, 403, 422, 429, 503),
)
async def listen(
    request: Request, caller: CallerOf, after: Number = None, last_event_id: LastEventId = None
) -> Response:
    """Server-sent events, filtered by what the caller may read: `event` is the topic, `data` JSON, `id` the number.

    The first event is `hello`, whose number is where the stream begins: read lists after it and nothing is missed.
    With `Last-Event-ID` everything since comes first. `reset` means that too much is missing or that the listener was
    too slow: read the lists again. A comment comes every 15 s; the stream ends with the session.
    """
    feed: Feed = request.app.state.live
    listener = Listener(request, caller)
    feed.check_room(listener.asker)
    stream = Stream(listener)
    position = await feed.join(stream)
    return EventStream(feed, stream, last_event_id if last_event_id is not None else after, position)
