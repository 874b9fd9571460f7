"""How a draft's revision grows: whatever was written under the coming revision becomes visible with one row."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select, tuple_, update

from gridsvc.errors import Conflict
from gridsvc.model.edition import Draft, DraftState
from gridsvc.store.database import Database
from gridsvc.store.selects import get_draft
from gridsvc.store.tables import draft, draft_change
from gridsvc.store.turns import Turn

_CLEAR_AT_ONCE = 1000
_KEY = (draft_change.c.layer, draft_change.c.scheme, draft_change.c.code, draft_change.c.revision)


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
            connection.execute(delete(draft_change).where(_leftovers(source)))
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
        while True:
            with database.read() as connection:
                source = get_draft(connection, self.number)
                if not connection.scalar(select(exists().where(_leftovers(source)))):
                    return
            with database.write() as connection:
                source = get_open_draft(connection, self.number)
                if self._turn.hold(connection):
                    self._before = source.revision
                some = select(*_KEY).where(_leftovers(source)).limit(_CLEAR_AT_ONCE)
                stale = and_(draft_change.c.draft == self.number, tuple_(*_KEY).in_(some))
                connection.execute(delete(draft_change).where(stale))


def get_open_draft(connection: Connection, number: int) -> Draft:
    """The draft, locked until the transaction ends, else NotFound or Conflict."""
    found = get_draft(connection, number, for_update=True)
    if found.state is not DraftState.OPEN:
        ended = "published" if found.state is DraftState.PUBLISHED else "discarded"
        msg = f"draft {number} is {ended}; changes need a new draft"
        raise Conflict(msg, draft=number)
    return found


def _leftovers(source: Draft) -> ColumnElement[bool]:
    return and_(draft_change.c.draft == source.number, draft_change.c.revision > source.revision)
