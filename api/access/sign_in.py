"""Signing in: passwords are tried slowly and seldom, sessions are new for every sign-in, and all of it is logged."""

from dataclasses import dataclass
from datetime import timedelta

from api.access.allowing import record
from api.access.password_turns import PasswordTurns
from api.bootstrap import Services
from api.http.askers import SITE, line_of
from gridsvc.accounts.manage import Doer, set_password
from gridsvc.accounts.secrets import digest_of, new_secret, verify_password
from gridsvc.errors import NotAllowed, SignInRequired, TooOften
from gridsvc.model.accounts import Account, Caller, Session

WINDOW = timedelta(minutes=15)
PER_LOGIN_AND_ADDRESS, PER_LOGIN, PER_ADDRESS = 5, 50, 50
"""Failures within the window after which further ones are refused unheard. What others try from elsewhere keeps nobody
out of an account for long: not from an address that it was signed in from lately.
"""
LATELY, MOST_LOOKED_AT = timedelta(days=30), 200
SIGN_IN = "SIGN_IN"


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody comes: the address, the request's id, and the digest of the session they had before."""

    address: str
    request: str | None
    old_session: str | None = None

    @property
    def line(self) -> str:
        """What attempts are counted by: the address, of IPv6 the network that one line has."""
        return line_of(self.address)

    @property
    def site(self) -> str:
        """What those who wait are counted by: lines of one site are chosen as freely as addresses of one line."""
        return line_of(self.address, SITE)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and the secret that its cookie carries."""

    session: Session
    secret: str


async def sign_in(services: Services, turns: PasswordTurns, login: str, password: str, visit: Visit) -> SignedIn:
    """Raises SignInRequired for a wrong pair, TooOften after too many of them, Busy where too many try at once."""

    def hear() -> SignedIn:
        found = services.store.find_account(login)
        stored = None if found is None or not found.active else found.password_hash
        if not verify_password(stored, password) or found is None:
            _log_failure(services, login, visit)
            raise SignInRequired("Login and password do not fit; try again.", zh="账号或密码不正确：请重试。")
        return open_session(services, found, visit)

    queue = await turns.queue_of(lambda: _is_usual(services, login, visit))
    with queue.awaited(login if queue is turns.usual else visit.site):
        await queue.count(lambda: count_attempt(services, login, visit))
        return await queue.hash(hear)


async def renew_password(
    services: Services, turns: PasswordTurns, doer: Doer, old: str, new: str, visit: Visit
) -> SignedIn:
    """A new password for who sits at a session and knows the old one: as slow and as seldom as signing in.

    All sessions of the account end but the one returned. Raises NotAllowed for another old password.
    """
    account = doer.caller.account
    if account is None:
        raise SignInRequired("Sign in to change your password.")

    def hear() -> SignedIn:
        if not verify_password(account.password_hash, old):
            _log_failure(services, account.login, visit)
            raise NotAllowed("The present password is another one.", zh="原密码不正确。")
        with services.store.begin() as work:
            work.clear_attempts(account.login, visit.line)
        return open_session(services, set_password(services.store, account.login, new, doer), visit)

    with turns.usual.awaited(account.login):
        await turns.usual.count(lambda: count_attempt(services, account.login, visit))
        return await turns.usual.hash(hear)


def open_session(services: Services, account: Account, visit: Visit) -> SignedIn:
    """A session for somebody who has shown who they are; the one that this browser had before ends.

    Raises SignInRequired where the account was closed, or its password or subject changed, since that was shown.
    """
    now, secret = services.settings.now(), new_secret()
    session = Session(
        digest=digest_of(secret),
        account=account,
        csrf=new_secret(),
        created_at=now,
        expires_at=now + timedelta(hours=services.settings.session_hours),
    )
    with services.store.begin() as work:
        present = work.lock_account(account.login)
        if present is None or not present.active or _proof_of(present) != _proof_of(account):
            raise SignInRequired(
                "The account was changed at this moment; sign in again.", zh="账号刚有变更：请重新登录。"
            )
        work.clear_attempts(account.login, visit.line)
        if visit.old_session is not None:
            work.end_session(visit.old_session)
        work.add_session(session)
        details: dict[str, object] = {"address": visit.address}
        work.log([record(services, Caller(account), SIGN_IN, account.login, details, visit.request)])
    return SignedIn(session, secret)


def sign_out(services: Services, session: Session, request: str | None) -> None:
    """End a session."""
    account = session.account
    with services.store.begin() as work:
        work.end_session(session.digest)
        work.log([record(services, Caller(account), "SIGN_OUT", account.login, {}, request)])


def count_attempt(services: Services, login: str, visit: Visit) -> None:
    """Count one before it is heard: of many at once no more than the limit are. Raises TooOften, and counts no refused
    one, so that nobody is kept out for ever.
    """
    now = services.settings.now()
    since = now - WINDOW
    with services.store.begin() as work:
        work.note_attempt(login, visit.line, now, since)
        count = work.count_attempts
        if count(login=login, address=visit.line, since=since) > PER_LOGIN_AND_ADDRESS or (
            max(
                count(login=None, address=visit.line, since=since) - PER_ADDRESS,
                count(login=login, address=None, since=since) - PER_LOGIN,
            )
            > 0
            and not _is_usual(services, login, visit)
        ):
            minutes = WINDOW.total_seconds() / 60
            raise TooOften(
                f"Too many failed attempts to sign in: wait {minutes:.0f} minutes.",
                zh=f"登录失败次数过多：请等待 {minutes:.0f} 分钟。",
                retry_after_s=int(WINDOW.total_seconds()),
            )


def _is_usual(services: Services, login: str, visit: Visit) -> bool:
    """Whether the account was signed in from there lately."""
    since = services.settings.now() - LATELY
    entries = services.store.list_audit(before=None, limit=MOST_LOOKED_AT, login=login, target=login)
    return any(
        entry.action == SIGN_IN and entry.at > since and line_of(str(entry.details["address"])) == visit.line
        for _, entry in entries
    )


def _proof_of(account: Account) -> tuple[str | None, str | None]:
    """What somebody shows to be this account."""
    return account.password_hash, account.subject


def _log_failure(services: Services, login: str, visit: Visit) -> None:
    details: dict[str, object] = {"address": visit.address}
    with services.store.begin() as work:
        work.log([record(services, Caller(), "SIGN_IN_FAILED", login, details, visit.request)])
