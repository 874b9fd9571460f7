"""Requests that may come again: a key, the same answer each time, and the thing made once.

A client that lost the answer on its way sends the request again with the same `Idempotency-Key`. The first answer is
kept in the transaction that did the work, so there is either both or neither, whenever a process is killed.
"""

import asyncio
import hashlib
import re
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from anyio import to_thread
from fastapi import Request

from api.access.allowing import Access
from api.http.errors import RequestProblem
from api.http.problems import IN_FLIGHT, KEY_REUSED, PARAMETERS
from gridsvc.model.incidents import Reply
from gridsvc.model.work import Message
from gridsvc.ports import Work
from gridsvc.ports.recording import Claim, Fate, Outcome, Report

HEADER = "Idempotency-Key"
KEPT = timedelta(days=7)
RETRY_AFTER_S = 1
_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_held: set[tuple[str, str, str]] = set()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and told to others where the work was done now. `replayed`: it was done before."""

    status: int
    body: bytes
    messages: Sequence[Message] = field(default=())
    replayed: bool = False


Write = Callable[[Work], Answer]


def find_key(request: Request) -> str | None:
    """The request's key. Raises the 422 problem for one that is empty, too long or no printable ASCII, or for two."""
    given = request.headers.getlist(HEADER)
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        detail = f"{HEADER}: send one, of 1 to 255 printable ASCII characters."
        raise RequestProblem(PARAMETERS, detail, errors=[{"parameter": HEADER, "detail": "1 to 255 ASCII characters"}])
    return given[0]


def claim_of(key: str | None, login: str | None, route: str, body: bytes) -> Claim | None:
    """The claim of a request with a key; without one each request is a new one."""
    if key is None or login is None:
        return None
    return Claim(login, route, key, hashlib.sha256(body).hexdigest())


def kept_since(access: Access) -> datetime:
    """The instant before which keys are forgotten."""
    return access.services.settings.now() - KEPT


def answer_once(access: Access, claim: Claim | None, prepare: Callable[[], Write]) -> Answer:
    """What was answered before, or now: `prepare` decides and computes, what it returns writes, in one transaction.

    Raises the 409 problems for a key that came with another body and for one whose request is still being answered.
    Errors are not kept: a request that failed can be sent again.
    """
    store = access.services.store
    if claim is None:
        write = prepare()
        with store.begin() as work:
            return _told(work, write(work))
    with _Hold(claim):
        kept = _look(access, claim)
        if kept is not None:
            return kept
        write = prepare()
        with store.begin() as work:
            if not work.claim_key(*claim.name):
                raise _in_flight()
            # Another process may have answered since we looked.
            kept = _find(access, claim, work.find_reply(*claim.name))
            if kept is not None:
                return kept
            answer = write(work)
            _keep(access, claim, work, answer)
            return _told(work, answer)


async def record_once(access: Access, claim: Claim | None, prepare: Callable[[], Awaitable[Report]]) -> Answer:
    """As `answer_once`, for what is recorded together with others. Looks for an answer that was kept when it records,
    or when `prepare` raises: what was accepted once stays so.
    """
    store = access.services.store
    with _Hold(claim) as hold:
        try:
            report = await prepare()
        except Exception:
            kept = None if claim is None else await to_thread.run_sync(_look, access, claim)
            if kept is None:
                raise
            return kept
        told = store.record(report)
        hold.until(told)
    outcome = await asyncio.wrap_future(told)
    if outcome.fate is Fate.KEY_REUSED:
        raise _key_reused()
    if outcome.fate is Fate.IN_FLIGHT:
        raise _in_flight()
    return Answer(outcome.status, outcome.body, replayed=outcome.fate is Fate.REPLAYED)


def _look(access: Access, claim: Claim) -> Answer | None:
    return _find(access, claim, access.services.store.find_reply(*claim.name))


def _told(work: Work, answer: Answer) -> Answer:
    work.tell(answer.messages)
    return answer


def _keep(access: Access, claim: Claim, work: Work, answer: Answer) -> None:
    reply = Reply(
        login=claim.login,
        route=claim.route,
        key=claim.key,
        body_digest=claim.body_digest,
        status=answer.status,
        body=answer.body,
        at=access.services.settings.now(),
    )
    work.keep_reply(reply)


def _find(access: Access, claim: Claim, reply: Reply | None) -> Answer | None:
    """The answer that was kept, if it is young enough."""
    if reply is None or reply.at < kept_since(access):
        return None
    if reply.body_digest != claim.body_digest:
        raise _key_reused()
    return Answer(reply.status, bytes(reply.body), replayed=True)


class _Hold:
    """Keeps the same key from being answered twice at once in this process: until its block ends, or what follows."""

    def __init__(self, claim: Claim | None) -> None:
        self._name = None if claim is None else claim.name
        self._goes_on = False

    def __enter__(self) -> Self:
        if self._name is not None:
            with _lock:
                if self._name in _held:
                    raise _in_flight()
                _held.add(self._name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self._goes_on:
            self._end()

    def until(self, told: "Future[Outcome]") -> None:
        """Hold on beyond the block, whatever becomes of who waits."""
        self._goes_on = True
        told.add_done_callback(lambda _: self._end())

    def _end(self) -> None:
        if self._name is not None:
            with _lock:
                _held.discard(self._name)


def _key_reused() -> RequestProblem:
    detail = "This key came before with another body: take a new key for a new request."
    return RequestProblem(KEY_REUSED, detail, zh="此幂等键已用于其他内容：新的请求请换用新的键。")


def _in_flight() -> RequestProblem:
    detail = "A request with this key is being answered just now."
    return RequestProblem(IN_FLIGHT, detail, zh="同一幂等键的请求正在处理。", retry_after_s=RETRY_AFTER_S)
