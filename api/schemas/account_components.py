"""Schemas of accounts, tokens and audit entries, beside those in `components`."""

from typing import Any

from api.schemas.components import MAYBE_TEXT, TEXT, WHOLE, list_of, record
from gridsvc.model.accounts import AccountRole, Action

_ROLE = {"enum": [role.value for role in AccountRole]}
_INSTANT = {"type": "string", "format": "date-time"}
_FLAG = {"type": "boolean"}


def account_schemas() -> dict[str, Any]:
    """By the names that routes refer to."""
    scope = dict.fromkeys(("area", "department", "person", "subject"), MAYBE_TEXT)
    token = {
        "number": WHOLE,
        "login": TEXT,
        "name": TEXT,
        "actions": list_of({"enum": [action.value for action in Action]}),
        "created_at": _INSTANT,
        "expires_at": _INSTANT,
    }
    entry = {"number": WHOLE, "at": _INSTANT, "login": MAYBE_TEXT, "role": _ROLE, "action": TEXT, "target": TEXT}
    return {
        "Account": record(
            {"login": TEXT, "name": TEXT, "role": _ROLE, **scope}
            | {"active": _FLAG, "has_password": _FLAG, "version": WHOLE}
        ),
        "Token": record(token),
        "IssuedToken": record({**token, "secret": TEXT}),
        "AuditEntry": record({**entry, "details": {"type": "object"}, "request": MAYBE_TEXT}),
    }
