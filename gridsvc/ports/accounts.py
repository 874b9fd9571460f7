"""What the service needs to know of accounts. Secrets are known by their digests only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from gridsvc.model.accounts import Account, AuditEntry, Session, Token


class AccountStore(Protocol):
    """Reading accounts, sessions, tokens and the audit log."""

    def find_account(self, login: str) -> Account | None:
        """An account by its login, active or not."""

    def find_account_of_subject(self, subject: str) -> Account | None:
        """An account by the name under which another service knows it (OpenID Connect: issuer and subject)."""

    def list_accounts(self) -> list[Account]:
        """All accounts by login."""

    def find_session(self, digest: str, now: datetime) -> Session | None:
        """A session that has not expired, of an active account."""

    def find_token(self, digest: str, now: datetime) -> Token | None:
        """A token that has not expired and was not revoked, of an active account."""

    def list_versions(self, digests: Collection[str], now: datetime) -> dict[str, int]:
        """By digest the version of the account of each session and token that `find_session` or `find_token` finds."""

    def list_tokens(self, login: str | None, now: datetime) -> list[Token]:
        """Tokens that still work, of one account or of all, by number."""

    def count_attempts(self, *, login: str | None, address: str | None, since: datetime) -> int:
        """Failed attempts to sign in since an instant, of a login, from an address, or both."""

    def list_audit(
        self, *, before: int | None, limit: int, login: str | None = None, target: str | None = None
    ) -> list[tuple[int, AuditEntry]]:
        """Entries of the audit log with their ids, newest first: with smaller ids than `before`, of a login, about a
        target.
        """


class AccountWork(Protocol):
    """Changes of accounts, in the transaction of a `Work`."""

    def lock_accounts(self) -> dict[str, Account]:
        """All accounts by login, which nobody else changes until this transaction ends: to be called before a change
        that depends on others.
        """

    def lock_account(self, login: str) -> Account | None:
        """One account as it is now; nobody changes it until this transaction ends."""

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one of the same login."""

    def add_session(self, session: Session) -> None:
        """Keep a new session; expired ones go."""

    def end_session(self, digest: str) -> None:
        """Forget a session."""

    def end_sessions_of(self, login: str) -> None:
        """Forget all sessions of an account."""

    def add_token(self, token: Token) -> Token:
        """Keep a new token (its number is 0) and return it with its number."""

    def revoke_token(self, number: int, now: datetime) -> None:
        """Let a token work no more."""

    def revoke_tokens_of(self, login: str, now: datetime) -> None:
        """Let no token of an account work any more."""

    def note_attempt(self, login: str, address: str, now: datetime, forget_before: datetime) -> None:
        """Count an attempt to sign in as failed; older ones than `forget_before` go. One transaction at a time does."""

    def count_attempts(self, *, login: str | None, address: str | None, since: datetime) -> int:
        """As `AccountStore.count_attempts`, with what this transaction noted."""

    def clear_attempts(self, login: str, address: str) -> None:
        """Forget the failed attempts of a login from an address, after one that worked."""

    def log(self, entries: Sequence[AuditEntry]) -> None:
        """Add to the audit log."""
