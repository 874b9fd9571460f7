"""Who works with the service: accounts with a role and a scope, and what a role may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccountRole(StrEnum):
    """What an account is for. VISITOR is nobody signed in; DEVICE is a sensor or a program."""

    VISITOR = "VISITOR"
    ADMIN = "ADMIN"
    PLANNER = "PLANNER"
    ROSTER_CLERK = "ROSTER_CLERK"
    ACCEPTOR = "ACCEPTOR"
    DISPATCHER = "DISPATCHER"
    DUTY_CHIEF = "DUTY_CHIEF"
    INSPECTOR = "INSPECTOR"
    HANDLER = "HANDLER"
    LANE_CHIEF = "LANE_CHIEF"
    GRID_OFFICER = "GRID_OFFICER"
    COLLECTOR = "COLLECTOR"
    STEWARD = "STEWARD"
    DEVICE = "DEVICE"


class Action(StrEnum):
    """What can be done or read; `gridsvc/accounts/rights.toml` says by whom."""

    READ_EDITIONS = "READ_EDITIONS"
    READ_LAYERS = "READ_LAYERS"
    RESOLVE = "RESOLVE"
    READ_PLACES = "READ_PLACES"
    READ_CATEGORIES = "READ_CATEGORIES"
    READ_COMPONENTS = "READ_COMPONENTS"
    READ_GUARDED_COMPONENTS = "READ_GUARDED_COMPONENTS"
    READ_STAFF = "READ_STAFF"
    READ_PHONES = "READ_PHONES"
    READ_ROSTER = "READ_ROSTER"
    READ_INCIDENTS = "READ_INCIDENTS"
    READ_CONTACTS = "READ_CONTACTS"
    READ_TRACKS = "READ_TRACKS"
    READ_DISPUTES = "READ_DISPUTES"
    READ_DRAFTS = "READ_DRAFTS"
    READ_JOBS = "READ_JOBS"
    READ_AUDIT = "READ_AUDIT"
    READ_METRICS = "READ_METRICS"
    RECORD_INCIDENT = "RECORD_INCIDENT"
    SEND_FIXES = "SEND_FIXES"
    DISPUTE = "DISPUTE"
    DETERMINE = "DETERMINE"
    WRITE_ROSTER = "WRITE_ROSTER"
    EDIT_DRAFTS = "EDIT_DRAFTS"
    PUBLISH = "PUBLISH"
    MANAGE_ACCOUNTS = "MANAGE_ACCOUNTS"
    ISSUE_TOKENS = "ISSUE_TOKENS"


class Reach(StrEnum):
    """How far a right goes: nowhere, what one made oneself, one's territory and department, the whole city."""

    NONE = "NONE"
    OWN = "OWN"
    SCOPE = "SCOPE"
    ALL = "ALL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`area` and `department` are codes that limit rights of reach SCOPE; None: the whole city, every department.

    `person` is the account's row in the roster. `password_hash` is None where only another service signs it in;
    `subject` is then its name there: a verified e-mail address, or issuer#subject. `version` counts changes.
    """

    login: str
    name: str
    role: AccountRole
    area: str | None = None
    department: str | None = None
    person: str | None = None
    password_hash: str | None = None
    subject: str | None = None
    active: bool = True
    version: int = 1

    @property
    def can_sign_in(self) -> bool:
        """Whether somebody can show to be this; the demo's accounts are only switched to."""
        return self.active and (self.password_hash is not None or self.subject is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in. Only the digest (SHA-256, hex) of the cookie's value is kept."""

    digest: str
    account: Account
    csrf: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token of a device or a program; `actions` limits it further than its account's role does."""

    number: int
    digest: str
    account: Account
    name: str
    actions: frozenset[Action]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: nobody signed in (`account` None), a session, or a token with its own limits (`actions`)."""

    account: Account | None = None
    actions: frozenset[Action] | None = None

    @property
    def role(self) -> AccountRole:
        """The account's role, VISITOR without one."""
        return AccountRole.VISITOR if self.account is None else self.account.role

    @property
    def login(self) -> str | None:
        """The account's name for signing in, which is also its name in records."""
        return None if self.account is None else self.account.login


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something that was done, or personal data that were read. `target` names the thing, `details` is JSON-ready."""

    at: datetime
    login: str | None
    role: AccountRole
    action: str
    target: str
    details: dict[str, object]
    request: str | None = None
