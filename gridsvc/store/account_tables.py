"""Tables of accounts, sessions, tokens, attempts to sign in, and the audit log, which triggers keep append-only."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from gridsvc.store.column_types import CODE, ID, UtcDateTime
from gridsvc.store.tables import metadata

account = Table(
    "account",
    metadata,
    Column("login", CODE, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", CODE, nullable=False),
    Column("area", CODE),
    Column("department", CODE),
    Column("person", CODE),
    Column("password_hash", Text),
    Column("subject", Text, unique=True),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("digest", CODE, primary_key=True),
    Column("login", CODE, ForeignKey("account.login"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

token = Table(
    "token",
    metadata,
    Column("number", ID, primary_key=True),
    Column("digest", CODE, nullable=False, unique=True),
    Column("login", CODE, ForeignKey("account.login"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("actions", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", ID, primary_key=True),
    Column("login", CODE, nullable=False),
    Column("address", CODE, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_attempt_login_at", "login", "at"),
    Index("ix_attempt_address_at", "address", "at"),
)
"""Failed ones only, for the rate limit; rows older than its longest window are deleted."""

audit = Table(
    "audit",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("login", CODE, index=True),
    Column("role", CODE, nullable=False),
    Column("action", CODE, nullable=False),
    Column("target", CODE, nullable=False, index=True),
    Column("details", Text, nullable=False),
    Column("request", Text),
)
