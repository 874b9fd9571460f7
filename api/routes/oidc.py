"""Signing in by another service (OpenID Connect): to it, and back with its answer. Browsers come here by links."""

import secrets
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.access.allowing import record, services_of
from api.access.sign_in import SignedIn, Visit, open_session
from api.bootstrap import Services
from api.oidc.flow import Flow
from api.routes.oidc_refusal import refusal_page
from api.routes.session import cookie_path, keep_session, visit_of
from api.settings import Settings
from gridsvc.errors import GridError, InvalidInput, NotAllowed, NotFound, NotReady, SignInRequired
from gridsvc.model.accounts import Account, Caller

if TYPE_CHECKING:
    from api.oidc.provider import Provider

COOKIE = "gridsvc_oidc"
LASTS_S = 600
router = APIRouter(prefix="/api/v1/session/oidc", include_in_schema=False)
Said = Annotated[str | None, Query(max_length=4000)]


@router.get("")
async def begin_oidc(request: Request) -> Response:
    """404 where no provider is set."""
    provider, flow = provider_of(request), Flow.begin()
    try:
        address = await provider.line.run(provider.address_to_sign_in, flow, _redirect(request))
    except GridError as error:
        return _refused(request, error)
    response = RedirectResponse(address, 303)
    response.set_cookie(
        COOKIE,
        flow.write(),
        max_age=LASTS_S,
        path=_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/callback")
async def finish_oidc(
    request: Request, code: Said = None, state: Said = None, error: Said = None, iss: Said = None
) -> Response:
    """Opens a session for the account whose subject an ADMIN has set to what the provider says; none is made here.

    The answer counts in the browser that asked for it, and once. Whom it does not sign in gets a page that says so.
    """
    provider = provider_of(request)
    wrong = error is not None or iss not in {None, provider.issuer} or _is_said_twice(request)
    try:
        signed_in = await provider.line.run(_finish, request, None if wrong else code, state)
    except GridError as refusal:
        return _refused(request, refusal)
    response = RedirectResponse(f"{request.scope.get('root_path', '')}/", 303)
    keep_session(request, response, signed_in)
    response.delete_cookie(COOKIE, path=_path(request))
    response.headers["Cache-Control"] = "no-store"
    return response


def _finish(request: Request, code: str | None, state: str | None) -> SignedIn:
    """A session; no code: the provider said something else instead, or another one answered."""
    services, provider = services_of(request), provider_of(request)
    flow = Flow.read(request.cookies.get(COOKIE, ""))
    if flow is None or not secrets.compare_digest((state or "").encode(), flow.state.encode()):
        raise SignInRequired("This sign-in was not begun in this browser, or too long ago; begin again.")
    if code is None:
        raise SignInRequired("The provider did not sign you in; begin again.")
    visit = visit_of(request)
    return open_session(services, _account(services, provider.identify(code, flow, _redirect(request)), visit), visit)


def _is_said_twice(request: Request) -> bool:
    """Which of two values counts would be another matter for whoever looked at the answer before."""
    names = [name for name, _ in request.query_params.multi_items()]
    return len(set(names)) < len(names)


def _refused(request: Request, error: GridError) -> Response:
    """For people a page, and the flow is over; for programs the problem."""
    page = refusal_page(request, error)
    if page is None:
        raise error
    page.delete_cookie(COOKIE, path=_path(request))
    return page


def make_provider(settings: Settings) -> "Provider | None":
    """The provider of the settings, asked when the first one signs in; loaded only where one is set."""
    if settings.oidc_issuer is None:
        return None
    try:
        module = import_module("api.oidc.provider")
    except ModuleNotFoundError as error:
        raise NotReady("GRIDSVC_OIDC_ISSUER is set, and what it takes is not installed: gridsvc[oidc].") from error
    if not settings.oidc_client_id:
        raise InvalidInput("GRIDSVC_OIDC_ISSUER is set: say with GRIDSVC_OIDC_CLIENT_ID who we are there.")
    secret = settings.oidc_client_secret.get_secret_value()
    provider: Provider = module.Provider(settings.oidc_issuer, settings.oidc_client_id, secret)
    return provider


def provider_of(request: Request) -> "Provider":
    """The application's provider. Raises NotFound where there is none."""
    provider: Provider | None = request.app.state.oidc
    if provider is None:
        raise NotFound("No OpenID provider is set: GRIDSVC_OIDC_ISSUER names one.")
    return provider


def _account(services: Services, subjects: list[str], visit: Visit) -> Account:
    for subject in subjects:
        found = services.store.find_account_of_subject(subject)
        if found is not None and found.active:
            return found
    details: dict[str, object] = {"address": visit.address, "door": "oidc"}
    with services.store.begin() as work:
        work.log([record(services, Caller(), "SIGN_IN_FAILED", subjects[0], details, visit.request)])
    raise NotAllowed("The provider knows you, and there is no account for you here: ask an ADMIN.", subjects=subjects)


def _redirect(request: Request) -> str:
    return str(request.url_for("finish_oidc"))


def _path(request: Request) -> str:
    return cookie_path(request).rstrip("/") + "/api/v1/session/oidc"
