"""One box for everything: codes, names in Chinese or pinyin, people, incidents, places and pasted coordinates."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access.allowing import MayReadLayers
from api.routes.replies import json_reply
from api.schemas.openapi import answers, problems
from api.search.people import HeldPost
from api.search.sources import KINDS, Question, search
from gridsvc.errors import InvalidInput
from gridsvc.search.entries import Hit

MOST_SIGNS = 100
router = APIRouter(prefix="/api/v1/search", tags=["search"])


@router.get("", summary="Find anything", responses=answers("Found", "Best first.") | problems(401, 403, 422, 503))
def find_things(
    q: Annotated[
        str, Query(max_length=MOST_SIGNS, description="What was typed: 东四六条57号, dslt57, 110101 001, 116.4,39.9")
    ],
    request: Request,
    access: MayReadLayers,
    kinds: Annotated[
        str | None, Query(max_length=100, description=f"Of {', '.join(KINDS)}; with commas between.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    datum: Annotated[str | None, Query(max_length=40, description="Of pasted coordinates that name none.")] = None,
) -> Response:
    """What the caller may see, exact before prefix before part before pinyin; when there is none of these, what has
    more words in its middle, then what is one sign off.

    A pair of numbers without a datum comes once for each datum that it may be in: which one is for the asker to say.
    Places are in WGS84; people come with the posts that they hold. 503 until what can be searched has been gathered,
    some seconds after a start.
    """
    wanted = frozenset(part.strip() for part in kinds.split(",")) if kinds else frozenset(KINDS)
    if unknown := ", ".join(sorted(wanted - set(KINDS))):
        raise InvalidInput(f"kinds: {unknown} is none; there are {', '.join(KINDS)}.")
    question = Question(q, datum, limit, access, request.app.state.search)
    held = request.app.state.search.people().posts
    items = [_document(hit, held) for hit in search(question, wanted)]
    return json_reply({"edition": request.app.state.search.things().number, "items": items})


def _document(hit: Hit, held: Mapping[str, tuple[HeldPost, ...]]) -> dict[str, object]:
    entry = hit.entry
    document: dict[str, object] = {
        "kind": entry.kind, "code": entry.code, "scheme": entry.scheme, "name": entry.name, "detail": entry.detail,
        "lon": entry.lon, "lat": entry.lat,
    }  # fmt: skip
    if entry.kind == "person":
        document["posts"] = held.get(entry.code, ())
    return document if entry.bbox is None else {**document, "bbox": list(entry.bbox)}
