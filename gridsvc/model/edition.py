"""Editions are the one time axis of territory: published whole, immutable, in force from an instant."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gridsvc.model.places import BoundingBox


@dataclass(frozen=True, slots=True)
class Edition:
    """One published territory. In force at t is the greatest (effective_from, number) with effective_from ≤ t.

    `digest` is the SHA-256 (hex) over the compiled arrays: two editions of the same content have the same one.
    """

    number: int
    effective_from: datetime
    published_at: datetime
    crs: str
    bbox: BoundingBox
    counts: dict[str, int]
    digest: str
    restored_from: int | None = None
    comment: str = ""


class DraftState(StrEnum):
    """OPEN takes changes; the other two are ends."""

    OPEN = "OPEN"
    PUBLISHED = "PUBLISHED"
    DISCARDED = "DISCARDED"


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition being edited. `revision` counts the accepted changes; `based_on` is 0 for an empty city."""

    number: int
    based_on: int
    revision: int
    state: DraftState
    created_at: datetime
    crs: str | None = None
    comment: str = ""


class ChangeKind(StrEnum):
    """What a draft does with a feature of its base."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a worker polls: cheap to read, changes when something was published or a roster row was added."""

    edition: int
    roster_revision: int
