"""The whole description of the API: schemas, and what operations ask for beside their own parameters.

The latter is read off what they say of themselves: who may answer 401 wants somebody signed in, who may answer 428
wants to know which version was seen; an address or a body can be one that cannot be read, and every head too large.
"""

from typing import Any

from fastapi import FastAPI

from api.access.allowing import CSRF_HEADER, SAFE_METHODS, SESSION_COOKIE
from api.schemas.account_components import account_schemas
from api.schemas.components import all_schemas
from api.schemas.disputes import dispute_schemas
from api.schemas.examples import EXAMPLES
from api.schemas.incident_components import incident_schemas
from api.schemas.openapi import problems
from api.schemas.roster_components import ROSTER_SCHEMAS
from api.schemas.work import WORK_SCHEMAS

SCHEMES: dict[str, Any] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": f"Set by POST /api/v1/session. Changes also carry its csrf text in {CSRF_HEADER}.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A secret of POST /api/v1/tokens, for devices and programs; they need no csrf text.",
    },
}


def complete(app: FastAPI) -> None:
    """Have the application describe itself with the schemas that its routes name, and an example of each."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = make()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(
                all_schemas()
                | account_schemas()
                | incident_schemas()
                | WORK_SCHEMAS
                | ROSTER_SCHEMAS
                | dispute_schemas()
            )
            # Beside the schemas and after the framework, which would drop every null from an example.
            for name, example in EXAMPLES.items():
                schemas[name]["examples"] = [example]
            _add_requirements(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _add_requirements(document: dict[str, Any]) -> None:
    """Write them into an OpenAPI document, in place."""
    document["components"]["securitySchemes"] = SCHEMES
    for item in document["paths"].values():
        for method, operation in item.items():
            if "401" in operation["responses"] and "security" not in operation:
                operation["security"] = [{"session": []}, {"token": []}]
                if method.upper() not in SAFE_METHODS:
                    _add_header(operation, CSRF_HEADER, "The csrf text of the session; not with a token.")
            statuses = (
                [400, 408, 413, 415] if "requestBody" in operation else [400] if "parameters" in operation else []
            )
            if "401" in operation["responses"]:
                statuses = [*statuses, 403]  # a role, or a token of fewer rights, may not
            for status, problem in problems(*statuses, 431).items():
                operation["responses"].setdefault(str(status), problem)
            named = {parameter["name"] for parameter in operation.get("parameters", ())}
            if "428" in operation["responses"] and "Idempotency-Key" not in named:
                _add_header(operation, "If-Match", "The ETag of what you saw.")


def _add_header(operation: dict[str, Any], name: str, description: str) -> None:
    """Optional for the description: without it the answer is 403 or 428, which say what to do."""
    parameter = {"name": name, "in": "header", "required": False, "description": description}
    operation.setdefault("parameters", []).append(parameter | {"schema": {"type": "string", "maxLength": 200}})
