"""Without an account, at a service that is not open: every documented operation asks one to sign in first."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City

OPEN = {
    "GET /health/live": 200,
    "GET /health/ready": 200,
    "GET /version": 200,
    "GET /problems": 200,
    "GET /problems/{name}": 404,
    "GET /api/v1/session": 200,
    "POST /api/v1/session": 422,
    "DELETE /api/v1/session": 204,
    "POST /api/v1/session/role": 422,
}
"""What a stranger is answered with by what is for everybody; 404 and 422: to a name of nothing, an empty body."""
VALUES = {"integer": 1, "number": 1, "string": "current"}


@pytest.fixture
def stranger(serve: Callable[..., City]) -> Client:
    return serve(demo=False, public_read=False).client


def _value(schema: dict[str, Any]) -> object:
    """Something that the schema of a parameter takes."""
    if "enum" in schema:
        return schema["enum"][0]
    return "a" * 64 if "64" in schema.get("pattern", "") else VALUES[schema.get("type", "string")]


def _ask(client: Client, method: str, path: str, operation: dict[str, Any]) -> int:
    named = operation.get("parameters", ())
    for parameter in named:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(_value(parameter["schema"])))
    query = {each["name"]: _value(each["schema"]) for each in named if each["in"] == "query" and each.get("required")}
    given: dict[str, Any] = {"params": query, "headers": {"X-Forwarded-For": "203.0.113.9"}}
    if "requestBody" in operation:
        media_type = next(iter(operation["requestBody"]["content"]))
        given["content"] = b"{}"
        given["headers"]["Content-Type"] = media_type
    return client.request(method.upper(), path, **given).status_code


def test_only_what_is_for_everybody_answers_a_stranger(stranger: Client) -> None:
    document = stranger.get("/openapi.json").json()
    asked = {
        f"{method.upper()} {path}": _ask(stranger, method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    assert {name: status for name, status in asked.items() if status != 401} == OPEN
