"""What a phone sends of its way, and fixes as documents."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.bootstrap import Services
from api.schemas.incidents import MAX_DATUM, Accuracy, Coordinate, Instant
from gridsvc.model.incidents import Fix

MAX_FIXES = 1_000


class FixBody(BaseModel):
    """One fix; its own datum goes before that of the batch."""

    model_config = ConfigDict(extra="forbid")

    lon: Coordinate
    lat: Coordinate
    at: Instant
    datum: Annotated[str | None, Field(max_length=MAX_DATUM)] = None
    accuracy_m: Accuracy | None = None


class FixesBody(BaseModel):
    """A single fix or a piece of a track."""

    model_config = ConfigDict(extra="forbid")

    fixes: Annotated[list[FixBody], Field(min_length=1, max_length=MAX_FIXES)]
    datum: Annotated[str | None, Field(max_length=MAX_DATUM)] = None


def fix_document(fix: Fix, services: Services) -> dict[str, Any]:
    """A fix in a list; `at` is the device's instant."""
    zone = services.settings.zone
    return {
        "login": fix.login,
        "at": fix.device_at.astimezone(zone).isoformat(),
        "received_at": fix.at.astimezone(zone).isoformat(),
        "location": fix.location,
        "areas": fix.areas,
    }
