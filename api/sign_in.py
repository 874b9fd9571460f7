"""Signing in: passwords are tried slowly and seldom, sessions are new for every sign-in, and all of it is logged."""

from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore

from api.access import record
from api.bootstrap import Services
from gridsvc.accounts.secrets import digest_of, new_secret, verify_password
from gridsvc.errors import Busy, SignInRequired, TooOften
from gridsvc.model.accounts import Account, Caller, Session

HASHING_AT_ONCE = 2
"""Each takes 64 MB and a core for some 50 ms."""

WINDOW = timedelta(minutes=15)
PER_LOGIN_AND_ADDRESS, PER_LOGIN, PER_ADDRESS = 5, 50, 50
"""Failures within the window after which further ones are refused unheard; the first spares a login that others try."""

_hashing = BoundedSemaphore(HASHING_AT_ONCE)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and the secret that its cookie carries."""

    session: Session
    secret: str


def sign_in(services: Services, login: str, password: str, address: str, request: str | None) -> SignedIn:
    """Raises SignInRequired for a wrong pair, TooOften after too many of them."""
    _check_attempts(services, login, address)
    found = services.store.find_account(login)
    if not _fits(found, password):
        now = services.settings.now()
        with services.store.begin() as work:
            work.note_attempt(login, address, now, now - WINDOW)
            work.log([record(services, Caller(), "SIGN_IN_FAILED", login, {"address": address}, request)])
        raise SignInRequired("Login and password do not fit; try again.")
    assert found is not None  # noqa: S101  nothing fits without an account
    return open_session(services, found, address, request)


def open_session(services: Services, account: Account, address: str, request: str | None) -> SignedIn:
    """A session for somebody who has shown who they are."""
    now, secret = services.settings.now(), new_secret()
    session = Session(
        digest=digest_of(secret),
        account=account,
        csrf=new_secret(),
        created_at=now,
        expires_at=now + timedelta(hours=services.settings.session_hours),
    )
    with services.store.begin() as work:
        work.clear_attempts(account.login, address)
        work.add_session(session)
        work.log([record(services, Caller(account), "SIGN_IN", account.login, {"address": address}, request)])
    return SignedIn(session, secret)


def sign_out(services: Services, session: Session, request: str | None) -> None:
    """End a session."""
    account = session.account
    with services.store.begin() as work:
        work.end_session(session.digest)
        work.log([record(services, Caller(account), "SIGN_OUT", account.login, {}, request)])


def _check_attempts(services: Services, login: str, address: str) -> None:
    since = services.settings.now() - WINDOW
    count = services.store.count_attempts
    if (
        count(login=login, address=address, since=since) >= PER_LOGIN_AND_ADDRESS
        or count(login=login, address=None, since=since) >= PER_LOGIN
        or count(login=None, address=address, since=since) >= PER_ADDRESS
    ):
        minutes = WINDOW.total_seconds() / 60
        raise TooOften(
            f"Too many failed attempts to sign in: wait {minutes:.0f} minutes.",
            retry_after_s=int(WINDOW.total_seconds()),
        )


def _fits(account: Account | None, password: str) -> bool:
    if not _hashing.acquire(timeout=5):
        raise Busy("too many people are signing in; try again", retry_after_s=2)
    try:
        stored = None if account is None or not account.active else account.password_hash
        return verify_password(stored, password)
    finally:
        _hashing.release()
