"""Outbox, jobs and replies."""

import sqlalchemy as sa
from alembic import op

from gridsvc.store.column_types import CODE, ID, UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _create_outbox()
    _create_job()
    _create_reply()


def downgrade() -> None:
    for table in ("reply", "job", "outbox"):
        op.drop_table(table)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("number", ID, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("topic", CODE, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("areas", sa.Text, nullable=False),
        sa.Column("departments", sa.Text, nullable=False),
        sa.Column("made_by", CODE),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
    )
    op.create_index("ix_outbox_at", "outbox", ["at"])


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("number", ID),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("made_by", CODE, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("input", sa.Text, nullable=False),
        sa.Column("draft", ID),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", CODE),
        sa.Column("leased_until", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.PrimaryKeyConstraint("number", name="pk_job"),
    )
    op.create_index("ix_job_draft", "job", ["draft"])
    op.create_index("ix_job_made_by", "job", ["made_by"])
    op.create_index("ix_job_state", "job", ["state"])


def _create_reply() -> None:
    op.create_table(
        "reply",
        sa.Column("login", CODE),
        sa.Column("route", CODE),
        sa.Column("key", CODE),
        sa.Column("body_digest", CODE, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("login", "route", "key", name="pk_reply"),
    )
    op.create_index("ix_reply_at", "reply", ["at"])
