"""What the service needs to keep of incidents, their photos, and the fixes of field staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gridsvc.model.incidents import Fix, FixFilter, Incident, IncidentFilter, Photo, Reply, Sight


class IncidentStore(Protocol):
    """Reading incidents, photos, fixes and kept replies."""

    def get_incident(self, number: str) -> Incident:
        """One incident, whoever may see it."""

    def list_incidents(self, wanted: IncidentFilter, sight: Sight, limit: int) -> list[tuple[int, Incident]]:
        """The newest that are wanted and may be seen, each with its id, by (reported_at, id) descending."""

    def list_photos(self, numbers: Sequence[str]) -> dict[str, list[Photo]]:
        """The photos of incidents by number, oldest first, without their data."""

    def get_photo(self, number: str, digest: str, *, thumb: bool) -> Photo:
        """One photo with its `data`, or with its `thumb` alone."""

    def list_fixes(self, wanted: FixFilter, sight: Sight, limit: int) -> list[Fix]:
        """The first that are wanted and may be seen, by (device_at, login)."""

    def find_reply(self, login: str, route: str, key: str) -> Reply | None:
        """What was answered to a request with this idempotency key."""


class IncidentWork(Protocol):
    """Recording, in the transaction of a `Work`."""

    def claim_key(self, login: str, route: str, key: str) -> bool:
        """Keep others from answering the same key until this transaction ends; False when somebody is at it already."""

    def count_of_day(self, day: str) -> int:
        """How many incidents a local day (YYYYMMDD) has with the one that is being recorded."""

    def add_incident(self, incident: Incident) -> None:
        """Keep a new incident."""

    def touch_incident(self, number: str) -> Incident:
        """Raise an incident's version by one and return it; others who would change it wait until this is committed."""

    def list_digests(self, number: str) -> list[str]:
        """The digests of an incident's photos."""

    def add_photo(self, photo: Photo) -> None:
        """Keep a new photo."""

    def add_fixes(self, fixes: Sequence[Fix], forget_before: datetime) -> int:
        """Keep those that are not there yet, and say how many; fixes that arrived before `forget_before` go."""
