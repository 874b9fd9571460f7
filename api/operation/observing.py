"""Every request timed, counted by its route's template, told to the log. Plain ASGI, inside `api.http.headers`."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.operation.metrics import Metrics

UNKNOWN_ROUTE = "other"
_log = logging.getLogger("gridsvc.requests")


class Observed:
    """Middleware. What is told holds no address, no query and no login: those may be places, names or secrets."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            self._tell(scope, status, time.perf_counter() - begun)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route: str = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
        state = scope.get("state", {})
        method = "HEAD" if state.get("is_head") else scope["method"]
        self._metrics.note(method if method in _METHODS else "OTHER", route, status, seconds)
        if _log.isEnabledFor(logging.INFO):
            about = {
                "request": state.get("request_id"),
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 2),
                "role": state.get("role", "VISITOR"),
            }
            # Made here: the logger would look for its caller all through the stack, which takes longer than all else.
            record = logging.LogRecord(_log.name, logging.INFO, "", 0, f"{method} {route} {status}", None, None)
            record.about = about
            _log.handle(record)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
