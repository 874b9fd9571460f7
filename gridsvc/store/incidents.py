"""Reading incidents, photos and fixes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal, or_, select, tuple_

from gridsvc.errors import NotFound
from gridsvc.model.incidents import Fix, FixFilter, Incident, IncidentFilter, Photo, Sight
from gridsvc.store.answers import holds_code
from gridsvc.store.case_tables import fix, incident, photo
from gridsvc.store.column_types import CODE, UtcDateTime
from gridsvc.store.database import Database
from gridsvc.store.incident_rows import decode_fix, decode_incident, decode_photo
from gridsvc.store.incident_selects import select_incidents

_OF_PHOTO: list[Any] = [column for column in photo.c if column.name not in {"data", "thumb"}]


class Incidents:
    """The part of the store that answers `IncidentStore`."""

    _database: Database

    def get_incident(self, number: str) -> Incident:
        """By its number, else NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(incident).where(incident.c.number == number)).first()
        if row is None:
            raise no_incident(number)
        return decode_incident(row)

    def list_incidents(self, wanted: IncidentFilter, sight: Sight, limit: int) -> list[tuple[int, Incident]]:
        """Newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select_incidents(wanted, sight, limit)).all()
        return [(row.id, decode_incident(row)) for row in rows]

    def list_photos(self, numbers: Sequence[str]) -> dict[str, list[Photo]]:
        """In the order in which they came; incidents without photos are left out."""
        found: dict[str, list[Photo]] = {}
        with self._database.read() as connection:
            for row in connection.execute(select_photos(numbers)):
                found.setdefault(row.incident, []).append(decode_photo(row))
        return found

    def get_photo(self, number: str, digest: str, *, thumb: bool) -> Photo:
        """With one of its two pictures, else NotFound."""
        name = "thumb" if thumb else "data"
        wanted: Select[Any] = select(*_OF_PHOTO, photo.c[name]).where(
            photo.c.incident == number, photo.c.digest == digest
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            raise NotFound("The incident has no such photo.")
        return decode_photo(row, **{name: bytes(getattr(row, name))})

    def list_fixes(self, wanted: FixFilter, sight: Sight, limit: int) -> list[Fix]:
        """By (device_at, login)."""
        query = select(fix).where(fix.c.device_at >= wanted.since, fix.c.device_at < wanted.until)
        if wanted.login is not None:
            query = query.where(fix.c.login == wanted.login)
        if wanted.after is not None:
            instant, login = wanted.after
            last_seen = tuple_(literal(instant, UtcDateTime), literal(login, CODE))
            query = query.where(tuple_(fix.c.device_at, fix.c.login) > last_seen)
        if (seen := _seen(sight)) is not None:
            query = query.where(seen)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(fix.c.device_at, fix.c.login).limit(limit))
            return [decode_fix(row) for row in rows]


def no_incident(number: str) -> NotFound:
    """The refusal for a number that was never given."""
    return NotFound(f"There is no incident {number[:40]!r}.")


def select_photos(numbers: Sequence[str]) -> Select[Any]:
    """Photos of incidents as they came, without their data."""
    wanted: Select[Any] = select(*_OF_PHOTO).where(photo.c.incident.in_(numbers))
    return wanted.order_by(photo.c.added_at, photo.c.digest)


def _seen(sight: Sight) -> ColumnElement[bool] | None:
    """A fix has no departments: an account of one sees its own alone."""
    if sight.everything:
        return None
    mine = false() if sight.login is None else fix.c.login == sight.login
    if not sight.scoped or sight.department is not None:
        return mine
    if sight.area is None:
        return None
    return or_(mine, holds_code(fix.c.areas, sight.area))
