"""What an operator asks of a store."""

from typing import Protocol

from gridsvc.model.operation import DatabaseFacts


class OperationStore(Protocol):
    """Looking after a database."""

    def examine(self) -> DatabaseFacts:
        """What it is and whether it is sound; may take minutes."""

    def has_its_files(self) -> bool:
        """Whether an embedded database's files are still those that were opened: quicker than any question to it."""
