"""Opening and deciding disputes."""

from dataclasses import replace

from sqlalchemy import Connection, insert, update

from gridsvc.errors import Conflict
from gridsvc.model.incidents import Dispute
from gridsvc.store.answers import encode_answer, encode_place, key_columns
from gridsvc.store.case_tables import dispute
from gridsvc.store.disputes import PLAIN

_DECISION = ("decided_at", "decided_by", "decided_on", "determination", "decision", "version")


class DisputeWork:
    """The part of a transaction that answers `gridsvc.ports.disputes.DisputeWork`."""

    _connection: Connection

    def add_dispute(self, given: Dispute) -> Dispute:
        """With the number that it gets."""
        values = {name: getattr(given, name) for name in PLAIN if name != "number"}
        added = insert(dispute).values(
            state=given.state.value,
            **encode_place(given.location),
            **encode_answer(given.answer),
            **key_columns("category", given.category),
            **key_columns("component", given.component),
            **values,
        )
        number = self._connection.scalar(added.returning(dispute.c.number))
        return replace(given, number=int(number or 0))

    def close_dispute(self, given: Dispute) -> None:
        """Of two officers the second one is refused."""
        values = {name: getattr(given, name) for name in _DECISION}
        before = (dispute.c.number == given.number) & (dispute.c.version == given.version - 1)
        done = self._connection.execute(update(dispute).where(before).values(state=given.state.value, **values))
        if done.rowcount != 1:
            msg = f"dispute {given.number} has changed meanwhile; read it again"
            raise Conflict(msg, dispute=given.number)
