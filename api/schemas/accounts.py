"""Accounts, tokens and audit entries as JSON documents, and the bodies that change them."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from gridsvc.accounts.manage import MAX_TOKEN_DAYS
from gridsvc.accounts.texts import LOGIN_PATTERN, MAX_CODE, MAX_NAME, MAX_SUBJECT
from gridsvc.model.accounts import Account, AccountRole, Action, AuditEntry, Token

Code = Annotated[str, Field(min_length=1, max_length=MAX_CODE)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Password = Annotated[str, Field(min_length=1, max_length=1000)]


class AccountBody(BaseModel):
    """All that can be changed of an account; nothing has a default, for a scope left out would be the whole city."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    role: AccountRole
    area: Code | None
    department: Code | None
    person: Code | None
    subject: Annotated[str, Field(min_length=1, max_length=MAX_SUBJECT)] | None
    active: bool


class NewAccountBody(BaseModel):
    """A new account; `area` and `department` limit what it may do, `person` is its row in the roster."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[str, Field(pattern=LOGIN_PATTERN)]
    name: Name
    role: AccountRole
    area: Code | None = None
    department: Code | None = None
    person: Code | None = None
    subject: Annotated[str, Field(min_length=1, max_length=MAX_SUBJECT)] | None = None
    active: bool = True
    password: Password | None = None


class PasswordBody(BaseModel):
    """A password that an ADMIN sets for somebody."""

    model_config = ConfigDict(extra="forbid")

    password: Password


class TokenBody(BaseModel):
    """A new token. `login` only for an ADMIN, who issues the tokens of devices."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    actions: Annotated[list[Action], Field(min_length=1, max_length=len(Action))]
    days: Annotated[int, Field(ge=1, le=MAX_TOKEN_DAYS)]
    login: Annotated[str, Field(pattern=LOGIN_PATTERN)] | None = None


def account_document(account: Account) -> dict[str, Any]:
    """An account without its password's hash."""
    return {
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "area": account.area,
        "department": account.department,
        "person": account.person,
        "subject": account.subject,
        "active": account.active,
        "has_password": account.password_hash is not None,
        "version": account.version,
    }


def token_document(token: Token, zone: ZoneInfo) -> dict[str, Any]:
    """A token without its digest."""
    return {
        "number": token.number,
        "login": token.account.login,
        "name": token.name,
        "actions": sorted(token.actions),
        "created_at": token.created_at.astimezone(zone),
        "expires_at": token.expires_at.astimezone(zone),
    }


def entry_document(number: int, entry: AuditEntry, zone: ZoneInfo) -> dict[str, Any]:
    """An entry of the audit log."""
    return {
        "number": number,
        "at": entry.at.astimezone(zone),
        "login": entry.login,
        "role": entry.role.value,
        "action": entry.action,
        "target": entry.target,
        "details": entry.details,
        "request": entry.request,
    }
