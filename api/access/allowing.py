"""Who asks, and whether they may: sessions of browsers, tokens of programs, and the rights of their roles.

What was looked up is kept for some seconds, so that a busy console does not ask the database before every answer;
an account that is closed or a token that is revoked elsewhere therefore works on for at most that long.
"""

import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request

from api.bootstrap import Services
from api.http.errors import RequestProblem
from api.http.headers import PERSONAL
from api.http.problems import CROSS_SITE
from gridsvc.accounts.readings import Readings
from gridsvc.accounts.rights import Opening, check_right, is_within, reach
from gridsvc.accounts.secrets import digest_of
from gridsvc.errors import Busy, NotAllowed, NotReady, SignInRequired
from gridsvc.model.accounts import Action, AuditEntry, Caller, Reach, Session
from gridsvc.model.territory import Layer

SESSION_COOKIE = "gridsvc_session"
CSRF_HEADER = "X-CSRF-Token"
KEPT_S = 5.0
BELIEVED_S = 900.0
"""How long after that, while the database does not answer; nothing can be changed then anyway."""
MAX_KEPT = 10_000
_TELLING = (b"authorization", b"cookie")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
VISITOR = Caller()


@dataclass(frozen=True, slots=True)
class Known:
    """A caller as looked up, with the session where there is one; `expires_at` is the session's or the token's."""

    caller: Caller
    session: Session | None
    until: float
    expires_at: datetime


class Callers:
    """The callers of one process, by the digest of their secret; what changes them is called from any thread."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, Known] = {}
        self._lock, self._forgotten = threading.Lock(), 0

    @property
    def changes(self) -> int:
        """How often somebody was forgotten: whoever was looked up since the last time is as they were."""
        return self._forgotten

    async def find(self, request: Request) -> Known | None:
        """Who the request's secrets belong to; None for a visitor. Raises SignInRequired for a token of nobody."""
        name = secret_of(request)
        known = None if name is None else await self._look_up(name)
        if known is None and name is not None and name.startswith("token "):
            raise SignInRequired("The token is unknown, has expired or was revoked.")
        return known

    def forget(self) -> None:
        """Look everybody up again: an account or a token was changed."""
        with self._lock:
            self._known.clear()
            self._forgotten += 1

    def forget_session(self, digest: str) -> None:
        """Look one up again: it has ended."""
        with self._lock:
            self._known.pop("session " + digest, None)
            self._forgotten += 1

    def doubt(self, name: str) -> None:
        """Look one up again, by `secret_of` their requests: it may have been changed elsewhere."""
        with self._lock:
            self._known.pop(name, None)

    async def _look_up(self, name: str) -> Known | None:
        known = self._known.get(name)
        if known is not None and time.monotonic() < known.until:
            return known
        if known is not None and not self._services.serving.is_following and self._may_outlast(known):
            return known
        forgotten = self._forgotten
        try:
            found = await to_thread.run_sync(self._read, name)
        except (Busy, NotReady):
            if known is not None and self._may_outlast(known):
                return known
            raise
        self._keep(name, found, forgotten)
        return found

    def _keep(self, name: str, found: Known | None, forgotten: int) -> None:
        """What was being read while somebody was forgotten may be of before: it serves one answer and is not kept."""
        with self._lock:
            self._known.pop(name, None)
            if found is None or forgotten != self._forgotten:
                return
            if len(self._known) >= MAX_KEPT:
                del self._known[next(iter(self._known))]
            self._known[name] = found

    def _may_outlast(self, known: Known) -> bool:
        """Whether a caller whom the database cannot confirm just now is still believed: answers go on without it."""
        return known.expires_at > self._services.settings.now() and time.monotonic() < known.until + BELIEVED_S

    def _read(self, name: str) -> Known | None:
        kind, _, digest = name.partition(" ")
        store, now, until = self._services.store, self._services.settings.now(), time.monotonic() + KEPT_S
        if kind == "token":
            token = store.find_token(digest, now)
            return None if token is None else Known(Caller(token.account, token.actions), None, until, token.expires_at)
        session = store.find_session(digest, now)
        return None if session is None else Known(Caller(session.account), session, until, session.expires_at)


def secret_of(request: Request) -> str | None:
    """What a request comes with to show who asks: its kind and digest, with a space between; None for nothing."""
    if not any(name in _TELLING for name, _ in request.scope["headers"]):
        return None  # before headers are made into what can be asked for them: most have none of these
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise SignInRequired("Only bearer tokens are understood: Authorization: Bearer …")
        return "token " + digest_of(secret.strip())
    cookie = request.cookies.get(SESSION_COOKIE)
    return "session " + digest_of(cookie) if cookie else None


async def caller_of(request: Request) -> Caller:
    """Who asks. Raises RequestProblem for a change that another site may have made the browser send."""
    callers: Callers = request.app.state.callers
    request.scope.setdefault("state", {})[PERSONAL] = True
    known = await callers.find(request)
    if known is None:
        return VISITOR
    request.scope.setdefault("state", {})["role"] = known.caller.role.value  # for the log
    if known.session is not None and request.method not in SAFE_METHODS:
        check_origin(request)
        if not secrets.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), known.session.csrf.encode()):
            raise RequestProblem(CROSS_SITE, f"Send the session's csrf token as {CSRF_HEADER}.")
    return known.caller


def check_origin(request: Request) -> None:
    """Refuse what a page of another site sends. Browsers say where a request comes from; programs do not."""
    origin = request.headers.get("origin")
    foreign = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if foreign or request.headers.get("sec-fetch-site") == "cross-site":
        raise RequestProblem(CROSS_SITE, "This was sent by a page of another site.")


@dataclass(frozen=True, slots=True)
class Access:
    """A request that was let through: the services, who asks, how far the asked right reaches, and the request's id."""

    services: Services
    caller: Caller
    far: Reach
    readings: Readings | None = None
    request: str | None = None

    def may(self, action: Action) -> bool:
        """Whether the caller may do something else too, as far as that reaches at all."""
        return self.reach(action) is not Reach.NONE

    def reach(self, action: Action) -> Reach:
        """How far another right of the caller reaches."""
        return reach(self.caller, action, opening_of(self.services))

    def note_reading(self, action: Action, whose: Collection[str]) -> None:
        """Have the audit log say that personal data were read: `whose` are codes of people, or names of things that
        tell of some, such as "incident 7". What a visitor reads is invented: only the demo shows them any.
        """
        if whose and self.readings is not None:
            self.readings.note(self.caller, action, whose, self.request)

    def covers(self, *, areas: Collection[str], departments: Collection[str] = (), made_by: str | None = None) -> bool:
        """Whether a thing lies within the reach of the asked right."""
        return is_within(self.caller, self.far, areas=areas, departments=departments, made_by=made_by)

    def check_covers(
        self, *, areas: Collection[str], departments: Collection[str] = (), made_by: str | None = None
    ) -> None:
        """Raise NotAllowed for a thing beyond the reach of the asked right."""
        if not self.covers(areas=areas, departments=departments, made_by=made_by):
            msg = "This lies outside your territory or department."
            raise NotAllowed(msg, zh="不在您的辖区或部门范围内。", areas=list(areas))


def opening_of(services: Services) -> Opening:
    """What visitors may do here."""
    return Opening(public=services.settings.public_read, demo=services.settings.demo)


def allow(action: Action, instead: Action | None = None) -> Callable[[Request], Awaitable[Access]]:
    """A dependency that lets who may do this, or another thing that implies it, through. `async`: a plain one would
    take a thread.
    """

    async def check(request: Request) -> Access:
        services: Services = request.app.state.services
        caller = await caller_of(request)
        opening = opening_of(services)
        far = Reach.NONE if instead is None else reach(caller, instead, opening)
        if far is Reach.NONE:
            far = check_right(caller, action, opening)
        return Access(services, caller, far, request.app.state.readings, request_id_of(request))

    return check


def record(
    services: Services, caller: Caller, action: str, target: str, details: dict[str, object], request: str | None
) -> AuditEntry:
    """An entry for the audit log; `request` is the request's id."""
    at = services.settings.now()
    return AuditEntry(
        at=at, login=caller.login, role=caller.role, action=action, target=target, details=details, request=request
    )


def request_id_of(request: Request) -> str | None:
    """The id under which the answer is sent and the request is logged."""
    given: str | None = request.scope.get("state", {}).get("request_id")
    return given


def services_of(request: Request) -> Services:
    """The services that this application was made with."""
    services: Services = request.app.state.services
    return services


RIGHT_OF_LAYER = {
    Layer.AREAS: Action.READ_LAYERS,
    Layer.CELLS: Action.READ_LAYERS,
    Layer.GROUPS: Action.READ_LAYERS,
    Layer.SEGMENTS: Action.READ_LAYERS,
    Layer.COMPONENTS: Action.READ_COMPONENTS,
    Layer.PLACES: Action.READ_PLACES,
}
"""What one must be allowed to see a layer. Of components not all: `api.access.guarded`."""
CallerOf = Annotated[Caller, Depends(caller_of)]
MayManageAccounts = Annotated[Access, Depends(allow(Action.MANAGE_ACCOUNTS))]
MayIssueTokens = Annotated[Access, Depends(allow(Action.ISSUE_TOKENS))]
MayReadAudit = Annotated[Access, Depends(allow(Action.READ_AUDIT))]
MayReadEditions = Annotated[Access, Depends(allow(Action.READ_EDITIONS))]
MayReadLayers = Annotated[Access, Depends(allow(Action.READ_LAYERS))]
MayReadRoster = Annotated[Access, Depends(allow(Action.READ_ROSTER))]
MayResolve = Annotated[Access, Depends(allow(Action.RESOLVE))]
