"""A place among those who have something scarce: its holder is waited for, but whoever is slow gives way to others."""

from collections.abc import Iterator
from contextlib import contextmanager

from anyio import CancelScope, current_time

GRACE_S, FAST_BYTES_PER_S = 2.0, 256 * 1024
"""Who is waited for longer than this, and moves less, is slow: which matters to nobody until others want the place."""
CREDIT_S = 5.0
"""What is moved fast is credit for moving slowly later, up to this: the last piece alone may be seconds' worth."""


class Place:
    """Belongs to the thread of the event loop."""

    def __init__(self) -> None:
        self._behind_s, self._since = 0.0, 0.0
        self._patience: CancelScope | None = None

    @contextmanager
    def waiting(self, until: float) -> Iterator[CancelScope]:
        """Wait for the holder, to an instant of the loop's clock or until the place is given to somebody else."""
        self._since = current_time()
        with CancelScope(deadline=until) as patience:
            self._patience = patience
            try:
                yield patience
            finally:
                self._patience = None
                self._behind_s += current_time() - self._since

    def note_moved(self, size: int) -> None:
        """Bytes of the body came, or of the answer went."""
        self._behind_s = max(-CREDIT_S, self._behind_s - size / FAST_BYTES_PER_S)

    def slowness_s(self) -> float:
        """How much longer the holder was waited for than what moved may take; 0 while nobody waits for them."""
        if self._patience is None:
            return 0.0
        return max(0.0, self._behind_s + current_time() - self._since - GRACE_S)

    def give_way(self) -> None:
        """Wait for the holder no longer."""
        if self._patience is not None:
            self._patience.cancel()
