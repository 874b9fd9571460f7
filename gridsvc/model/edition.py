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
    """An edition being edited. `revision` counts the accepted changes; `based_on` is 0 for an empty city. `edition` is
    the one that it became when it was published.

    A draft whose base was overtaken is published by its replay, a draft on the newest edition with the same changes:
    `replay_of` is the draft that it stands for, as that was at `replayed_revision`. Both end together.
    """

    number: int
    based_on: int
    revision: int
    state: DraftState
    created_at: datetime
    crs: str | None = None
    comment: str = ""
    edition: int | None = None
    replay_of: int | None = None
    replayed_revision: int | None = None

    @property
    def in_words(self) -> str:
        """What has become of it."""
        state = self.state.value.lower()
        return state if self.edition is None else f"{state} as edition {self.edition}"


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
