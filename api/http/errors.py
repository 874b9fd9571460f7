"""Errors on their way out: problem+json over HTTP, an exit code on the terminal; never a path, SQL or a stack."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette._utils import get_route_path
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.http import problems
from api.http.problems import ProblemKind, kind_of
from gridsvc.disk import is_full
from gridsvc.errors import Busy, GridError, LayerRefused, NotReady, SignInRequired, TooOften

PROBLEM_JSON = "application/problem+json"
NOT_READY_RETRY_S = 2
CLIENT_LEFT = 499
_BY_STATUS = {404: problems.ROUTE_NOT_FOUND, 405: problems.METHOD}
_log = logging.getLogger(__name__)


class RequestProblem(Exception):
    """Trouble with the request itself rather than with the field; `extra` goes beside the standard members."""

    def __init__(self, kind: ProblemKind, detail: str, /, *, zh: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail
        self.extra = extra if zh is None else {**extra, "detail_zh": zh}


def problem_document(kind: ProblemKind, detail: str, instance: str, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The members of RFC 9457, the title and what to do in both languages, and the facts of the case."""
    standard = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail, "instance": instance}
    return {**extra, **standard, "title_zh": kind.title_zh, "remedy": kind.remedy, "remedy_zh": kind.remedy_zh}


def problem_response(
    request: Request, kind: ProblemKind, detail: str, extra: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """A finished answer for one problem."""
    document = problem_document(kind, detail, request.url.path, extra)
    body = orjson.dumps(document, default=str, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(body, kind.status, headers, PROBLEM_JSON)


async def _grid_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, GridError)  # noqa: S101  registered for this class only
    extra: dict[str, Any] = dict(error.details)
    if error.zh is not None:
        extra["detail_zh"] = error.zh
    if isinstance(error, LayerRefused):
        extra["issues"] = [issue.id for issue in error.issues]
    headers = {}
    if isinstance(error, Busy | NotReady | TooOften):
        headers["Retry-After"] = str(extra.get("retry_after_s", NOT_READY_RETRY_S))
    if isinstance(error, SignInRequired):
        headers["WWW-Authenticate"] = 'Bearer realm="gridsvc"'
    return problem_response(request, kind_of(error), error.message, extra, headers)


async def _request_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestProblem)  # noqa: S101  registered for this class only
    # The rest of a body that was given up may still come; nothing else can follow it.
    headers = {"Connection": "close"} if error.kind is problems.TOO_SLOW else {}
    if "retry_after_s" in error.extra:
        headers["Retry-After"] = str(error.extra["retry_after_s"])
    return problem_response(request, error.kind, error.detail, error.extra, headers)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class only
    found = [_one_error(item) for item in error.errors()]
    detail = "; ".join(f"{item['parameter']}: {item['detail']}" for item in found)
    # A datum that was not said is its own kind, whether the router or the resolver misses it.
    missing = {item["loc"][-1] for item in error.errors() if item["type"] == "missing"}
    if missing == {"datum"} and len(found) == 1:
        kind = problems.KINDS["unknown-datum"]
        detail = "datum: say WGS84, CGCS2000, GCJ02, BD09, EPSG:n or a CRS as WKT; it is never guessed."
    else:
        kind = problems.PARAMETERS
    return problem_response(request, kind, detail, {"errors": found})


def _one_error(item: Mapping[str, Any]) -> dict[str, str]:
    parameter = ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0])
    if item["type"] == "missing":
        return {"parameter": parameter, "detail": "is required"}
    return {"parameter": parameter, "detail": str(item["msg"]).removeprefix("Value error, ")}


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class only
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        phrase = HTTPStatus(error.status_code).phrase
        kind = replace(problems.UNEXPECTED, status=error.status_code, title=phrase, title_zh=phrase)
    detail = {404: f"There is nothing at {request.url.path}.", 405: f"{request.method} is not offered here."}
    headers = _allow(request) if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    return problem_response(request, kind, detail.get(error.status_code, str(error.detail)), {}, headers)


def _allow(request: Request) -> dict[str, str]:
    """Allow with the methods of all routes at an address; the framework names those of the first. Files have GET."""
    path = get_route_path(request.scope)
    here = [route.methods for route in request.app.state.routes if route.path_regex.match(path)]
    methods = {method for route in here for method in route} or {"GET"}
    return {"Allow": ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))}


async def _disk_trouble(request: Request, error: Exception) -> Response:
    """A full disk is the operator's to mend; whatever else the system refuses is a fault of ours."""
    assert isinstance(error, OSError)  # noqa: S101  registered for this class only
    if not is_full(error):
        raise error
    _log.error("the disk refused a file at %s: %s", request.url.path, error.strerror)
    msg = "The disk is full: make room for the data folder and for temporary files."
    return await _grid_error(request, NotReady(msg, zh="磁盘已满：请清理数据目录和临时文件所在的磁盘。"))


async def _client_left(request: Request, _error: Exception) -> Response:
    """Nobody is there to be answered; the status is for figures and the log alone."""
    _log.info("a client left while it was sending to %s", request.url.path)
    return Response(status_code=CLIENT_LEFT)


def unexpected(request: Request, error: Exception) -> Response:
    """The 500 for what nobody foresaw: logged whole, told without internals."""
    _log.error("unexpected error at %s", request.url.path, exc_info=error)
    return problem_response(request, problems.INTERNAL, "The service failed; nothing half-done was kept.", {})


def add_error_handlers(app: FastAPI) -> None:
    """Every foreseen way in which a request can fail becomes problem+json; `api.http.headers` sees to the rest."""
    app.add_exception_handler(GridError, _grid_error)
    app.add_exception_handler(RequestProblem, _request_problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(OSError, _disk_trouble)
    app.add_exception_handler(ClientDisconnect, _client_left)
