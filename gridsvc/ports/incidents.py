"""What the service needs to keep of incidents, their photos, and the fixes of field staff; see also `recording`."""

from collections.abc import Sequence
from typing import Protocol

from gridsvc.model.incidents import Fix, FixFilter, Incident, IncidentFilter, Photo, Sight


class IncidentStore(Protocol):
    """Reading incidents, photos and fixes."""

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


class IncidentWork(Protocol):
    """Changing them, in the transaction of a `Work`."""

    def hold_incident(self, number: str) -> None:
        """Others who would change this incident wait until the transaction ends."""

    def touch_incident(self, number: str) -> Incident:
        """Raise an incident's version by one and return it."""

    def list_photos(self, number: str) -> list[Photo]:
        """The photos of an incident, oldest first, without their data."""

    def add_photo(self, photo: Photo) -> None:
        """Keep a new photo."""

    def add_fixes(self, fixes: Sequence[Fix]) -> int:
        """Keep those that are not there yet, and say how many."""
