"""Findings that somebody accepted with a reason; a newer reason stands before an older one, which is kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from gridsvc.errors import InvalidInput
from gridsvc.store.database import Database
from gridsvc.store.tables import acceptance


class Acceptances:
    """The part of the store that answers `AcceptanceStore`."""

    _database: Database

    def list_acceptances(self) -> dict[str, str]:
        """Issue id → the last reason given."""
        accepted = select(acceptance.c.issue_id, acceptance.c.reason).order_by(acceptance.c.id)
        with self._database.read() as connection:
            return dict(connection.execute(accepted).all())

    def accept_issues(self, issue_ids: Sequence[str], reason: str, now: datetime) -> None:
        """A reason must be said: it is what somebody reads years later."""
        if not reason.strip():
            raise InvalidInput("say why the findings are accepted")
        rows = [{"issue_id": issue_id, "reason": reason, "accepted_at": now} for issue_id in issue_ids]
        if rows:
            with self._database.write() as connection:
                connection.execute(insert(acceptance), rows)
