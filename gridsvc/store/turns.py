"""Who may go on with a write that takes several transactions: the last one to begin.

A killed process leaves its turn behind, which harms nobody: the next one takes it over. One that is alive finds its
turn taken at its next chunk and gives up with Conflict. Thus two never mix, and no lock has to expire.
"""

from uuid import uuid4

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql

from gridsvc.errors import Conflict
from gridsvc.store.tables import turn


class Turn:
    """One writer's turn at one piece of work; other writers of the same piece wait until its transaction ends."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._token = ""

    def hold(self, connection: Connection) -> bool:
        """Take the turn in the first transaction (then True), and make sure of it in the later ones."""
        if not self._token:
            token = uuid4().hex
            take_turn(connection, self.name, token)
            self._token = token
            return True
        held = select(turn.c.token).where(turn.c.name == self.name).with_for_update()
        if connection.scalar(held) != self._token:
            msg = f"{self.name}: somebody else began the same work meanwhile; look at the result and try again"
            raise Conflict(msg)
        return False

    def release(self, connection: Connection) -> None:
        """Forget the turn, for work that is never begun again under this name."""
        connection.execute(delete(turn).where(turn.c.name == self.name))


def take_turn(connection: Connection, name: str, token: str = "") -> None:
    """Take a turn for this transaction; who holds the row is waited for."""
    # SQLite knows the same ON CONFLICT clause, and its own construct differs from PostgreSQL's in nothing used here.
    insert = postgresql.insert(turn).values(name=name, token=token)
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"token": insert.excluded.token}))
