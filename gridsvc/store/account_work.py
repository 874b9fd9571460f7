"""Changing accounts, sessions and tokens, and adding to the audit log."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

import orjson
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql

from gridsvc.errors import NotFound
from gridsvc.model.accounts import Account, AuditEntry, Session, Token
from gridsvc.store.account_tables import account, attempt, audit, session, token
from gridsvc.store.accounts import count_of_attempts, decode_account, encode_entry
from gridsvc.store.bulk import insert_together
from gridsvc.store.turns import take_turn


class AccountWork:
    """The part of a transaction that answers `gridsvc.ports.accounts.AccountWork`."""

    _connection: Connection

    def lock_accounts(self) -> dict[str, Account]:
        """By login."""
        take_turn(self._connection, "accounts")
        rows = self._connection.execute(select(account))
        return {row.login: decode_account(row) for row in rows}

    def lock_account(self, login: str) -> Account | None:
        """Active or not."""
        row = self._connection.execute(select(account).where(account.c.login == login).with_for_update()).first()
        return None if row is None else decode_account(row)

    def put_account(self, given: Account) -> None:
        """By its login."""
        values = asdict(given)
        # SQLite knows the same ON CONFLICT clause; its own construct differs from PostgreSQL's in nothing used here.
        added = postgresql.insert(account).values(values)
        kept = {name: value for name, value in values.items() if name != "login"}
        self._connection.execute(added.on_conflict_do_update(index_elements=["login"], set_=kept))

    def add_session(self, given: Session) -> None:
        """Expired ones go."""
        self._connection.execute(delete(session).where(session.c.expires_at <= given.created_at))
        values = {name: getattr(given, name) for name in ("digest", "csrf", "created_at", "expires_at")}
        self._connection.execute(insert(session).values(login=given.account.login, **values))

    def end_session(self, digest: str) -> None:
        """Nothing to do where it is gone already."""
        self._connection.execute(delete(session).where(session.c.digest == digest))

    def end_sessions_of(self, login: str) -> None:
        """All of an account."""
        self._connection.execute(delete(session).where(session.c.login == login))

    def add_token(self, given: Token) -> Token:
        """With the number that it gets."""
        added = insert(token).values(
            digest=given.digest,
            login=given.account.login,
            name=given.name,
            actions=orjson.dumps(sorted(given.actions)).decode(),
            created_at=given.created_at,
            expires_at=given.expires_at,
        )
        number = self._connection.scalar(added.returning(token.c.number))
        return replace(given, number=int(number or 0))

    def revoke_token(self, number: int, now: datetime) -> None:
        """Raises NotFound for one that was never issued."""
        done = self._connection.execute(update(token).where(token.c.number == number).values(revoked_at=now))
        if done.rowcount == 0:
            msg = f"there is no token {number}"
            raise NotFound(msg)

    def revoke_tokens_of(self, login: str, now: datetime) -> None:
        """Those that were revoked before keep their instant."""
        mine = (token.c.login == login) & token.c.revoked_at.is_(None)
        self._connection.execute(update(token).where(mine).values(revoked_at=now))

    def note_attempt(self, login: str, address: str, now: datetime, forget_before: datetime) -> None:
        """Older ones go. Who counts then, counts those of everybody who noted one before."""
        take_turn(self._connection, "attempts")
        self._connection.execute(delete(attempt).where(attempt.c.at < forget_before))
        self._connection.execute(insert(attempt).values(login=login, address=address, at=now))

    def count_attempts(self, *, login: str | None, address: str | None, since: datetime) -> int:
        """Of a login, from an address, or both."""
        return count_of_attempts(self._connection, login, address, since)

    def clear_attempts(self, login: str, address: str) -> None:
        """After one that worked."""
        mine = (attempt.c.login == login) & (attempt.c.address == address)
        self._connection.execute(delete(attempt).where(mine))

    def log(self, entries: Sequence[AuditEntry]) -> None:
        """In the transaction of what it tells about."""
        insert_together(self._connection, audit, [encode_entry(entry) for entry in entries])
