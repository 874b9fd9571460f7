"""The outbox: what happened, in the order in which it was committed; and replies to requests that may come again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gridsvc.model.incidents import Reply
from gridsvc.model.work import Message


class LiveStore(Protocol):
    """Reading the outbox."""

    def last_message(self) -> int:
        """The number of the newest message, 0 where there is none."""

    def first_message(self) -> int:
        """The number of the oldest message that is kept (for seven days), 0 where there is none."""

    def list_messages(self, after: int, limit: int) -> list[Message]:
        """Messages with greater numbers, in order; a number that is missing was never given."""


class LiveWork(Protocol):
    """Telling and answering, in the transaction of a `Work`."""

    def tell(self, messages: Sequence[Message]) -> None:
        """Put messages into the outbox; numbers are given in the order of commits."""

    def find_reply(self, login: str, route: str, key: str) -> Reply | None:
        """What was answered to a request with this key."""

    def keep_reply(self, reply: Reply, forget_before: datetime) -> None:
        """Remember an answer; older ones than `forget_before` go."""
