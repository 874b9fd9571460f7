"""The outbox: what happened, in the order in which it was committed."""

from collections.abc import Sequence
from typing import Protocol

from gridsvc.model.work import Message


class LiveStore(Protocol):
    """Reading the outbox."""

    def last_message(self) -> int:
        """The number of the newest message, 0 where there is none."""

    def first_message(self) -> int:
        """The number of the oldest message that is kept (for some days), 0 where there is none."""

    def list_messages(self, after: int, limit: int) -> list[Message]:
        """Messages with greater numbers, in order; a number that is missing was never given."""


class LiveWork(Protocol):
    """Telling, in the transaction of a `Work`."""

    def tell(self, messages: Sequence[Message]) -> None:
        """Put messages into the outbox; numbers are given in the order of commits."""
