"""What is kept for a time only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """From when on each kind of thing is kept; fixes by when they arrived, jobs by when they ended."""

    replies_since: datetime
    messages_since: datetime
    jobs_since: datetime
    fixes_since: datetime


class ExpiryStore(Protocol):
    """Forgetting."""

    def forget_old(self, kept: Kept) -> int:
        """Delete some of what is older, and say how many rows: 0 when all is gone. The newest message, jobs that go on,
        and those of a draft that is open stay whatever their age.
        """
