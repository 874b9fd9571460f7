"""What killed work left and nothing refers to: deleted at `db upgrade`, in chunks, while others may be at work.

A chunk of an import writes its features and the changes that refer to them in one transaction, so a version without a
change and without a span is nobody's. Rows of an unfinished revision of an open draft are left to the next change
there, and an unfinished batch of the roster to its writer, until it is a day old.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, select

from gridsvc.model.edition import DraftState
from gridsvc.store.bulk import delete_many
from gridsvc.store.database import Database
from gridsvc.store.pages import iter_pages
from gridsvc.store.rosters import turn_of_batch
from gridsvc.store.tables import draft, draft_change, draft_roster, feature, roster_log, roster_revision, span

GRACE = timedelta(days=1)
_FEATURES_LOCK = 7_011_959
"""Any number, as long as it is always the same: on PostgreSQL importers share it, a sweeper has it alone."""


def sweep(database: Database, now: datetime) -> None:
    """Delete leftovers of ended drafts, abandoned batches of the roster, then feature versions that nobody holds."""
    for table in (draft_change, draft_roster):
        ended = exists().where(
            draft.c.number == table.c.draft,
            draft.c.state != DraftState.OPEN.value,
            draft.c.revision < table.c.revision,
        )
        _delete_where(database, table, ended)
    with database.read() as connection:
        unfinished = and_(roster_revision.c.revision.is_(None), roster_revision.c.appended_at < now - GRACE)
        abandoned = connection.scalars(select(roster_revision.c.batch).where(unfinished)).all()
    for batch in abandoned:
        _sweep_batch(database, batch)
    _delete_where(database, feature, _held_by_nobody())


def keep_sweepers_out(connection: Connection) -> None:
    """Until this transaction ends a version that is there stays there, though nothing refers to it yet."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(_FEATURES_LOCK)))


def _sweep_batch(database: Database, number: int) -> None:
    turn = turn_of_batch(number)
    with database.write() as connection:
        turn.hold(connection)
    _delete_where(database, roster_log, roster_log.c.batch == number)
    with database.write() as connection:
        connection.execute(delete(roster_revision).where(roster_revision.c.batch == number))
        turn.release(connection)


def _held_by_nobody() -> ColumnElement[bool]:
    spans = exists().where(span.c.feature_id == feature.c.id)
    changes = exists().where(draft_change.c.feature_id == feature.c.id)
    return and_(~spans, ~changes)


def _delete_where(database: Database, table: Table, condition: ColumnElement[bool]) -> None:
    key = list(table.primary_key.columns)
    pages = iter_pages(database, select(*key).where(condition), *key)
    chunks = database.chunks(row for page in pages for row in page)
    for chunk, _ in chunks:
        with chunks.write() as connection:
            if not database.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_FEATURES_LOCK)))
            # Asked again: since the page was read, somebody may have laid the same version over a draft.
            delete_many(connection, table, chunk, condition)
