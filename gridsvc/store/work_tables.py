"""Tables of what leaves the process (outbox), of long work (jobs), and of replies to requests that may come again."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from gridsvc.store.column_types import CODE, ID, UtcDateTime
from gridsvc.store.tables import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("number", ID, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("topic", CODE, nullable=False),
    Column("body", Text, nullable=False),
    Column("areas", Text, nullable=False),
    Column("departments", Text, nullable=False),
    Column("made_by", CODE),
)

job = Table(
    "job",
    metadata,
    Column("number", ID, primary_key=True),
    Column("kind", CODE, nullable=False),
    Column("state", CODE, nullable=False, index=True),
    Column("made_by", CODE, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("input", Text, nullable=False),
    Column("draft", ID, index=True),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("findings", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("lease", CODE),
    Column("leased_until", UtcDateTime),
    Column("ended_at", UtcDateTime),
)

reply = Table(
    "reply",
    metadata,
    Column("login", CODE, primary_key=True),
    Column("route", CODE, primary_key=True),
    Column("key", CODE, primary_key=True),
    Column("body_digest", CODE, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_reply_at", "at"),
)
