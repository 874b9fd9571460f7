"""Reading accounts, sessions, tokens and the audit log."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, func, select, union_all
from sqlalchemy import Row as SqlRow

from gridsvc.model.accounts import Account, AccountRole, Action, AuditEntry, Session, Token
from gridsvc.store.account_tables import account, attempt, audit, session, token
from gridsvc.store.database import Database

_SESSIONS = select(session, account).join_from(session, account, session.c.login == account.c.login)
_TOKENS = select(token, account).join_from(token, account, token.c.login == account.c.login)


class Accounts:
    """The part of the store that answers `AccountStore`."""

    _database: Database

    def find_account(self, login: str) -> Account | None:
        """Active or not."""
        return self._find_account(select(account).where(account.c.login == login))

    def find_account_of_subject(self, subject: str) -> Account | None:
        """Active or not."""
        return self._find_account(select(account).where(account.c.subject == subject))

    def list_accounts(self) -> list[Account]:
        """By login."""
        with self._database.read() as connection:
            return [decode_account(row) for row in connection.execute(select(account).order_by(account.c.login))]

    def find_session(self, digest: str, now: datetime) -> Session | None:
        """None when it has expired or its account is closed."""
        wanted = _SESSIONS.where(session.c.digest == digest, *_open_sessions(now))
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        return Session(
            digest=row.digest,
            account=decode_account(row),
            csrf=row.csrf,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )

    def find_token(self, digest: str, now: datetime) -> Token | None:
        """None when it has expired, was revoked, or its account is closed."""
        with self._database.read() as connection:
            row = connection.execute(_working(now).where(token.c.digest == digest)).first()
        return None if row is None else _decode_token(row)

    def list_versions(self, digests: Collection[str], now: datetime) -> dict[str, int]:
        """By digest, of those that are found."""
        sessions = select(session.c.digest, account.c.version).join_from(session, account)
        tokens = select(token.c.digest, account.c.version).join_from(token, account)
        wanted = union_all(
            sessions.where(session.c.digest.in_(digests), *_open_sessions(now)),
            tokens.where(token.c.digest.in_(digests), *_working_tokens(now)),
        )
        with self._database.read() as connection:
            return {row.digest: row.version for row in connection.execute(wanted)}

    def list_tokens(self, login: str | None, now: datetime) -> list[Token]:
        """By number."""
        wanted = _working(now).order_by(token.c.number)
        if login is not None:
            wanted = wanted.where(token.c.login == login)
        with self._database.read() as connection:
            return [_decode_token(row) for row in connection.execute(wanted)]

    def count_attempts(self, *, login: str | None, address: str | None, since: datetime) -> int:
        """Of a login, from an address, or both."""
        with self._database.read() as connection:
            return count_of_attempts(connection, login, address, since)

    def list_audit(
        self, *, before: int | None, limit: int, login: str | None = None, target: str | None = None
    ) -> list[tuple[int, AuditEntry]]:
        """Newest first."""
        wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if login is not None:
            wanted = wanted.where(audit.c.login == login)
        if target is not None:
            wanted = wanted.where(audit.c.target == target)
        if before is not None:
            wanted = wanted.where(audit.c.id < before)
        with self._database.read() as connection:
            return [(row.id, _decode_entry(row)) for row in connection.execute(wanted)]

    def _find_account(self, wanted: Select[Any]) -> Account | None:
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else decode_account(row)


def count_of_attempts(connection: Connection, login: str | None, address: str | None, since: datetime) -> int:
    """Of a login, from an address, or both."""
    wanted = select(func.count()).select_from(attempt).where(attempt.c.at > since)
    if login is not None:
        wanted = wanted.where(attempt.c.login == login)
    if address is not None:
        wanted = wanted.where(attempt.c.address == address)
    return connection.scalar(wanted) or 0


def decode_account(row: SqlRow[Any]) -> Account:
    """An account out of a row that holds its columns."""
    names = ("login", "area", "department", "person", "password_hash", "subject", "active", "version")
    given = {name: getattr(row, name) for name in names}
    columns = row._mapping  # noqa: SLF001  SQLAlchemy's public name for it
    return Account(name=columns[account.c.name], role=AccountRole(row.role), **given)


def _open_sessions(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return session.c.expires_at > now, account.c.active


def _working_tokens(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return token.c.expires_at > now, token.c.revoked_at.is_(None), account.c.active


def _working(now: datetime) -> Select[Any]:
    return _TOKENS.where(*_working_tokens(now))


def _decode_token(row: SqlRow[Any]) -> Token:
    columns = row._mapping  # noqa: SLF001  SQLAlchemy's public name for it
    return Token(
        number=row.number,
        digest=row.digest,
        account=decode_account(row),
        name=columns[token.c.name],
        actions=frozenset(Action(name) for name in orjson.loads(row.actions)),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def encode_entry(entry: AuditEntry) -> dict[str, Any]:
    """All columns of a line in the audit log but the id."""
    return {
        "at": entry.at,
        "login": entry.login,
        "role": entry.role,
        "action": entry.action,
        "target": entry.target,
        "details": orjson.dumps(entry.details).decode(),
        "request": entry.request,
    }


def _decode_entry(row: SqlRow[Any]) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        login=row.login,
        role=AccountRole(row.role),
        action=row.action,
        target=row.target,
        details=orjson.loads(row.details),
        request=row.request,
    )
