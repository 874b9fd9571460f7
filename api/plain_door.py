"""A short way to the answer for the plain question: one place, perhaps with its accuracy and a category.

Nearly all questions are of this kind, and the framework's way to them (routes, dependencies, declared parameters) takes
longer than their answers. Whatever is written in any other way goes there, with its checks and its errors; headers,
bytes, figures and log are the same.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.allowing import allow
from api.routes import resolve
from api.schemas.resolve import PlainQuery
from gridsvc.datum.names import NAMED
from gridsvc.model.accounts import Action

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,20})?")
_KEY = re.compile(r"[A-Za-z0-9_]{1,40}(:|%3A)[A-Za-z0-9_.-]{1,40}")
_LONGEST = 400
_QUERY = "gridsvc.query"
[_ROUTE] = [route for route in resolve.router.routes if isinstance(route, APIRoute)]
_may_resolve = allow(Action.RESOLVE)


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


_READERS: Mapping[str, Callable[[str], float | str | None]] = {
    "lon": _number,
    "lat": _number,
    "datum": lambda text: text if text in NAMED else None,
    "accuracy_m": _number,
    "category": lambda text: text.replace("%3A", ":") if _KEY.fullmatch(text) else None,
}


def read_plain(query: bytes) -> PlainQuery | None:
    """The question, where each parameter is written in the plain way and said once; else None."""
    if len(query) > _LONGEST:
        return None
    found: dict[str, Any] = {}
    for part in query.decode("latin-1").split("&"):
        name, _, text = part.partition("=")
        reader = _READERS.get(name)
        value = reader(text) if reader is not None and name not in found else None
        if value is None:
            return None
        found[name] = value
    return PlainQuery(**found) if "lon" in found and "lat" in found and "datum" in found else None


class PlainDoor:
    """Answers plain questions that `is_open_to` has read; plain ASGI, within the same middleware as everything."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one."""
        scope["route"] = _ROUTE
        request = Request(scope, receive, send)
        try:
            response = await resolve.answer_place(request, scope[_QUERY], await _may_resolve(request))
        except Exception as error:
            handlers = request.app.exception_handlers
            handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
            if handler is None:
                raise
            response = await handler(request, error)
        await response(scope, receive, send)


class Application(FastAPI):
    """The framework's, with a door of its own for plain questions. `plain` is the door within the middleware."""

    plain: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if self.plain is not None and _may_be_plain(scope) and (query := read_plain(scope["query_string"])) is not None:
            scope["app"], scope[_QUERY] = self, query
            await self.plain(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _may_be_plain(scope: Scope) -> bool:
    """A path below a root is the framework's to make out."""
    is_ours = scope["type"] == "http" and scope["path"] == _ROUTE.path and scope["method"] in ("GET", "HEAD")
    return is_ours and not scope.get("root_path")
