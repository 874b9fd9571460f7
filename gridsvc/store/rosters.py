"""The roster: an append-only log of rows; what was known at a revision is the last row of each key up to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from gridsvc.errors import Conflict, NotFound
from gridsvc.model.edition import Draft, Edition
from gridsvc.model.roster import Author, Roster, RosterChange, RosterEntry, Row
from gridsvc.model.work import Message, Topic
from gridsvc.store.bulk import insert_many
from gridsvc.store.database import Database
from gridsvc.store.live import tell
from gridsvc.store.pages import iter_draft_roster
from gridsvc.store.rows import decode_change, encode_changes
from gridsvc.store.selects import roster_rows
from gridsvc.store.tables import roster_log, roster_revision
from gridsvc.store.turns import Turn, take_turn

_ENTRY = ("table_name", "key", "row", "geometry")
MOST_TOLD = 1000
"""Keys of one table that a message names; whoever hears more reads the table again."""


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
            changes = [decode_change(row) for row in connection.execute(roster_rows(known))]
        tables: dict[str, dict[str, Row]] = {}
        for change in changes:
            if change.row is not None:
                tables.setdefault(change.table, {})[change.key] = change.row
        return Roster(known, tables)

    def list_roster_changes(self, after: int, revision: int) -> list[RosterChange]:
        """One change for each row: the last one."""
        with self._database.read() as connection:
            return [decode_change(row) for row in connection.execute(roster_rows(revision, after))]

    def find_row_revision(self, table: str, key: str, revision: int | None = None) -> int | None:
        """None where the log did not have the row by then; the revision that took it back counts too."""
        known = func.max(roster_revision.c.revision)
        wanted = _entries_of(table, key).with_only_columns(known)
        if revision is not None:
            wanted = wanted.where(roster_revision.c.revision <= revision)
        with self._database.read() as connection:
            found: int | None = connection.scalar(wanted)
        return found

    def list_row_history(self, table: str, key: str) -> list[RosterEntry]:
        """Newest first."""
        wanted = _entries_of(table, key).order_by(roster_revision.c.revision.desc())
        with self._database.read() as connection:
            return [
                RosterEntry(row.revision, row.appended_at, row.made_by, row.comment, decode_change(row).row)
                for row in connection.execute(wanted)
            ]

    def append_roster(
        self, changes: Sequence[RosterChange], now: datetime, comment: str = "", onto: int | None = None
    ) -> int:
        """Without changes the revision stays. Others may append meanwhile: the number is given at the end."""
        rows = encode_changes(changes)
        if not rows:
            with self._database.read() as connection:
                return _newest_revision(connection)
        batch = Batch(now, comment)
        chunks = self._database.chunks(rows)
        for chunk, is_last in chunks:
            with chunks.write() as connection:
                batch.write(connection, chunk)
                if is_last:
                    revision = batch.finish(connection, onto)
        return revision


class RosterWork:
    """The part of a transaction that answers `gridsvc.ports.RosterWork`."""

    _connection: Connection

    def hold_roster(self) -> int:
        """Who appends meanwhile waits until the transaction ends."""
        return hold_roster(self._connection)

    def append_roster(
        self, changes: Sequence[RosterChange], now: datetime, comment: str = "", author: Author | None = None
    ) -> int:
        """Without changes the revision stays."""
        if not changes:
            return _newest_revision(self._connection)
        batch = Batch(now, comment, author)
        batch.write(self._connection, encode_changes(changes))
        return batch.finish(self._connection)


class Batch:
    """Rows that become one revision: written in one transaction or in several, seen by nobody before `finish`."""

    def __init__(self, now: datetime, comment: str, author: Author | None = None) -> None:
        self._about = {"appended_at": now, "comment": comment, "made_by": author.login if author else None}
        self._now, self._author = now, author
        self._keys: dict[str, list[str]] = {}
        self._number = 0
        self._turn: Turn | None = None

    def write(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows with the columns table_name, key, row, geometry; Conflict when `sweeping` took it for abandoned."""
        if self._turn is None:
            take_turn(connection, "roster")
            self._number = (connection.scalar(select(func.max(roster_revision.c.batch))) or 0) + 1
            self._turn = turn_of_batch(self._number)
            connection.execute(insert(roster_revision).values(batch=self._number, revision=None, **self._about))
        self._turn.hold(connection)
        logged = [{**row, "batch": self._number} for row in rows]
        for row in logged:
            keys = self._keys.setdefault(row["table_name"], [])
            if len(keys) < MOST_TOLD:
                keys.append(row["key"])
        insert_many(connection, roster_log, logged)

    def finish(self, connection: Connection, onto: int | None = None) -> int:
        """Give the batch, which has rows, the next revision, and tell of it; to be called last in a transaction.

        Conflict where that would not be the one after `onto`: the batch is then left to `sweeping`.
        """
        turn = self._turn or turn_of_batch(self._number)
        turn.hold(connection)
        take_turn(connection, "roster")
        revision = _newest_revision(connection) + 1
        if onto is not None and revision != onto + 1:
            msg = f"the roster was changed meanwhile: it is at revision {revision - 1}, not {onto}"
            raise Conflict(msg, roster=revision - 1)
        finished = update(roster_revision).where(roster_revision.c.batch == self._number)
        connection.execute(finished.values(revision=revision))
        turn.release(connection)
        tell(connection, [self._message(revision)])
        return revision

    def _message(self, revision: int) -> Message:
        """Of a change by hand the keys too, as many as are told."""
        body: dict[str, object] = {"revision": revision, "tables": sorted(self._keys)}
        message = Message(topic=Topic.ROSTER_CHANGED, at=self._now, body=body)
        if (author := self._author) is None:
            return message
        body |= {"keys": self._keys, "areas": author.areas}
        return replace(message, areas=author.areas, departments=author.departments, made_by=author.login)


def turn_of_batch(number: int) -> Turn:
    """Whoever holds it may write that batch of the roster, or delete it."""
    return Turn(f"roster batch {number}")


def copy_roster(database: Database, source: Draft, edition: Edition) -> Batch | None:
    """The roster changes of a draft, at the revision given, as a batch to finish with its edition; None without any."""
    batch = None
    chunks = database.chunks(iter_draft_roster(database, source))
    for chunk, _ in chunks:
        if chunk:
            batch = batch or Batch(edition.published_at, edition.comment or f"with edition {edition.number}")
            with chunks.write() as connection:
                batch.write(connection, [{name: getattr(row, name) for name in _ENTRY} for row in chunk])
    return batch


def _entries_of(table: str, key: str) -> Select[Any]:
    """What the log says of a row; entries of batches that nobody sees yet are not there."""
    return (
        select(roster_log.c.table_name, roster_log.c.key, roster_log.c.row, roster_log.c.geometry)
        .add_columns(*(roster_revision.c[name] for name in ("revision", "appended_at", "made_by", "comment")))
        .join(roster_revision, roster_revision.c.batch == roster_log.c.batch)
        .where(roster_log.c.table_name == table, roster_log.c.key == key, roster_revision.c.revision.is_not(None))
    )


def hold_roster(connection: Connection) -> int:
    """Nobody else appends until the transaction ends; the newest revision."""
    take_turn(connection, "roster")
    return _newest_revision(connection)


def _newest_revision(connection: Connection) -> int:
    return connection.scalar(select(func.max(roster_revision.c.revision))) or 0
