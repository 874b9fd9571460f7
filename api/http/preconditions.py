"""If-Match on changes: who changes a thing says which version of it they saw (RFC 9110, 13.1.1)."""

from collections.abc import Callable

from starlette.requests import Request

from api.http.errors import RequestProblem
from api.http.problems import PRECONDITION_FAILED, PRECONDITION_REQUIRED


def check_match(request: Request, etag: str, read: Callable[[str], str] = str) -> None:
    """Raise the problem for a change without If-Match (428), or with one that is not the thing's present ETag (412).

    Strong comparison, as the RFC asks: a weak tag never matches; `*` matches whatever is there. `read` says which
    version the header names, where the same one has more than one tag.
    """
    given = request.headers.get("if-match")
    if given is None:
        raise RequestProblem(PRECONDITION_REQUIRED, f"Send If-Match with the ETag of what you saw, such as {etag}.")
    if not {tag.strip() for tag in read(given).split(",")} & {etag, "*"}:
        raise RequestProblem(PRECONDITION_FAILED, "It has changed since you read it.", current_etag=etag)


def version_tag(version: int) -> str:
    """The ETag of a thing that counts its versions."""
    return f'"v{version}"'
