"""Finished answers: JSON by orjson, ETag with 304, gzip for what is large."""

import gzip
import re
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

PACK_OVER_BYTES = 2048
PACK_LEVEL = 5
GEOJSON = "application/geo+json"
JSON = "application/json"
_Q = re.compile(r"[01](\.\d{0,3})?")


def json_reply(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer. Dataclasses are written field by field; instants keep their offset."""
    return Response(orjson.dumps(document), status, headers, JSON)


def find_unchanged(request: Request, etag: str, headers: dict[str, str]) -> Response | None:
    """304 when the caller has this version already. Weak comparison, as RFC 9110 says for If-None-Match."""
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {etag.removeprefix("W/"), "*"}:
        return Response(status_code=304, headers={"ETag": etag, **headers})
    return None


def packed_reply(request: Request, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """An answer that is packed with gzip when it is large and the caller takes that; for threaded routes only."""
    headers = {**headers, "Vary": ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))}
    if len(body) > PACK_OVER_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, PACK_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, 200, headers, media_type)


def choose_type(accept: str, offered: Sequence[str]) -> str | None:
    """The offered media type that Accept likes best, the first of equals; None when it takes none of them."""
    likings = [_liking(accept, media_type) for media_type in offered]
    best = max(likings)
    return offered[likings.index(best)] if best > 0 else None


def _liking(accept: str, media_type: str) -> float:
    """The q of a media type from 0 to 1: that of its own name, else of its kind, else of all (RFC 9110, 12.5.1)."""
    found: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        q = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        found[name] = float(q) if _Q.fullmatch(q) else 0.0
    ranges = (media_type, media_type.partition("/")[0] + "/*", "*/*")
    return next((found[name] for name in ranges if name in found), 0.0)
