"""The audit log: who changed what, and who read whose personal data."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.access.allowing import MayReadAudit
from api.roster.shown import hide_logged_names
from api.routes.replies import json_reply
from api.schemas.accounts import entry_document
from api.schemas.openapi import page_answers, problems
from gridsvc.model.accounts import Action

router = APIRouter(prefix="/api/v1/audit", tags=["accounts"])
Filter = Annotated[str | None, Query(min_length=1, max_length=200)]


@router.get("", summary="The audit log", responses=page_answers("AuditEntry") | problems(401, 403, 422, 503))
def list_entries(
    access: MayReadAudit,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="Only entries with smaller numbers.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    login: Filter = None,
    target: Filter = None,
) -> Response:
    """Newest first; `next_cursor` is the `before` of the next page. `login` and `target` pick those of a person or
    about a thing, such as `account wang`; readings of personal data are about `people` and name whose in `details`.
    """
    services = access.services
    found = services.store.list_audit(before=before, limit=limit + 1, login=login, target=target)
    page = found[:limit]
    next_cursor = str(page[-1][0]) if len(found) > limit else None
    items = [entry_document(number, entry, services.settings.zone) for number, entry in page]
    if not access.may(Action.READ_STAFF):
        for item in items:
            hide_logged_names(item["details"])
    return json_reply({"items": items, "next_cursor": next_cursor}, 200, {"Cache-Control": "no-store"})
