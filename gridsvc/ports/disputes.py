"""What the service needs to keep of disputes."""

from typing import Protocol

from gridsvc.model.incidents import Dispute, DisputeState, Sight


class DisputeStore(Protocol):
    """Reading disputes."""

    def get_dispute(self, number: int) -> Dispute:
        """One dispute, whoever may see it."""

    def list_disputes(
        self, state: DisputeState | None, sight: Sight, *, before: int | None, limit: int
    ) -> list[Dispute]:
        """The newest that may be seen, by number descending, those with smaller numbers than `before`."""


class DisputeWork(Protocol):
    """Changing disputes, in the transaction of a `Work`."""

    def add_dispute(self, dispute: Dispute) -> Dispute:
        """Keep a new dispute (its number is 0) and return it with its number."""

    def close_dispute(self, dispute: Dispute) -> None:
        """Write a decision over the version before it; Conflict where that is not what is kept any more."""
