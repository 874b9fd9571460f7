"""`gridsvc user …`: accounts from the terminal, the first ADMIN among them. Passwords are never arguments."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from getpass import getpass
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api.bootstrap import open_store
from api.cli.options import CommitOption, JsonOption
from api.cli.terminal import put_json, put_table, say
from api.schemas.accounts import account_document, token_document
from api.settings import load_settings
from gridsvc.accounts import manage
from gridsvc.accounts.texts import check_texts
from gridsvc.errors import Conflict, InvalidInput, NotFound
from gridsvc.model.accounts import Account, AccountRole, Action, Caller, Token
from gridsvc.model.departments import Department
from gridsvc.model.territory import Area, Layer
from gridsvc.ports import Store

app = typer.Typer(
    help="Accounts: who may work with the service, and tokens of devices.", no_args_is_help=True, add_completion=False
)
LoginArgument = Annotated[str, typer.Argument(help="Name for signing in: a-z, 0-9 and . _ @ -.")]
ScopeOption = Annotated[str | None, typer.Option(help="Code that limits the account; everything if not said.")]


@app.command()
def add(
    login: LoginArgument,
    role: Annotated[AccountRole, typer.Option(help="What the account is for; docs/rights.md has the table.")],
    name: Annotated[str | None, typer.Option(help="As others see it; the login if not said.")] = None,
    area: ScopeOption = None,
    department: ScopeOption = None,
    person: Annotated[str | None, typer.Option(help="Code of the account's row in the roster.")] = None,
    subject: Annotated[str | None, typer.Option(help="E-mail or issuer#subject at the OpenID provider.")] = None,
    no_password: Annotated[bool, typer.Option("--no-password", help="Only tokens or the provider sign it in.")] = False,
    commit: CommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Add an account; its password is asked for, or read from standard input."""
    account = Account(
        login=login, name=name or login, role=role, area=area, department=department, person=person, subject=subject
    )
    check_texts(account)
    manage.check_role(account)
    settings = load_settings()
    with open_store(settings) as store:
        if store.find_account(login) is not None:
            raise Conflict(f"There is an account {login!r} already.")
        _tell_unknown(store, account, settings.now())
        if not commit:
            _put(account, as_json=as_json, committed=False)
            say(f"Dry run: would add {login} as {role.value}; add --commit.")
            return
        account = manage.add_account(store, account, None if no_password else _ask_password(), _doer(settings.now()))
    _put(account, as_json=as_json)
    say(f"Added {login} as {role.value}.")


def _tell_unknown(store: Store, account: Account, now: datetime) -> None:
    """What limits an account and is not there would let it see nothing; it may be about to come."""
    known = {**_names_of_scopes(store, now), "person": store.load_roster().tables.get("people", {})}
    for option, codes in known.items():
        code = getattr(account, option)
        if code is not None and code not in codes:
            say(f"Note: there is no {option} {code} now; until there is, the account reaches nothing of it.")


def _names_of_scopes(store: Store, now: datetime) -> dict[str, dict[str, str]]:
    """Areas and departments by code."""
    edition = store.find_edition_in_force(now)
    areas = () if edition is None else store.iter_features(edition.number, Layer.AREAS)
    departments = store.load_roster().tables.get("departments", {})
    return {
        "area": {area.code: area.name for area in areas if isinstance(area, Area)},
        "department": {row.code: row.name for row in departments.values() if isinstance(row, Department)},
    }


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List all accounts, closed ones too."""
    settings = load_settings()
    with open_store(settings) as store:
        accounts = store.list_accounts()
        limited = any(account.area or account.department for account in accounts)
        names = _names_of_scopes(store, settings.now()) if limited and not as_json else {}
    if as_json:
        put_json([account_document(account) for account in accounts])
        return
    if not accounts:
        say("There is no account yet. Add the first: gridsvc user add LOGIN --role ADMIN --commit")
        return
    rows = [_row_of(account, names) for account in accounts]
    put_table(("LOGIN", "ROLE", "REACHES", "NAME"), *rows)


def _row_of(account: Account, names: Mapping[str, Mapping[str, str]]) -> tuple[str, str, str, str]:
    scopes = (("area", account.area), ("department", account.department))
    reaches = [f"{code} {names[kind].get(code, '')}".rstrip() for kind, code in scopes if code]
    name = account.name if account.active else f"{account.name} (closed)"
    return account.login, account.role.value, ", ".join(reaches) or "whole city", name


@app.command()
def password(login: LoginArgument, commit: CommitOption = False, as_json: JsonOption = False) -> None:
    """Set a password and end all sessions of the account; it is asked for, or read from standard input."""
    settings = load_settings()
    with open_store(settings) as store:
        account = _get(store, login)
        if not commit:
            _put(account, as_json=as_json, committed=False)
            say(f"Dry run: would set the password of {login}; add --commit.")
            return
        account = manage.set_password(store, login, _ask_password(), _doer(settings.now()))
    _put(account, as_json=as_json)
    say(f"Set the password of {login}; all of its sessions have ended.")


@app.command()
def close(login: LoginArgument, commit: CommitOption = False, as_json: JsonOption = False) -> None:
    """Close an account: its sessions and tokens end. What it did stays."""
    settings = load_settings()
    with open_store(settings) as store:
        account = _get(store, login)
        if not commit:
            _put(account, as_json=as_json, committed=False)
            say(f"Dry run: would close {login}; add --commit.")
            return
        account = manage.change_account(store, login, lambda known: replace(known, active=False), _doer(settings.now()))
    _put(account, as_json=as_json)
    say(f"Closed {login}.")


@app.command()
def token(
    login: LoginArgument,
    name: Annotated[str, typer.Option(help="What the token is for.")],
    action: Annotated[list[Action], typer.Option(help="What it may do; say it once for each.")],
    days: Annotated[int, typer.Option(help="For how many days it works.")] = 90,
    commit: CommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Issue a token; its secret is printed once."""
    settings = load_settings()
    with open_store(settings) as store:
        account = _get(store, login)
        if not commit:
            manage.check_token(account, name, set(action), days)
            say(
                f"Dry run: would issue a token of {login} for {len(set(action))} actions and {days} days; add --commit."
            )
            return
        issued, secret = manage.issue_token(store, account, name, set(action), days, _doer(settings.now()))
    say(f"Token {issued.number} of {login} works until {issued.expires_at.isoformat(timespec='minutes')}.")
    if as_json:
        put_json({**token_document(issued, settings.zone), "secret": secret})
    else:
        sys.stdout.write(secret + "\n")


@app.command()
def tokens(login: LoginArgument, as_json: JsonOption = False) -> None:
    """List the tokens of an account that work. Their secrets are not kept."""
    settings = load_settings()
    with open_store(settings) as store:
        found = store.list_tokens(_get(store, login).login, settings.now())
    if as_json:
        put_json([token_document(each, settings.zone) for each in found])
    elif found:
        put_table(("NUMBER", "UNTIL", "NAME", "ACTIONS"), *(_row_of_token(each, settings.zone) for each in found))
    else:
        say(f"No token of {login} works.")


def _row_of_token(token: Token, zone: ZoneInfo) -> tuple[str, str, str, str]:
    until = token.expires_at.astimezone(zone).isoformat(timespec="minutes")
    return str(token.number), until, token.name, ", ".join(sorted(token.actions))


@app.command()
def revoke(
    number: Annotated[str, typer.Argument(help="The token's number, as `user tokens` tells it.")],
    commit: CommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Revoke a token: what runs with it is refused within seconds."""
    if not number.isdecimal():
        raise InvalidInput(f"{number!r} is no token's number: `gridsvc user tokens LOGIN` tells those of an account.")
    settings = load_settings()
    with open_store(settings) as store:
        found = next((each for each in store.list_tokens(None, settings.now()) if str(each.number) == number), None)
        if found is None:
            raise NotFound(f"There is no token {number} that works.")
        if commit:
            manage.revoke_token(store, found.number, _doer(settings.now()))
    if as_json:
        put_json(token_document(found, settings.zone) | {"committed": commit})
    which = f"token {number} of {found.account.login} ({found.name})"
    say(f"Revoked {which}." if commit else f"Dry run: would revoke {which}; add --commit.")


def _put(account: Account, *, as_json: bool, committed: bool = True) -> None:
    """The account as it is now, for programs."""
    if as_json:
        put_json(account_document(account) | {"committed": committed})


def _doer(now: datetime) -> manage.Doer:
    return manage.Doer(caller=Caller(), at=now, door="terminal")


def _get(store: Store, login: str) -> Account:
    found = store.find_account(login)
    if found is None:
        raise NotFound(f"There is no account {login!r}.")
    return found


def _ask_password() -> str:
    """Twice on a terminal, where it is not shown; else the first line of standard input."""
    if sys.stdin is None or not sys.stdin.isatty():
        line = "" if sys.stdin is None else sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise InvalidInput(
                "No password came: type it at a terminal, or give it as the first line of standard input."
            )
        return line
    first = getpass("Password: ")
    if getpass("Once more: ") != first:
        raise InvalidInput("The two passwords differ; nothing was done.")
    return first
