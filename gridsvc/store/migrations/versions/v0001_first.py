"""All tables of the first release."""

import sqlalchemy as sa
from alembic import op

from gridsvc.store.box_index import drop_box_index, rebuild_box_index
from gridsvc.store.column_types import CODE, ID, WKB, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_territory()
    _create_spans()
    _create_drafts()
    _create_roster()
    _create_bookkeeping()
    rebuild_box_index(op.get_bind())


def downgrade() -> None:
    drop_box_index(op.get_bind())
    for table in (
        "turn",
        "acceptance",
        "roster_log",
        "roster_revision",
        "draft_roster",
        "draft_change",
        "draft",
        "span",
        "feature",
        "edition",
    ):
        op.drop_table(table)


def _box(*, nullable: bool) -> list[sa.Column[float]]:
    return [sa.Column(side, sa.Double, nullable=nullable) for side in ("west", "south", "east", "north")]


def _create_territory() -> None:
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer, autoincrement=False),
        sa.Column("effective_from", UtcDateTime, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("crs", sa.Text, nullable=False),
        *_box(nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("restored_from", sa.Integer),
        sa.Column("comment", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_edition"),
        sa.ForeignKeyConstraint(["restored_from"], ["edition.number"], name="fk_edition_restored_from"),
    )
    op.create_table(
        "feature",
        sa.Column("id", ID),
        sa.Column("layer", CODE, nullable=False),
        sa.Column("scheme", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("attributes", sa.Text, nullable=False),
        sa.Column("geometry", WKB),
        *_box(nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feature"),
        sa.UniqueConstraint("layer", "scheme", "code", "content_hash", name="uq_feature"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_feature_geometry", "feature", ["geometry"], postgresql_using="gist")


def _create_spans() -> None:
    op.create_table(
        "span",
        sa.Column("feature_id", ID, autoincrement=False),
        sa.Column("first_edition", sa.Integer, autoincrement=False),
        sa.Column("last_edition", sa.Integer),
        sa.PrimaryKeyConstraint("feature_id", "first_edition", name="pk_span"),
        sa.ForeignKeyConstraint(["feature_id"], ["feature.id"], name="fk_span_feature_id"),
    )
    op.create_index("ix_span_first_edition", "span", ["first_edition"])
    op.create_index("ix_span_last_edition", "span", ["last_edition"])


def _create_drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("number", ID),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("crs", sa.Text),
        sa.Column("comment", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_draft"),
    )
    op.create_table(
        "draft_change",
        sa.Column("draft", ID, autoincrement=False),
        sa.Column("layer", CODE),
        sa.Column("scheme", CODE),
        sa.Column("code", CODE),
        sa.Column("revision", sa.Integer, autoincrement=False),
        sa.Column("feature_id", ID),
        sa.PrimaryKeyConstraint("draft", "layer", "scheme", "code", "revision", name="pk_draft_change"),
        sa.ForeignKeyConstraint(["draft"], ["draft.number"], name="fk_draft_change_draft"),
        sa.ForeignKeyConstraint(["feature_id"], ["feature.id"], name="fk_draft_change_feature_id"),
    )
    op.create_index("ix_draft_change_draft_revision", "draft_change", ["draft", "revision"])
    op.create_table(
        "draft_roster",
        sa.Column("draft", ID, autoincrement=False),
        sa.Column("table_name", CODE),
        sa.Column("key", CODE),
        sa.Column("revision", sa.Integer, autoincrement=False),
        sa.Column("row", sa.Text),
        sa.Column("geometry", WKB),
        sa.PrimaryKeyConstraint("draft", "table_name", "key", "revision", name="pk_draft_roster"),
        sa.ForeignKeyConstraint(["draft"], ["draft.number"], name="fk_draft_roster_draft"),
    )


def _create_roster() -> None:
    op.create_table(
        "roster_revision",
        sa.Column("revision", sa.Integer, autoincrement=False),
        sa.Column("appended_at", UtcDateTime, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_roster_revision"),
    )
    op.create_table(
        "roster_log",
        sa.Column("table_name", CODE),
        sa.Column("key", CODE),
        sa.Column("revision", sa.Integer, autoincrement=False),
        sa.Column("row", sa.Text),
        sa.Column("geometry", WKB),
        sa.PrimaryKeyConstraint("table_name", "key", "revision", name="pk_roster_log"),
        sa.ForeignKeyConstraint(["revision"], ["roster_revision.revision"], name="fk_roster_log_revision"),
    )


def _create_bookkeeping() -> None:
    op.create_table(
        "acceptance",
        sa.Column("id", ID),
        sa.Column("issue_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("accepted_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acceptance"),
    )
    op.create_table(
        "turn",
        sa.Column("name", sa.Text),
        sa.Column("token", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_turn"),
    )
