"""Recording incidents: those that come at the same time share a transaction, and each is as whole in it as alone."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gridsvc.model.accounts import AuditEntry
from gridsvc.model.incidents import Incident, Reply
from gridsvc.model.work import Message


@dataclass(frozen=True, slots=True)
class Claim:
    """A request with its idempotency key: whose it is, on which route, and the digest of its body."""

    login: str
    route: str
    key: str
    body_digest: str

    @property
    def name(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.login, self.route, self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """All that is written of one report: the incident, the line in the audit log, what is told, what is answered."""

    incident: Incident
    entry: AuditEntry
    message: Message
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is to be recorded, decided and computed but for the count within its local day (YYYYMMDD).

    `finish` is given that count while the write lock is held: it only puts together. A reply from before
    `forget_before` is none.
    """

    at: datetime
    day: str
    finish: Callable[[int], Recorded]
    forget_before: datetime
    claim: Claim | None = None


class Fate(StrEnum):
    """What became of a report; of a RECORDED one alone anything was written."""

    RECORDED = "RECORDED"
    REPLAYED = "REPLAYED"
    KEY_REUSED = "KEY_REUSED"
    IN_FLIGHT = "IN_FLIGHT"


@dataclass(frozen=True, slots=True)
class Outcome:
    """With the answer, where the report was RECORDED now or REPLAYED."""

    fate: Fate
    status: int = 0
    body: bytes = b""


class RecordingStore(Protocol):
    """Recording, and replies to requests that may come again."""

    def record(self, report: Report) -> "Future[Outcome]":
        """Have a report recorded: done when it is durable. One that is cancelled before its turn is not recorded.

        Raises Busy when too many wait; the future raises what the database does. What fails fails alone.
        """

    def find_reply(self, login: str, route: str, key: str) -> Reply | None:
        """What was answered to a request with this idempotency key."""


class ReplyWork(Protocol):
    """Answering once, in the transaction of a `Work`."""

    def claim_key(self, login: str, route: str, key: str) -> bool:
        """Keep others from answering the same key until this transaction ends; False when somebody is at it already."""

    def find_reply(self, login: str, route: str, key: str) -> Reply | None:
        """What was answered to a request with this key."""

    def keep_reply(self, reply: Reply) -> None:
        """Remember an answer, in place of an older one to the same key."""
