"""Which rights of docs/rights.md each operation takes that changes or asks by a body. A new one adds its line here."""

from collections.abc import Mapping

from gridsvc.model.accounts import Action
from gridsvc.model.roster import ROSTER_TABLES

_BY_ACTION: Mapping[tuple[Action, ...], tuple[str, ...]] = {
    (Action.RESOLVE,): ("POST /api/v1/resolve", "POST /api/v1/resolve/shape"),
    (Action.RECORD_INCIDENT,): ("POST /api/v1/incidents",),
    (Action.RECORD_INCIDENT, Action.READ_INCIDENTS): ("POST /api/v1/incidents/{number}/photos",),
    (Action.SEND_FIXES,): ("POST /api/v1/fixes",),
    (Action.DISPUTE,): ("POST /api/v1/disputes",),
    (Action.DETERMINE,): (
        "POST /api/v1/disputes/{number}/determine",
        "POST /api/v1/disputes/{number}/determine/preview",
        "POST /api/v1/disputes/{number}/decline",
    ),
    (Action.WRITE_ROSTER,): (
        *(f"POST /api/v1/{table}" for table in ROSTER_TABLES),
        *(f"{method} /api/v1/{table}/{{key}}" for table in ROSTER_TABLES for method in ("PUT", "DELETE")),
        "POST /api/v1/posts/{code}/holder",
        *(f"POST /api/v1/roster/{name}" for name in ("changes", "import", "preview")),
    ),
    (Action.EDIT_DRAFTS,): (
        "POST /api/v1/drafts",
        "DELETE /api/v1/drafts/{number}",
        "PUT /api/v1/drafts/{number}/layers/{layer}",
        "POST /api/v1/drafts/{number}/check",
    ),
    (Action.PUBLISH,): ("POST /api/v1/drafts/{number}/publish", "POST /api/v1/editions/{number}/restore"),
    (Action.READ_JOBS, Action.READ_LAYERS): ("POST /api/v1/editions/{number}/export",),
    (Action.MANAGE_ACCOUNTS,): (
        "POST /api/v1/accounts",
        "PUT /api/v1/accounts/{login}",
        "PUT /api/v1/accounts/{login}/password",
    ),
    (Action.ISSUE_TOKENS,): ("POST /api/v1/tokens", "DELETE /api/v1/tokens/{number}"),
}
NEEDED = {operation: actions for actions, operations in _BY_ACTION.items() for operation in operations}
"""By the operation's name in OpenAPI: all of these together."""
OF_ONESELF = {
    "POST /api/v1/session",
    "POST /api/v1/session/role",
    "DELETE /api/v1/session",
    "PUT /api/v1/session/password",
}
"""They take no right: somebody signs in, out, or changes their own password."""
