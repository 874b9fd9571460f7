"""What can go wrong, in the words of the field; HTTP statuses and exit codes are given in `api`.

Every message says what is wrong and what to do about it, on one line, and names no path, SQL or internal.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class GridError(Exception):
    """Base of all errors that a user may see; `details` are facts for machines, JSON-ready.

    `zh` says the same in Chinese where people meet it on a page; without it they read what its class means.
    """

    def __init__(self, message: str, /, *, zh: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message, self.zh = message, zh
        self.details: Mapping[str, Any] = details


class InvalidInput(GridError):
    """A value from outside cannot be used; the message names it and the remedy."""


class UnknownDatum(InvalidInput):
    """No datum was said, or one that nobody knows; a datum is never guessed."""


class InvalidLocation(InvalidInput):
    """Coordinates that are no place on earth, or lie outside the area where their datum is defined."""


class UnknownCategory(InvalidInput):
    """A category that the roster does not have on that date."""


class NotFound(GridError):
    """The named thing does not exist."""


class NoEdition(GridError):
    """No edition was in force at the asked instant."""


class OutsideCoverage(GridError):
    """No cell, gap or area is at the place.

    Details: `nearest` {code, distance_m} and `suspect_datum`, both maybe None.
    """


class LayerRefused(GridError):
    """A file cannot become a layer. `issues` are the findings; nothing was written."""

    def __init__(self, message: str, /, issues: Sequence[Any] = (), **details: Any) -> None:
        super().__init__(message, **details)
        self.issues = tuple(issues)


class PublishRefused(LayerRefused):
    """A draft has findings that block, or its base was overtaken and the changes conflict."""


class Conflict(GridError):
    """The thing has changed or is in a state that does not allow the action."""


class TooLarge(GridError):
    """More input than is accepted at once; the message says the limit."""


class Busy(GridError):
    """Too much work of this kind is running; `details["retry_after_s"]` says when to come again."""


class NotReady(GridError):
    """The service or database cannot answer yet: no schema, no edition, not reachable."""


class NotAllowed(GridError):
    """The caller may not do or read this."""


class SignInRequired(GridError):
    """Nobody is signed in, and visitors may not do or read this."""


class TooOften(GridError):
    """Tried too many times; `details["retry_after_s"]` says when to come again."""
