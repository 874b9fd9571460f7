"""Reading disputes, each with the answer that is disputed."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy import Row as SqlRow

from gridsvc.errors import NotFound
from gridsvc.model.incidents import Dispute, DisputeState, Sight
from gridsvc.store.answers import decode_answer, decode_place, holds_code, key_of_columns
from gridsvc.store.case_tables import dispute
from gridsvc.store.database import Database

PLAIN = (
    "number",
    "incident",
    "reason",
    "claimed",
    "made_by",
    "opened_at",
    "decided_at",
    "decided_by",
    "decided_on",
    "determination",
    "decision",
    "version",
)
"""Fields that are columns of the same name."""


class Disputes:
    """The part of the store that answers `DisputeStore`."""

    _database: Database

    def get_dispute(self, number: int) -> Dispute:
        """By its number, else NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(dispute).where(dispute.c.number == number)).first()
        if row is None:
            raise NotFound(f"There is no dispute {number}.")
        return decode_dispute(row)

    def list_disputes(
        self, state: DisputeState | None, sight: Sight, *, before: int | None, limit: int
    ) -> list[Dispute]:
        """Newest first."""
        query = select(dispute)
        if state is not None:
            query = query.where(dispute.c.state == state.value)
        if before is not None:
            query = query.where(dispute.c.number < before)
        if (seen := _seen(sight)) is not None:
            query = query.where(seen)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(dispute.c.number.desc()).limit(limit))
            return [decode_dispute(row) for row in rows]


def decode_dispute(row: SqlRow[Any]) -> Dispute:
    """A dispute out of a row of its table."""
    return Dispute(
        state=DisputeState(row.state),
        location=decode_place(row),
        answer=decode_answer(row),
        category=key_of_columns(row.category_scheme, row.category_code),
        component=key_of_columns(row.component_scheme, row.component_code),
        **{name: getattr(row, name) for name in PLAIN},
    )


def _seen(sight: Sight) -> ColumnElement[bool] | None:
    """As `gridsvc.accounts.rights.is_within` says it: in the area and of the department, or made oneself."""
    if sight.everything:
        return None
    mine = false() if sight.login is None else dispute.c.made_by == sight.login
    if not sight.scoped:
        return mine
    inside: list[ColumnElement[bool]] = []
    if sight.area is not None:
        inside.append(holds_code(dispute.c.areas, sight.area))
    if sight.department is not None:
        inside.append(or_(holds_code(dispute.c.departments, sight.department), dispute.c.claimed == sight.department))
    if not inside:
        return None
    return or_(mine, inside[0] if len(inside) == 1 else inside[0] & inside[1])
