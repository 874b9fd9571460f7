"""Large pages of tables: a page of ours asks for several at once, and again whenever the roster changes, so that they
wait instead of being refused; but each asker's are made one after another, and others wait for one of them at most.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, Lock, to_thread

from api.http.askers import Asker
from gridsvc.errors import Busy

AT_ONCE = 2
IN_LINE = 120
"""Of one asker: what some twenty windows of the roster page ask for at once, where many share an account."""
RETRY_AFTER_S = 5
T = TypeVar("T")


@dataclass(slots=True)
class _Line:
    """The pages that one asker waits for; `head` is held by the first of them."""

    head: Lock = field(default_factory=Lock)
    length: int = 0


class TablePages:
    """Belongs to the thread of the event loop."""

    def __init__(self) -> None:
        self._of_visitors, self._of_accounts = CapacityLimiter(AT_ONCE), CapacityLimiter(AT_ONCE)
        self._lines: dict[Asker, _Line] = {}

    async def make(self, asker: Asker, work: Callable[[], T]) -> T:
        """Run what makes a page in a thread when its turn has come. Raises Busy where the asker's line is too long."""
        limiter = self._of_visitors if asker.is_visitor else self._of_accounts
        with self._in_line(asker) as line:
            async with line.head:
                return await to_thread.run_sync(work, limiter=limiter)

    @contextmanager
    def _in_line(self, asker: Asker) -> Iterator[_Line]:
        line = self._lines.setdefault(asker, _Line())
        if line.length >= IN_LINE:
            msg = f"You wait for {IN_LINE} pages already: let them come first."
            raise Busy(msg, zh=f"您已有 {IN_LINE} 页数据在等待：请等待完成。", retry_after_s=RETRY_AFTER_S)
        line.length += 1
        try:
            yield line
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[asker]
