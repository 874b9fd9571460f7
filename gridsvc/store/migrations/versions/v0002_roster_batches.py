"""Roster rows belong to a batch, which gets its revision when all of them are written.

Until then a batch is invisible, so that a large one can be written in many small transactions. The indexes find what
killed work left: unfinished roster changes of a draft, and who refers to a version.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_DROP_UNFINISHED = (
    "DELETE FROM roster_log WHERE batch IN (SELECT r.batch FROM roster_revision r WHERE r.revision IS NULL)"
)
_NUMBER = "UPDATE roster_log SET batch = -(SELECT r.revision FROM roster_revision r WHERE r.batch = roster_log.batch)"


def upgrade() -> None:
    op.execute("ALTER TABLE roster_revision RENAME COLUMN revision TO batch")
    op.execute("ALTER TABLE roster_log RENAME COLUMN revision TO batch")
    op.add_column("roster_revision", sa.Column("revision", sa.Integer))
    op.execute("UPDATE roster_revision SET revision = batch")
    op.create_index("ix_roster_revision_revision", "roster_revision", ["revision"], unique=True)
    op.create_index("ix_draft_roster_draft_revision", "draft_roster", ["draft", "revision"])
    op.create_index("ix_draft_change_feature_id", "draft_change", ["feature_id"])


def downgrade() -> None:
    """Unfinished batches go; the others are numbered as their revisions are, past each other by way of negatives."""
    op.execute(_DROP_UNFINISHED)
    op.execute("DELETE FROM roster_revision WHERE revision IS NULL")
    op.drop_index("ix_draft_change_feature_id", "draft_change")
    op.drop_index("ix_draft_roster_draft_revision", "draft_roster")
    op.drop_index("ix_roster_revision_revision", "roster_revision")
    _drop_reference()
    op.execute(_NUMBER)
    op.execute("UPDATE roster_log SET batch = -batch")
    op.execute("UPDATE roster_revision SET batch = -revision")
    op.execute("UPDATE roster_revision SET batch = -batch")
    _add_reference()
    op.drop_column("roster_revision", "revision")
    op.execute("ALTER TABLE roster_log RENAME COLUMN batch TO revision")
    op.execute("ALTER TABLE roster_revision RENAME COLUMN batch TO revision")


def _drop_reference() -> None:
    # SQLite migrates without checking references, and can drop none.
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_roster_log_revision", "roster_log", type_="foreignkey")


def _add_reference() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key("fk_roster_log_revision", "roster_log", "roster_revision", ["batch"], ["batch"])
