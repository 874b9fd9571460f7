"""How a draft's revision grows: whatever was written under the coming revision becomes visible with one row."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, select, update

from gridsvc.errors import Conflict
from gridsvc.model.edition import Draft, DraftState
from gridsvc.store.bulk import delete_many
from gridsvc.store.database import Database
from gridsvc.store.pages import iter_pages
from gridsvc.store.selects import get_draft
from gridsvc.store.tables import draft, draft_change, draft_roster
from gridsvc.store.turns import Turn

_TABLES = (draft_change, draft_roster)


class Revision:
    """One change of a draft, in one transaction or in several: `hold` in each, `accept` in the last."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._turn = Turn(f"draft {number}")
        self._before: int | None = None

    def hold(self, connection: Connection) -> Draft:
        """The open draft, locked until the transaction ends; Conflict when somebody else changes it meanwhile."""
        source = get_open_draft(connection, self.number)
        if self._turn.hold(connection):
            self._before = source.revision
            for table in _TABLES:
                connection.execute(delete(table).where(_leftovers(table, source)))
        elif source.revision != self._before:
            msg = f"draft {self.number} was changed by somebody else meanwhile; look at it and try again"
            raise Conflict(msg, draft=self.number)
        return source

    def accept(self, connection: Connection, **columns: Any) -> Draft:
        """Let the revision grow by one."""
        grown = update(draft).where(draft.c.number == self.number)
        connection.execute(grown.values(revision=draft.c.revision + 1, **columns))
        return get_draft(connection, self.number)

    def clear_leftovers(self, database: Database) -> None:
        """Delete in chunks what a killed import left, usually nothing: `hold` would do it at once, however much."""
        with database.read() as connection:
            source, left = self._find_leftovers(connection)
        if left:
            # Before the look at what is left: whoever is still writing there is stopped by it.
            with database.write() as connection:
                self._take_over(connection, source)
        for table in left:
            key = list(table.primary_key.columns)
            pages = iter_pages(database, select(*key).where(_leftovers(table, source)), *key)
            chunks = database.chunks(row for page in pages for row in page)
            for chunk, _ in chunks:
                with chunks.write() as connection:
                    self._take_over(connection, source)
                    delete_many(connection, table, chunk)

    def _find_leftovers(self, connection: Connection) -> tuple[Draft, list[Table]]:
        """The draft with the tables that hold rows beyond its revision."""
        found = get_draft(connection, self.number)
        while True:
            source = found
            left = [table for table in _TABLES if connection.scalar(select(exists().where(_leftovers(table, source))))]
            # What an edit wrote that was accepted between the two questions is nothing that was left.
            if not left or (found := get_draft(connection, self.number)).revision == source.revision:
                return source, left

    def _take_over(self, connection: Connection, source: Draft) -> None:
        """Stop who may still be writing what is about to be deleted, unless it was accepted by now."""
        found = get_open_draft(connection, self.number)
        self._turn.hold(connection)
        self._before = source.revision
        if found.revision != source.revision:
            msg = f"draft {self.number} was changed by somebody else meanwhile; look at it and try again"
            raise Conflict(msg, draft=self.number)


def get_open_draft(connection: Connection, number: int) -> Draft:
    """The draft, locked until the transaction ends, else NotFound or Conflict."""
    found = get_draft(connection, number, for_update=True)
    if found.state is not DraftState.OPEN:
        msg = f"draft {number} is {found.in_words}; changes need a new draft"
        raise Conflict(msg, draft=number)
    return found


def discard_replays(connection: Connection, number: int) -> None:
    """End what stood for a draft that ends: a killed publisher left it."""
    left = update(draft).where(draft.c.replay_of == number, draft.c.state == DraftState.OPEN.value)
    connection.execute(left.values(state=DraftState.DISCARDED.value))


def _leftovers(table: Table, source: Draft) -> ColumnElement[bool]:
    return and_(table.c.draft == source.number, table.c.revision > source.revision)
