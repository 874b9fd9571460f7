"""What every answer carries: a request id, security headers; and HEAD wherever there is GET. Plain ASGI, for speed."""

import re
import secrets

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import unexpected

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}\Z")
_OURS = b"gridsvc_"
"""How the name of every cookie begins that the service sets."""
_LONGEST_COOKIE = 4096
PERSONAL = "is_personal"
"""In a request's state: it was looked who asks, so its answer is theirs."""


def _with_our_cookies(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers with no cookies but those that the service sets, which are never quoted: undoing the quotes of a long one
    takes the standard library seconds, for every route and whoever asks (CVE-2024-7592).
    """
    return [(name, _ours(value) if name == b"cookie" else value) for name, value in headers]


def _ours(cookies: bytes) -> bytes:
    each = (cookie.strip() for cookie in cookies.split(b";"))
    kept = (one for one in each if one.startswith(_OURS) and b'"' not in one and len(one) <= _LONGEST_COOKIE)
    return b"; ".join(kept)


def _kept_by(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """How an answer that depends on who asks may be kept, as far as its route does not say: by their own browser, which
    asks each time whether it still holds.
    """
    named = {name.lower() for name, _ in headers}
    varied = b", ".join(value.lower() for name, value in headers if name.lower() == b"vary")
    found = [] if b"cache-control" in named else [(b"cache-control", b"private, no-cache")]
    return found if b"cookie" in varied else [*found, (b"vary", b"Cookie, Authorization")]


class Headers:
    """Middleware: X-Request-ID in and out (a strange one is replaced), security headers, HEAD answered as GET, and
    problem+json for what nobody foresaw. What depends on who asks is kept by nobody else.
    """

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.fixed = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(8).encode()
        scope = {**scope, "headers": _with_our_cookies(scope["headers"])}
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        scope["state"]["is_head"] = is_head = scope["method"] == "HEAD"
        if is_head:
            scope = {**scope, "method": "GET"}

        has_begun = False

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message["type"] == "http.response.start":
                kept = _kept_by(message["headers"]) if scope["state"].get(PERSONAL) else []
                message["headers"] = [*message["headers"], *kept, *self.fixed, (b"x-request-id", request_id)]
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception as error:
            # Here and not in the framework's outermost layer, so that this answer has its headers too.
            if has_begun:
                raise
            await unexpected(Request(scope), error)(scope, receive, send_on)
