"""Answers about circles: a wide one reaches over thousands of cells, and must not hold up the answers of others."""

from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread
from fastapi import Request

from api.http.askers import asker_of
from api.http.turns import Turns
from gridsvc.index.territory.reach import WIDE_M
from gridsvc.model.accounts import Caller

T = TypeVar("T")


def is_wide(accuracy_m: float | None) -> bool:
    """Whether a circle is so wide that its answer takes a turn."""
    return accuracy_m is not None and accuracy_m > WIDE_M


async def run_for_circle(request: Request, caller: Caller, accuracy_m: float | None, work: Callable[[], T]) -> T:
    """Run what answers for a circle, in a thread; wide ones in turns. Raises Busy."""
    if not is_wide(accuracy_m):
        return await to_thread.run_sync(work)
    circles: Turns = request.app.state.circles
    with circles.admitted(asker_of(request, caller)):
        return await circles.compute(work)
