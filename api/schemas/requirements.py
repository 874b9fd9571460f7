"""What operations ask for beside their own parameters, read off the answers that they can give.

Who may answer 401 wants somebody signed in; who may answer 428 wants to know which version was seen.
"""

from typing import Any

from api.access.allowing import CSRF_HEADER, SAFE_METHODS, SESSION_COOKIE

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


def add_requirements(document: dict[str, Any]) -> None:
    """Write them into an OpenAPI document, in place."""
    document["components"]["securitySchemes"] = SCHEMES
    for item in document["paths"].values():
        for method, operation in item.items():
            if "401" in operation["responses"] and "security" not in operation:
                operation["security"] = [{"session": []}, {"token": []}]
                if method.upper() not in SAFE_METHODS:
                    _add_header(operation, CSRF_HEADER, "The csrf text of the session; not with a token.")
            if "428" in operation["responses"]:
                _add_header(operation, "If-Match", "The ETag of what you saw.")


def _add_header(operation: dict[str, Any], name: str, description: str) -> None:
    """Optional for the description: without it the answer is 403 or 428, which say what to do."""
    parameter = {"name": name, "in": "header", "required": False, "description": description}
    operation.setdefault("parameters", []).append(parameter | {"schema": {"type": "string", "maxLength": 200}})
