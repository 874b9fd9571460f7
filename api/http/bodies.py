"""JSON bodies of writes: read under a limit and with patience, refused with the place of every fault."""

from typing import Any, TypeVar

import orjson
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api.http.errors import RequestProblem
from api.http.problems import MALFORMED_BODY, MEDIA_TYPE
from api.http.spool import read_body

Model = TypeVar("Model", bound=BaseModel)
MOST_FAULTS = 20
MAX_BODY_BYTES = 64 * 1024


async def read_json_body(request: Request, limit: int, what: str) -> bytes:
    """The bytes of a JSON body. Raises the 408, 413 and 415 problems."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestProblem(MEDIA_TYPE, f"{what} is sent as application/json.")
    return await read_body(request, limit, what)


def parse_json(body: bytes) -> Any:
    """Any JSON. Raises a 400 problem with the place of the fault."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RequestProblem(MALFORMED_BODY, f"The body is no JSON: {error}.") from error


def parse_model(model: type[Model], body: bytes) -> Model:
    """What a body says. Raises the 400 problem for what is no JSON, the 422 one that names the faults of a document."""
    document = parse_json(body)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)[:MOST_FAULTS]
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from error


def json_body(model: type[BaseModel], limit: int = MAX_BODY_BYTES) -> Any:
    """A dependency for routes that run in a thread: the JSON body, read under a limit and checked.

    The framework's own body parameters know neither a limit nor an end to waiting. Stands behind the right that the
    route asks for, so that only who has it is listened to.
    """

    async def read(request: Request) -> BaseModel:
        return parse_model(model, await read_json_body(request, limit, "The body"))

    return Depends(read)
