"""What an operator asks about a database and its backups."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFacts:
    """`clock` is the server's, None for an embedded database; `fault` says what is damaged, None where all is sound."""

    product: str
    schema: str | None
    clock: datetime | None
    fault: str | None
    messages: int
    newest_message: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFacts:
    """What a backup holds, read from the backup itself."""

    schema: str | None
    editions: int | None
    roster_revision: int | None
    size_bytes: int
