"""The roster: an append-only log of rows; what was known at a revision is the last row of each key up to it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, func, insert, literal, select

from gridsvc.errors import NotFound
from gridsvc.model.edition import Draft, Edition
from gridsvc.model.roster import Roster, RosterChange, Row
from gridsvc.store.bulk import insert_many
from gridsvc.store.database import Database
from gridsvc.store.rows import decode_change, encode_changes
from gridsvc.store.selects import last_rows
from gridsvc.store.tables import draft_roster, roster_log, roster_revision
from gridsvc.store.turns import take_turn


class Rosters:
    """The part of the store that answers `RosterStore`."""

    _database: Database

    def load_roster(self, revision: int | None = None) -> Roster:
        """Tables without rows are absent; a revision that was never given is NotFound."""
        with self._database.read() as connection:
            newest = _newest_revision(connection)
            known = newest if revision is None else revision
            if not 0 <= known <= newest:
                msg = f"the roster has no revision {known}; the newest is {newest}"
                raise NotFound(msg)
            changes = [decode_change(row) for row in connection.execute(last_rows(roster_log, known))]
        tables: dict[str, dict[str, Row]] = {}
        for change in changes:
            if change.row is not None:
                tables.setdefault(change.table, {})[change.key] = change.row
        return Roster(known, tables)

    def append_roster(self, changes: Sequence[RosterChange], now: datetime, comment: str = "") -> int:
        """Without changes the revision stays."""
        with self._database.write() as connection:
            return _append(connection, changes, now, comment)


class RosterWork:
    """The part of a transaction that answers `gridsvc.ports.RosterWork`."""

    _connection: Connection

    def append_roster(self, changes: Sequence[RosterChange], now: datetime, comment: str = "") -> int:
        """Without changes the revision stays."""
        return _append(self._connection, changes, now, comment)


def publish_roster(connection: Connection, source: Draft, edition: Edition) -> None:
    """Append the roster changes of a draft, if it has any, in the transaction that publishes it."""
    waiting = draft_roster.c.draft == source.number
    if not connection.scalar(select(exists().where(waiting))):
        return
    comment = edition.comment or f"with edition {edition.number}"
    revision = _begin_revision(connection, edition.published_at, comment)
    rows = last_rows(draft_roster, source.revision, waiting).add_columns(literal(revision))
    columns = ["table_name", "key", "row", "geometry", "revision"]
    connection.execute(insert(roster_log).from_select(columns, rows))


def _append(connection: Connection, changes: Sequence[RosterChange], now: datetime, comment: str) -> int:
    rows = encode_changes(changes)
    if not rows:
        return _newest_revision(connection)
    revision = _begin_revision(connection, now, comment)
    insert_many(connection, roster_log, [{"revision": revision, **row} for row in rows])
    return revision


def _begin_revision(connection: Connection, now: datetime, comment: str) -> int:
    take_turn(connection, "roster")
    revision = _newest_revision(connection) + 1
    row = {"revision": revision, "appended_at": now, "comment": comment}
    connection.execute(insert(roster_revision), row)
    return revision


def _newest_revision(connection: Connection) -> int:
    return connection.scalar(select(func.max(roster_revision.c.revision))) or 0
