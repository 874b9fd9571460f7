"""JSON bodies of writes: read under a limit and with patience, refused with the place of every fault."""

import json
from collections import Counter
from typing import Any, TypeVar

import orjson
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api.http.errors import RequestProblem
from api.http.problems import MALFORMED_BODY, MEDIA_TYPE, PARAMETERS
from api.http.spool import read_body

Model = TypeVar("Model", bound=BaseModel)
MOST_FAULTS, SHOWN = 20, 5
MAX_BODY_BYTES = 64 * 1024


async def read_json_body(request: Request, limit: int, what: str) -> bytes:
    """The bytes of a JSON body. Raises the 408, 413 and 415 problems."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestProblem(MEDIA_TYPE, f"{what} is sent as application/json.")
    return await read_body(request, limit, what)


def parse_json(body: bytes) -> Any:
    """Any JSON. Raises a 400 problem with the place of the fault, and the 422 one for names that are said twice."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RequestProblem(MALFORMED_BODY, f"The body is no JSON: {error}.") from error
    try:
        written = orjson.dumps(document)
    except orjson.JSONEncodeError as error:
        raise RequestProblem(MALFORMED_BODY, "The body nests too deep.") from error
    # What was passed over has a colon of its own, unless colons of texts are escaped: a count tells it in a millionth
    # of a second, where reading every name would take ten.
    if written.count(b":") != body.count(b":") or b"\\u003" in body:
        _refuse_repeated(body)
    return document


def _refuse_repeated(body: bytes) -> None:
    """Of two values for one name the reader would take the last, whoever looked at the body before perhaps the first;
    parameters of an address that are said twice are refused alike.
    """
    repeated: dict[str, None] = {}

    def note(pairs: list[tuple[str, object]]) -> None:
        if len({name for name, _ in pairs}) < len(pairs):
            repeated.update((name, None) for name, count in Counter(name for name, _ in pairs).items() if count > 1)

    json.loads(body, object_pairs_hook=note)
    if repeated:
        told = [{"parameter": name[:40], "detail": "is said more than once"} for name in list(repeated)[:SHOWN]]
        detail = "; ".join(f"{item['parameter']}: {item['detail']}" for item in told)
        raise RequestProblem(PARAMETERS, detail, errors=told)


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
