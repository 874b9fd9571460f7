"""What is kept for a time, and then goes: in small transactions, so that nobody waits for it.

Beside everything else: deleting with each write would cost each write, and nothing would go where nothing is written.
"""

from sqlalchemy import ColumnElement, Table, delete, exists, func, select, tuple_

from gridsvc.model.edition import DraftState
from gridsvc.ports.expiry import Kept
from gridsvc.store.case_tables import fix
from gridsvc.store.database import Database
from gridsvc.store.tables import draft
from gridsvc.store.work_tables import job, outbox, reply

AT_ONCE = 200


class Expiry:
    """The part of the store that answers `ExpiryStore`."""

    _database: Database

    def forget_old(self, kept: Kept) -> int:
        """A transaction for each table."""
        newest = select(func.max(outbox.c.number)).scalar_subquery()
        is_edited = exists().where(draft.c.number == job.c.draft, draft.c.state == DraftState.OPEN.value)
        wanted: list[tuple[Table, ColumnElement[bool]]] = [
            (reply, reply.c.at < kept.replies_since),
            # The newest message stays whatever its age: the next number follows from it.
            (outbox, (outbox.c.at < kept.messages_since) & (outbox.c.number < newest)),
            (job, (job.c.ended_at < kept.jobs_since) & ~is_edited),
            (fix, fix.c.at < kept.fixes_since),
        ]
        return sum(_delete(self._database, table, condition) for table, condition in wanted)


def _delete(database: Database, table: Table, condition: ColumnElement[bool]) -> int:
    key = list(table.primary_key.columns)
    # Of messages the lowest first: while an older one stayed, a listener would not see what it missed. The others are
    # found along the index of their instants, in its order.
    # Two processes that forget at once pass each other's rows by.
    some = (
        select(*key)
        .where(condition)
        .order_by(*(key if table is outbox else ()))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    # A crash that undoes it undoes nothing that anybody was told of.
    with database.write(durable=False) as connection:
        # Not as a subquery: PostgreSQL may ask that again for each row, and it finds other rows each time.
        found = [tuple(row) for row in connection.execute(some)]
        return connection.execute(delete(table).where(tuple_(*key).in_(found))).rowcount if found else 0
