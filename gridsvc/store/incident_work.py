"""Recording incidents, photos and fixes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql

from gridsvc.model.incidents import Fix, Incident, Photo
from gridsvc.store.case_tables import day_count, fix, incident, incident_department, photo
from gridsvc.store.incident_rows import decode_incident, encode_fix, encode_incident
from gridsvc.store.incidents import no_incident

# Made once: building a statement of forty columns takes longer than running it. SQLite knows PostgreSQL's clauses of
# conflict and return; its own construct differs in nothing used here.
_ADD_INCIDENT = insert(incident).returning(incident.c.id)
_ADD_DEPARTMENT = insert(incident_department)
_COUNT = (
    postgresql.insert(day_count)
    .values(day=bindparam("of_day"), count=1)
    .on_conflict_do_update(index_elements=["day"], set_={"count": day_count.c.count + 1})
    .returning(day_count.c.count)
)
_ADD_FIXES = (
    postgresql.insert(fix).on_conflict_do_nothing(index_elements=["login", "device_at"]).returning(fix.c.device_at)
)


class IncidentWork:
    """The part of a transaction that answers `gridsvc.ports.incidents.IncidentWork`."""

    _connection: Connection

    def claim_key(self, login: str, route: str, key: str) -> bool:
        """On SQLite this transaction has the only write lock: nobody else is at anything."""
        if self._connection.dialect.name == "sqlite":
            return True
        digest = blake2b("\0".join((login, route, key)).encode(), digest_size=8).digest()
        number = int.from_bytes(digest, signed=True)
        return bool(self._connection.scalar(select(func.pg_try_advisory_xact_lock(number))))

    def count_of_day(self, day: str) -> int:
        """One more than before; from here to the commit nobody else counts on."""
        return int(self._connection.scalar(_COUNT, {"of_day": day}) or 0)

    def add_incident(self, given: Incident) -> None:
        """With a line for each department that it concerns."""
        number = self._connection.scalar(_ADD_INCIDENT, encode_incident(given))
        departments = dict.fromkeys(given.answer.departments)
        lines = [{"department": code, "reported_at": given.reported_at, "incident": number} for code in departments]
        self._connection.execute(_ADD_DEPARTMENT, lines)

    def touch_incident(self, number: str) -> Incident:
        """Raises NotFound."""
        raised = update(incident).where(incident.c.number == number).values(version=incident.c.version + 1)
        row = self._connection.execute(raised.returning(*incident.c)).first()
        if row is None:
            raise no_incident(number)
        return decode_incident(row)

    def list_digests(self, number: str) -> list[str]:
        """In any order."""
        return list(self._connection.scalars(select(photo.c.digest).where(photo.c.incident == number)))

    def add_photo(self, given: Photo) -> None:
        """Its incident must be there."""
        self._connection.execute(insert(photo).values(asdict(given)))

    def add_fixes(self, fixes: Sequence[Fix], forget_before: datetime) -> int:
        """One of a login and a device's instant; the first one stays."""
        self._connection.execute(delete(fix).where(fix.c.at < forget_before))
        rows = list({(given.login, given.device_at): encode_fix(given) for given in reversed(fixes)}.values())
        if not rows:
            return 0
        return len(self._connection.scalars(_ADD_FIXES, rows).all())
