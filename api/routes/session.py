"""Signing in and out, and who one is."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.access import SESSION_COOKIE, CallerOf, Callers, Known, check_origin, opening_of
from api.bootstrap import Services
from api.routes.replies import json_reply
from api.schemas.openapi import answers, problems
from api.sign_in import SignedIn, open_session, sign_in, sign_out
from gridsvc.accounts.rights import reach
from gridsvc.errors import NotAllowed, NotFound
from gridsvc.model.accounts import AccountRole, Action, Caller, Reach, Session

router = APIRouter(prefix="/api/v1/session", tags=["accounts"])


class Password(BaseModel):
    """What somebody signs in with."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]


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
)
def create_session(body: Password, request: Request) -> Response:
    """A new session each time, in a cookie that no script can read; an older one of this browser ends."""
    check_origin(request)
    services: Services = request.app.state.services
    signed_in = sign_in(services, body.login, body.password, _address(request), _request_id(request))
    return _signed_in(request, signed_in)


@router.delete("", summary="Sign out", status_code=204, responses=problems(401, 403, 503))
async def delete_session(request: Request, caller: CallerOf) -> Response:  # noqa: ARG001  checks the csrf token
    """Nothing to do for a visitor."""
    services: Services = request.app.state.services
    callers: Callers = request.app.state.callers
    known = await callers.find(request)
    if known is not None and known.session is not None:
        await to_thread.run_sync(sign_out, services, known.session, _request_id(request))
        callers.forget()
    response = Response(status_code=204)
    response.delete_cookie(SESSION_COOKIE, path=_cookie_path(request))
    return response


@router.post(
    "/role",
    summary="Be somebody else in the demo",
    status_code=201,
    responses=answers("Session", "Signed in.", status=201) | problems(401, 403, 404, 422, 503),
)
def switch_role(body: DemoRole, request: Request) -> Response:
    """Signs in as the demo's account of a role, without a password; 403 where this is no demo."""
    check_origin(request)
    services: Services = request.app.state.services
    if not services.settings.demo:
        raise NotAllowed("Roles are switched in the demo only.")
    for account in services.store.list_accounts():
        if account.role is body.role and account.active:
            return _signed_in(request, open_session(services, account, _address(request), _request_id(request)))
    raise NotFound(f"The demo has no account with the role {body.role.value}.")


def _signed_in(request: Request, signed_in: SignedIn) -> Response:
    services: Services = request.app.state.services
    callers: Callers = request.app.state.callers
    callers.forget()
    response = _reply(services, Caller(signed_in.session.account), signed_in.session, 201)
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.secret,
        max_age=services.settings.session_hours * 3600,
        path=_cookie_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def _reply(services: Services, caller: Caller, session: Session | None, status: int = 200) -> Response:
    account, opening = caller.account, opening_of(services)
    far = {action.value: reach(caller, action, opening) for action in Action}
    document = {
        "login": caller.login,
        "name": None if account is None else account.name,
        "role": caller.role.value,
        "area": None if account is None else account.area,
        "department": None if account is None else account.department,
        "person": None if account is None else account.person,
        "actions": {name: reached.value for name, reached in far.items() if reached is not Reach.NONE},
        "csrf": None if session is None else session.csrf,
        "expires_at": None if session is None else session.expires_at.astimezone(services.settings.zone).isoformat(),
        "demo": services.settings.demo,
    }
    return json_reply(document, status, {"Cache-Control": "no-store"})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _request_id(request: Request) -> str | None:
    return request.headers.get("x-request-id")


def _cookie_path(request: Request) -> str:
    return str(request.scope.get("root_path", "")) or "/"
