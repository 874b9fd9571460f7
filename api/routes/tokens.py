"""Bearer tokens of devices and programs: shown once, known by their digests, for less than their account may."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, Callers, MayIssueTokens
from api.http.bodies import json_body
from api.routes.accounts import doer_of
from api.routes.replies import json_reply
from api.schemas.accounts import TokenBody, token_document
from api.schemas.openapi import answers, page_answers, problems
from api.schemas.roster import request_body
from gridsvc.accounts import manage
from gridsvc.errors import NotAllowed, NotFound
from gridsvc.model.accounts import Account, AccountRole, Reach

router = APIRouter(prefix="/api/v1/tokens", tags=["accounts"])
_NO_STORE = {"Cache-Control": "no-store"}


@router.get("", summary="Tokens that work", responses=page_answers("Token") | problems(401, 403, 422, 503))
def list_tokens(
    access: MayIssueTokens,
    cursor: Annotated[int | None, Query(ge=0, description="The `next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """One's own, for an ADMIN everybody's; by number. Secrets are not kept, so nobody sees one again."""
    services = access.services
    tokens = services.store.list_tokens(_whose(access), services.settings.now())
    rest = [token for token in tokens if cursor is None or token.number > cursor]
    page, zone = rest[:limit], services.settings.zone
    next_cursor = str(page[-1].number) if len(rest) > limit else None
    return json_reply(
        {"items": [token_document(token, zone) for token in page], "next_cursor": next_cursor}, 200, _NO_STORE
    )


@router.post(
    "",
    summary="Issue a token",
    status_code=201,
    responses=answers("IssuedToken", "With its secret.", status=201) | problems(401, 403, 404, 409, 422, 503),
    openapi_extra=request_body(TokenBody),
)
def issue_token(access: MayIssueTokens, body: Annotated[TokenBody, json_body(TokenBody)]) -> Response:
    """For one's own account and for no more than its role may; for an ADMIN also for accounts of devices."""
    services = access.services
    account = _account(access, body.login)
    token, secret = manage.issue_token(
        services.store, account, body.name, set(body.actions), body.days, doer_of(access)
    )
    return json_reply({**token_document(token, services.settings.zone), "secret": secret}, 201, _NO_STORE)


@router.delete("/{number}", summary="Revoke a token", status_code=204, responses=problems(401, 403, 404, 422, 503))
def revoke_token(number: Annotated[int, Path(ge=1, le=2**53)], request: Request, access: MayIssueTokens) -> Response:
    """It works no more from now, in other processes within seconds; 404 for somebody else's."""
    manage.revoke_token(access.services.store, number, doer_of(access), login=_whose(access))
    callers: Callers = request.app.state.callers
    callers.forget()
    return Response(status_code=204)


def _whose(access: Access) -> str | None:
    return None if access.far is Reach.ALL else access.caller.login


def _account(access: Access, login: str | None) -> Account:
    """The account that the token is for: an ADMIN must not act as somebody else either."""
    own = access.caller.account
    assert own is not None  # noqa: S101  no visitor has this right
    if login is None or login == own.login:
        return own
    found = access.services.store.find_account(login) if access.far is Reach.ALL else None
    if found is None:
        raise NotFound(f"There is no account {login!r} that you may issue tokens for.")
    if found.role is not AccountRole.DEVICE:
        raise NotAllowed("Somebody else's tokens are theirs to issue; only those of devices are issued for them.")
    return found
