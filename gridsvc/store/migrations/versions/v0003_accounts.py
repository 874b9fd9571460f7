"""Accounts, sessions, tokens, attempts and the audit log."""

import sqlalchemy as sa
from alembic import op

from gridsvc.store.audit_guard import guard_audit, unguard_audit
from gridsvc.store.column_types import CODE, ID, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _create_account()
    _create_session()
    _create_token()
    _create_attempt()
    _create_audit()
    guard_audit(op.get_bind())


def downgrade() -> None:
    unguard_audit(op.get_bind())
    for table in ("audit", "attempt", "token", "session", "account"):
        op.drop_table(table)


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("login", CODE),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("area", CODE),
        sa.Column("department", CODE),
        sa.Column("person", CODE),
        sa.Column("password_hash", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_account"),
        sa.UniqueConstraint("subject", name="uq_account"),
    )


def _create_session() -> None:
    op.create_table(
        "session",
        sa.Column("digest", CODE),
        sa.Column("login", CODE, nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_session"),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name="fk_session_login"),
    )
    op.create_index("ix_session_expires_at", "session", ["expires_at"])
    op.create_index("ix_session_login", "session", ["login"])


def _create_token() -> None:
    op.create_table(
        "token",
        sa.Column("number", ID),
        sa.Column("digest", CODE, nullable=False),
        sa.Column("login", CODE, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("actions", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.PrimaryKeyConstraint("number", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token"),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name="fk_token_login"),
    )
    op.create_index("ix_token_login", "token", ["login"])


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", ID),
        sa.Column("login", CODE, nullable=False),
        sa.Column("address", CODE, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_address_at", "attempt", ["address", "at"])
    op.create_index("ix_attempt_login_at", "attempt", ["login", "at"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("login", CODE),
        sa.Column("role", CODE, nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("target", CODE, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("request", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_login", "audit", ["login"])
    op.create_index("ix_audit_target", "audit", ["target"])
