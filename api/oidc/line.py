"""Where those who sign in by the provider wait for it: in no thread that others need."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, Semaphore, fail_after, to_thread

from gridsvc.errors import Busy

AT_ONCE, TURN_S = 4, 2.0
"""Of them the provider is asked for, each in a thread of this line's own, and how long the others wait for a turn."""
P = ParamSpec("P")
T = TypeVar("T")


class Line:
    """Anybody may come back with an answer that the provider has to be asked about, and it may take its time."""

    def __init__(self) -> None:
        self._places, self._threads = Semaphore(AT_ONCE), CapacityLimiter(AT_ONCE)

    async def run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something that asks the provider. Raises what it raises, and Busy where no turn came."""
        try:
            with fail_after(TURN_S):
                await self._places.acquire()
        except TimeoutError as error:
            msg = "too many people are signing in; try again"
            raise Busy(msg, zh="登录人数过多：请稍后再试。", retry_after_s=2) from error
        try:
            return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._threads)
        finally:
            self._places.release()
