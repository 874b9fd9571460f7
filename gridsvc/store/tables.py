"""The tables, one set for both databases. Nothing in them is changed after it was acknowledged, only added.

A territory feature is kept once per content (`feature`); `span` says which editions hold it; a draft is a log of
changes over its base; the roster is a log of rows, written in batches. What has a number above the current one
(edition, draft revision) is unfinished or left over from a killed process: no reader sees it, the next writer clears
it. A batch of roster rows without a revision is so too; `sweeping` clears it when it is old.
"""

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from gridsvc.store.column_types import CODE, ID, WKB, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

edition = Table(
    "edition",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("effective_from", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("crs", Text, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("counts", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("restored_from", Integer, ForeignKey("edition.number")),
    Column("comment", Text, nullable=False),
)

feature = Table(
    "feature",
    metadata,
    Column("id", ID, primary_key=True),
    Column("layer", CODE, nullable=False),
    Column("scheme", CODE, nullable=False),
    Column("code", CODE, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("geometry", WKB),
    Column("west", Double),
    Column("south", Double),
    Column("east", Double),
    Column("north", Double),
    UniqueConstraint("layer", "scheme", "code", "content_hash"),
)
Index("ix_feature_geometry", feature.c.geometry, postgresql_using="gist").ddl_if(dialect="postgresql")

span = Table(
    "span",
    metadata,
    Column("feature_id", ID, ForeignKey("feature.id"), primary_key=True),
    Column("first_edition", Integer, primary_key=True, index=True),
    Column("last_edition", Integer, index=True),
)

draft = Table(
    "draft",
    metadata,
    Column("number", ID, primary_key=True),
    Column("based_on", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("crs", Text),
    Column("comment", Text, nullable=False),
    Column("edition", Integer),
    Column("replay_of", Integer),
    Column("replayed_revision", Integer),
)

draft_change = Table(
    "draft_change",
    metadata,
    Column("draft", ID, ForeignKey("draft.number"), primary_key=True),
    Column("layer", CODE, primary_key=True),
    Column("scheme", CODE, primary_key=True),
    Column("code", CODE, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("feature_id", ID, ForeignKey("feature.id"), index=True),
    Index("ix_draft_change_draft_revision", "draft", "revision"),
)
draft_roster = Table(
    "draft_roster",
    metadata,
    Column("draft", ID, ForeignKey("draft.number"), primary_key=True),
    Column("table_name", CODE, primary_key=True),
    Column("key", CODE, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("row", Text),
    Column("geometry", WKB),
    Index("ix_draft_roster_draft_revision", "draft", "revision"),
)

roster_log = Table(
    "roster_log",
    metadata,
    Column("table_name", CODE, primary_key=True),
    Column("key", CODE, primary_key=True),
    Column("batch", Integer, ForeignKey("roster_revision.batch", name="fk_roster_log_revision"), primary_key=True),
    Column("row", Text),
    Column("geometry", WKB),
)

roster_revision = Table(
    "roster_revision",
    metadata,
    Column("batch", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, unique=True, index=True),
    Column("appended_at", UtcDateTime, nullable=False),
    Column("comment", Text, nullable=False),
    Column("made_by", CODE),
)

acceptance = Table(
    "acceptance",
    metadata,
    Column("id", ID, primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("accepted_at", UtcDateTime, nullable=False),
)

turn = Table(
    "turn",
    metadata,
    Column("name", Text, primary_key=True),
    Column("token", Text, nullable=False),
)
