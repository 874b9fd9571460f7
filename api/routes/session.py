"""Signing in and out, and who one is."""

from contextlib import suppress
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.access.allowing import SESSION_COOKIE, CallerOf, Callers, Known, check_origin, opening_of, request_id_of
from api.access.password_turns import PasswordTurns
from api.access.sign_in import SignedIn, Visit, open_session, renew_password, sign_in, sign_out
from api.bootstrap import Services
from api.http.bodies import json_body
from api.routes.replies import json_reply
from api.schemas.openapi import answers, problems
from api.schemas.roster import request_body
from gridsvc.accounts.manage import Doer
from gridsvc.accounts.rights import reach
from gridsvc.accounts.secrets import digest_of
from gridsvc.errors import NoEdition, NotAllowed, NotFound, NotReady, SignInRequired
from gridsvc.model.accounts import Account, AccountRole, Action, Caller, Reach, Session

router = APIRouter(prefix="/api/v1/session", tags=["accounts"])


class Password(BaseModel):
    """What somebody signs in with."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]


class NewPassword(BaseModel):
    """One's own password, old and new."""

    model_config = ConfigDict(extra="forbid")

    old: Annotated[str, Field(min_length=1, max_length=1000)]
    new: Annotated[str, Field(min_length=1, max_length=1000)]


class DemoRole(BaseModel):
    """Whom to be in the demo."""

    model_config = ConfigDict(extra="forbid")

    role: AccountRole


@router.get(
    "", summary="Who I am", responses=answers("Session", "Account, rights and csrf token.") | problems(401, 503)
)
async def get_session(request: Request, caller: CallerOf) -> Response:
    """Also for visitors: `login` is null then. `csrf` goes with every change as the header X-CSRF-Token."""
    services: Services = request.app.state.services
    callers: Callers = request.app.state.callers
    known: Known | None = await callers.find(request)
    session = None if known is None else known.session
    return _reply(services, caller, session)


@router.post(
    "",
    summary="Sign in",
    status_code=201,
    responses=answers("Session", "Signed in.", status=201) | problems(401, 403, 422, 429, 503),
    openapi_extra=request_body(Password),
)
async def create_session(request: Request, body: Annotated[Password, json_body(Password)]) -> Response:
    """A new session each time, in a cookie that no script can read; an older one of this browser ends."""
    check_origin(request)
    services: Services = request.app.state.services
    turns: PasswordTurns = request.app.state.password_turns
    login = body.login.strip().lower()
    return signed_in_reply(request, await sign_in(services, turns, login, body.password, visit_of(request)))


@router.delete("", summary="Sign out", status_code=204, responses=problems(401, 403, 503))
async def delete_session(request: Request, caller: CallerOf) -> Response:  # noqa: ARG001  checks the csrf token
    """Nothing to do for a visitor. A browser is told to drop what it kept: who comes next may not be the same."""
    services: Services = request.app.state.services
    callers: Callers = request.app.state.callers
    known = await callers.find(request)
    if known is not None and known.session is not None:
        await to_thread.run_sync(sign_out, services, known.session, request_id_of(request))
        callers.forget_session(known.session.digest)
    response = Response(status_code=204, headers={"Clear-Site-Data": '"cache"'})
    response.delete_cookie(SESSION_COOKIE, path=cookie_path(request))
    return response


async def _signed_in(caller: CallerOf) -> Caller:
    """Whoever is signed in; a stranger is told so before their body is looked at."""
    if caller.account is None:
        raise SignInRequired("Sign in to change your password.")
    return caller


@router.put(
    "/password",
    summary="Change my password",
    responses=answers("Session", "Signed in anew.") | problems(401, 403, 422, 429, 503),
    openapi_extra=request_body(NewPassword),
)
async def change_password(
    request: Request,
    caller: Annotated[Caller, Depends(_signed_in)],
    body: Annotated[NewPassword, json_body(NewPassword)],
) -> Response:
    """All sessions of the account end, and this browser gets a new one. The old password is asked for, as seldom as
    at signing in: whoever finds an open browser must not keep the owner out.
    """
    services: Services = request.app.state.services
    callers: Callers = request.app.state.callers
    turns: PasswordTurns = request.app.state.password_turns
    if caller.actions is not None:
        raise NotAllowed("A token sets no password.")
    visit = visit_of(request)
    doer = Doer(caller=caller, at=services.settings.now(), request=visit.request)
    signed_in = await renew_password(services, turns, doer, body.old, body.new, visit)
    callers.forget()
    return signed_in_reply(request, signed_in, 200)


@router.post(
    "/role",
    summary="Be somebody else in the demo",
    status_code=201,
    responses=answers("Session", "Signed in.", status=201) | problems(401, 403, 404, 422, 503),
    openapi_extra=request_body(DemoRole),
)
def switch_role(request: Request, body: Annotated[DemoRole, json_body(DemoRole)]) -> Response:
    """Signs in as the demo's account of a role, without a password; 403 where this is no demo. Accounts that somebody
    can sign in to are nobody else's, in the demo too.
    """
    check_origin(request)
    services: Services = request.app.state.services
    if not services.settings.demo:
        raise NotAllowed("Roles are switched in the demo only.")
    for account in services.store.list_accounts():
        if account.role is body.role and account.active and not account.can_sign_in:
            return signed_in_reply(request, open_session(services, account, visit_of(request)))
    raise NotFound(f"The demo has no account with the role {body.role.value}.")


def signed_in_reply(request: Request, signed_in: SignedIn, status: int = 201) -> Response:
    """The session's document, with the cookie that carries its secret."""
    services: Services = request.app.state.services
    response = _reply(services, Caller(signed_in.session.account), signed_in.session, status)
    keep_session(request, response, signed_in)
    return response


def keep_session(request: Request, response: Response, signed_in: SignedIn) -> None:
    """Give the browser its new session, and forget the one that it had."""
    services: Services = request.app.state.services
    callers: Callers = request.app.state.callers
    old = visit_of(request).old_session
    if old is not None:
        callers.forget_session(old)
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.secret,
        max_age=services.settings.session_hours * 3600,
        path=cookie_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _reply(services: Services, caller: Caller, session: Session | None, status: int = 200) -> Response:
    account, opening = caller.account, opening_of(services)
    far = {action.value: reach(caller, action, opening) for action in Action}
    document = {
        "login": caller.login,
        "name": None if account is None else account.name,
        "role": caller.role.value,
        "area": None if account is None else account.area,
        "department": None if account is None else account.department,
        **_names_of(services, account),
        "person": None if account is None else account.person,
        "actions": {name: reached.value for name, reached in far.items() if reached is not Reach.NONE},
        "csrf": None if session is None else session.csrf,
        "expires_at": None if session is None else session.expires_at.astimezone(services.settings.zone).isoformat(),
        "demo": services.settings.demo,
        "oidc": services.settings.oidc_issuer is not None,
        "zone": services.settings.timezone,
    }
    return json_reply(document, status, {"Cache-Control": "no-store"})


def _names_of(services: Services, account: Account | None) -> dict[str, str | None]:
    """What the area and department of an account are called, where that is known just now."""
    area = department = None
    with suppress(NoEdition, NotReady):
        snapshot = services.serving.current()
        areas = snapshot.edition.areas
        if account is not None and account.area is not None and account.area in areas.index_of:
            area = areas.items.names[areas.index_of[account.area]]
        if account is not None and account.department is not None:
            found = snapshot.duties.organisation.by_code.get(account.department)
            department = None if found is None else found.name
    return {"area_name": area, "department_name": department}


def visit_of(request: Request) -> Visit:
    """From where a request comes. Only proxies that are trusted may say another address than their own."""
    cookie = request.cookies.get(SESSION_COOKIE)
    address = request.client.host if request.client else ""
    return Visit(address, request_id_of(request), digest_of(cookie) if cookie else None)


def cookie_path(request: Request) -> str:
    """Cookies go no farther than the path below which the service is shown."""
    return str(request.scope.get("root_path", "")) or "/"
