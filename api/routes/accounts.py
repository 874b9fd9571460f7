"""Accounts: who works with the service, in which role, and how far that reaches. For ADMIN."""

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access.allowing import Access, Callers, MayManageAccounts
from api.http.bodies import json_body
from api.http.preconditions import check_match, version_tag
from api.routes.replies import json_reply
from api.schemas.accounts import AccountBody, NewAccountBody, PasswordBody, account_document
from api.schemas.openapi import answers, page_answers, problems
from api.schemas.roster import request_body
from gridsvc.accounts import manage
from gridsvc.accounts.texts import LOGIN_PATTERN
from gridsvc.errors import InvalidInput, NoEdition, NotFound, NotReady
from gridsvc.model.accounts import Account

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"])
LoginPath = Annotated[str, Path(pattern=LOGIN_PATTERN)]


@router.get("", summary="Accounts", responses=page_answers("Account") | problems(401, 403, 422, 503))
def list_accounts(
    access: MayManageAccounts,
    cursor: Annotated[str | None, Query(max_length=100, description="The `next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """By login, closed ones too."""
    rest = [account for account in access.services.store.list_accounts() if cursor is None or account.login > cursor]
    page = rest[:limit]
    next_cursor = page[-1].login if len(rest) > limit else None
    items = [account_document(account) for account in page]
    return json_reply({"items": items, "next_cursor": next_cursor}, 200, {"Cache-Control": "no-store"})


@router.post(
    "",
    summary="Add an account",
    status_code=201,
    responses=answers("Account", "It.", status=201) | problems(401, 403, 409, 422, 503),
    openapi_extra=request_body(NewAccountBody),
)
def add_account(access: MayManageAccounts, body: Annotated[NewAccountBody, json_body(NewAccountBody)]) -> Response:
    """Without a password it is signed in by the provider alone that its `subject` names."""
    given = Account(**body.model_dump(exclude={"password"}))
    _check_scope(access, None, given)
    account = manage.add_account(access.services.store, given, body.password, doer_of(access))
    return _reply(account, 201, {"Location": f"/api/v1/accounts/{account.login}"})


@router.get("/{login}", summary="One account", responses=answers("Account", "It.") | problems(401, 403, 404, 422, 503))
def get_account(login: LoginPath, access: MayManageAccounts) -> Response:
    """Its ETag goes back as If-Match with a change."""
    return _reply(_get(access, login))


@router.put(
    "/{login}",
    summary="Change or close an account",
    responses=answers("Account", "As it is now.") | problems(401, 403, 404, 409, 412, 422, 428, 503),
    openapi_extra=request_body(AccountBody),
)
def change_account(
    login: LoginPath,
    request: Request,
    access: MayManageAccounts,
    body: Annotated[AccountBody, json_body(AccountBody)],
) -> Response:
    """What a session may do changes within seconds; closing ends its sessions and tokens for good."""
    old = _get(access, login)
    check_match(request, version_tag(old.version))
    new = body.model_dump()
    _check_scope(access, old, replace(old, **new))
    store, doer = access.services.store, doer_of(access)
    changed = manage.change_account(store, login, lambda account: replace(account, **new), doer, version=old.version)
    _forget(request)
    return _reply(changed)


@router.put(
    "/{login}/password",
    summary="Set somebody's password",
    status_code=204,
    responses=problems(401, 403, 404, 422, 503),
    openapi_extra=request_body(PasswordBody),
)
def set_password(
    login: LoginPath,
    request: Request,
    access: MayManageAccounts,
    body: Annotated[PasswordBody, json_body(PasswordBody)],
) -> Response:
    """All sessions of the account end."""
    manage.set_password(access.services.store, login, body.password, doer_of(access))
    _forget(request)
    return Response(status_code=204)


def doer_of(access: Access) -> manage.Doer:
    """Who changes something now."""
    return manage.Doer(caller=access.caller, at=access.services.settings.now(), request=access.request)


def _get(access: Access, login: str) -> Account:
    found = access.services.store.find_account(login)
    if found is None:
        raise NotFound(f"There is no account {login!r}.")
    return found


def _check_scope(access: Access, old: Account | None, new: Account) -> None:
    """InvalidInput for a new area, department or person that the city in force does not have: a slip of the keyboard
    would take all rights away. Where no city is loaded yet, nothing is known better.
    """
    try:
        snapshot = access.services.serving.current()
    except (NoEdition, NotReady):
        return
    areas, duties = snapshot.edition.areas.index_of, snapshot.duties
    known: dict[str, Collection[str]] = {
        "area": areas,
        "department": {**duties.organisation.by_code, **areas},
        "person": duties.staff.people,
    }
    for field, codes in known.items():
        code = getattr(new, field)
        if code is not None and code not in codes and (old is None or code != getattr(old, field)):
            raise InvalidInput(f"{field}: the city has none with the code {code!r}", field=field)


def _forget(request: Request) -> None:
    callers: Callers = request.app.state.callers
    callers.forget()


def _reply(account: Account, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    fixed = {"ETag": version_tag(account.version), "Cache-Control": "no-store"}
    return json_reply(account_document(account), status, fixed | (headers or {}))
