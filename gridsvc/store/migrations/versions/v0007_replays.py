"""Which edition a draft became, and of which draft, as it was at which revision, another one is the replay."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("draft", sa.Column("edition", sa.Integer))
    op.add_column("draft", sa.Column("replay_of", sa.Integer))
    op.add_column("draft", sa.Column("replayed_revision", sa.Integer))
    # A draft was published onto the newest edition alone, which it was based on.
    op.execute("UPDATE draft SET edition = based_on + 1 WHERE state = 'PUBLISHED'")


def downgrade() -> None:
    op.drop_column("draft", "replayed_revision")
    op.drop_column("draft", "replay_of")
    op.drop_column("draft", "edition")
