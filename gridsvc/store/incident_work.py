"""Changing incidents, and keeping photos and fixes."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql

from gridsvc.model.incidents import Fix, Incident, Photo
from gridsvc.store.case_tables import fix, incident, photo
from gridsvc.store.incident_rows import decode_incident, decode_photo, encode_fix, encode_photo
from gridsvc.store.incidents import no_incident, select_photos

# SQLite knows PostgreSQL's clauses of conflict and return; its own construct differs in nothing used here.
_ADD_FIXES = (
    postgresql.insert(fix).on_conflict_do_nothing(index_elements=["login", "device_at"]).returning(fix.c.device_at)
)


class IncidentWork:
    """The part of a transaction that answers `gridsvc.ports.incidents.IncidentWork`."""

    _connection: Connection

    def hold_incident(self, number: str) -> None:
        """On SQLite this transaction has the only write lock anyway. Raises NotFound."""
        held = select(incident.c.id).where(incident.c.number == number).with_for_update()
        if self._connection.scalar(held) is None:
            raise no_incident(number)

    def touch_incident(self, number: str) -> Incident:
        """Raises NotFound."""
        raised = update(incident).where(incident.c.number == number).values(version=incident.c.version + 1)
        row = self._connection.execute(raised.returning(*incident.c)).first()
        if row is None:
            raise no_incident(number)
        return decode_incident(row)

    def list_photos(self, number: str) -> list[Photo]:
        """In the order in which they came."""
        return [decode_photo(row) for row in self._connection.execute(select_photos([number]))]

    def add_photo(self, given: Photo) -> None:
        """Its incident must be there."""
        self._connection.execute(insert(photo).values(encode_photo(given)))

    def add_fixes(self, fixes: Sequence[Fix]) -> int:
        """One of a login and a device's instant; the first one stays."""
        rows = list({(given.login, given.device_at): encode_fix(given) for given in reversed(fixes)}.values())
        if not rows:
            return 0
        return len(self._connection.scalars(_ADD_FIXES, rows).all())
