"""Pages of a layer: features are read and written one by one, which keeps the processor from other requests, so that
few pages are made at once, and those of visitors hold up nobody who is signed in.
"""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from api.http.askers import Asker
from api.http.turns import Turns

LARGE = 500
"""With more features in its box a page takes a turn. What our own pages ask for by the way is smaller."""
SMALL_AT_ONCE = 2
FOLD = 3
"""A map that is moved asks for its table anew before it was answered."""
T = TypeVar("T")


class _Pages:
    """Those of one kind of askers."""

    def __init__(self) -> None:
        self.small, self.large = CapacityLimiter(SMALL_AT_ONCE), Turns(FOLD)


class LayerPages:
    """Belongs to the thread of the event loop."""

    def __init__(self) -> None:
        self._of_visitors, self._of_accounts = _Pages(), _Pages()

    async def make(self, asker: Asker, count: Callable[[int], int], work: Callable[[], T]) -> T:
        """Run what makes a page in a thread. Raises Busy for a large one without a place.

        `count` tells how many features its box has, shown or not, since all of them are looked through; it need not
        count farther than it is told.
        """
        pages = self._of_visitors if asker.is_visitor else self._of_accounts

        def small() -> tuple[T] | None:
            return (work(),) if count(LARGE + 1) <= LARGE else None

        done = await to_thread.run_sync(small, limiter=pages.small)
        if done is not None:
            return done[0]
        with pages.large.admitted(asker):
            return await pages.large.compute(work)
