"""Changing accounts and tokens. Each change is one transaction with its entry in the audit log, at every door."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from gridsvc.accounts.rights import rights
from gridsvc.accounts.secrets import digest_of, hash_password, new_secret
from gridsvc.accounts.texts import MAX_NAME, check_text, check_texts
from gridsvc.errors import Conflict, InvalidInput, NotFound
from gridsvc.model.accounts import Account, AccountRole, Action, AuditEntry, Caller, Token
from gridsvc.ports import Store

MAX_TOKEN_DAYS = 1096
_SHOWN = tuple(field.name for field in fields(Account) if field.name not in {"login", "password_hash", "version"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who changes something, when, and through which door: over HTTP with the request's id."""

    caller: Caller
    at: datetime
    door: str = "http"
    request: str | None = None

    def entry(self, action: str, target: str, details: Mapping[str, object]) -> AuditEntry:
        """For the audit log."""
        return AuditEntry(
            at=self.at,
            login=self.caller.login,
            role=self.caller.role,
            action=action,
            target=target,
            details=dict(details) if self.door == "http" else {**details, "door": self.door},
            request=self.request,
        )


def add_account(store: Store, account: Account, password: str | None, doer: Doer) -> Account:
    """Raises InvalidInput for texts that cannot be, Conflict where the login or the subject is taken."""
    check_texts(account)
    check_role(account)
    hashed = None if password is None else hash_password(password)
    added = replace(account, password_hash=hashed, subject=_plain_subject(account.subject))
    with store.begin() as work:
        others = work.lock_accounts()
        if added.login in others:
            raise Conflict(f"There is an account {added.login!r} already; a login is never given twice.")
        _check_subject(added, others)
        work.put_account(added)
        details = {"account": _shown(added), "password": password is not None}
        work.log([doer.entry("ACCOUNT_ADDED", f"account {added.login}", details)])
    return added


def change_account(
    store: Store, login: str, change: Callable[[Account], Account], doer: Doer, *, version: int | None = None
) -> Account:
    """`change` gives the account as it shall be, of which login, password and version stay.

    A closed account loses its sessions and tokens for good. Raises NotFound, InvalidInput, and Conflict where nobody
    could manage accounts any more, or where `version` is no longer the account's.
    """
    with store.begin() as work:
        others = work.lock_accounts()
        old = _get(others, login)
        if version is not None and version != old.version:
            raise Conflict(f"The account {login!r} has changed meanwhile; read it again.")
        kept = {"login": login, "password_hash": old.password_hash, "version": old.version + 1}
        new = change(old)
        changed = replace(new, subject=_plain_subject(new.subject), **kept)  # type: ignore[arg-type]
        check_texts(changed)
        check_role(changed)
        _check_subject(changed, others)
        _check_admins(others, changed)
        work.put_account(changed)
        if not changed.active:
            work.end_sessions_of(login)
            work.revoke_tokens_of(login, doer.at)
        work.log([doer.entry("ACCOUNT_CHANGED", f"account {login}", {"changed": _differences(old, changed)})])
    return changed


def set_password(store: Store, login: str, password: str, doer: Doer) -> Account:
    """All sessions of the account end, for somebody else may be in one. Raises NotFound and InvalidInput."""
    hashed = hash_password(password)
    with store.begin() as work:
        account = replace(_get(work.lock_accounts(), login), password_hash=hashed)
        work.put_account(account)
        work.end_sessions_of(login)
        work.log([doer.entry("PASSWORD_SET", f"account {login}", {})])
    return account


def issue_token(
    store: Store, account: Account, name: str, actions: Collection[Action], days: int, doer: Doer
) -> tuple[Token, str]:
    """The token and its secret, which is shown this once. Raises as `check_token`, and Conflict for an account that was
    closed meanwhile.
    """
    check_token(account, name, actions, days)
    secret = new_secret()
    token = Token(
        number=0,
        digest=digest_of(secret),
        account=account,
        name=name,
        actions=frozenset(actions),
        created_at=doer.at,
        expires_at=doer.at + timedelta(days=days),
    )
    with store.begin() as work:
        if not _get(work.lock_accounts(), account.login).active:
            raise Conflict(f"The account {account.login!r} is closed.")
        token = work.add_token(token)
        details = {"name": name, "actions": sorted(actions), "expires_at": token.expires_at}
        work.log([doer.entry("TOKEN_ISSUED", f"token {token.number}", {"login": account.login, **details})])
    return token, secret


def check_token(account: Account, name: str, actions: Collection[Action], days: int) -> None:
    """Raise InvalidInput for a token that cannot be issued, one for more than the account's role may above all, and
    Conflict for a closed account.
    """
    check_text("name", name, MAX_NAME)
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise InvalidInput(f"days: a token works for 1 to {MAX_TOKEN_DAYS} days", field="days")
    _check_actions(account, actions)
    if not account.active:
        raise Conflict(f"The account {account.login!r} is closed.")


def revoke_token(store: Store, number: int, doer: Doer, *, login: str | None = None) -> None:
    """Raises NotFound for a token that does not work, or is another's than `login`'s."""
    mine = {token.number for token in store.list_tokens(login, doer.at)}
    if number not in mine:
        raise NotFound(f"There is no token {number} that works.")
    with store.begin() as work:
        work.revoke_token(number, doer.at)
        work.log([doer.entry("TOKEN_REVOKED", f"token {number}", {})])


def token_actions(role: AccountRole) -> list[Action]:
    """What a token of a role can be issued for."""
    return [action for action in Action if role in rights()[action].reach and not rights()[action].personal]


def can_manage(accounts: Collection[Account]) -> bool:
    """Whether somebody can sign in who may manage accounts."""
    return any(account.can_sign_in and account.role is AccountRole.ADMIN for account in accounts)


def _get(accounts: Mapping[str, Account], login: str) -> Account:
    if login not in accounts:
        raise NotFound(f"There is no account {login!r}.")
    return accounts[login]


def check_role(account: Account) -> None:
    """Raises InvalidInput for a role that no account has."""
    if account.role is AccountRole.VISITOR:
        raise InvalidInput("role: a visitor is nobody signed in and has no account", field="role")


def _plain_subject(subject: str | None) -> str | None:
    """Addresses are compared in small letters; a provider's own names as they are."""
    return subject.lower() if subject is not None and "#" not in subject else subject


def _check_subject(account: Account, others: Mapping[str, Account]) -> None:
    if account.subject is None:
        return
    if "@" not in account.subject and "#" not in account.subject:
        raise InvalidInput("subject: an e-mail address, or the provider's issuer#subject", field="subject")
    for other in others.values():
        if other.subject == account.subject and other.login != account.login:
            raise Conflict(f"The account {other.login!r} has this subject already.")


def _check_admins(accounts: Mapping[str, Account], changed: Account) -> None:
    """Neither the last active one goes, nor the last one who can sign in."""
    before, after = accounts.values(), {**accounts, changed.login: changed}.values()
    if (_has_admin(before) and not _has_admin(after)) or (can_manage(before) and not can_manage(after)):
        raise Conflict("This is the last active ADMIN: make another one before, or nobody could manage accounts.")


def _has_admin(accounts: Collection[Account]) -> bool:
    return any(account.active and account.role is AccountRole.ADMIN for account in accounts)


def _check_actions(account: Account, actions: Collection[Action]) -> None:
    if not actions:
        raise InvalidInput("actions: a token is issued for one action at least", field="actions")
    beyond = sorted(set(actions) - set(token_actions(account.role)))
    if beyond:
        raise InvalidInput(
            f"actions: a token of the role {account.role.value} cannot be issued for {', '.join(beyond)}",
            field="actions",
        )


def _shown(account: Account) -> dict[str, object]:
    return {name: getattr(account, name) for name in _SHOWN}


def _differences(old: Account, new: Account) -> dict[str, list[object]]:
    before, after = _shown(old), _shown(new)
    return {name: [before[name], after[name]] for name in _SHOWN if before[name] != after[name]}
