"""Requests that may come again: a key, the same answer each time, and the thing made once.

A client that lost the answer on its way sends the request again with the same `Idempotency-Key`. The first answer is
kept in the transaction that did the work, so there is either both or neither, whenever a process is killed.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Request

from api.access.allowing import Access
from api.http.errors import RequestProblem
from api.http.problems import IN_FLIGHT, KEY_REUSED, PARAMETERS
from gridsvc.model.incidents import Reply
from gridsvc.model.work import Message
from gridsvc.ports import Work

HEADER = "Idempotency-Key"
KEPT = timedelta(days=7)
RETRY_AFTER_S = 1
_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_held: set[tuple[str, str, str]] = set()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Claim:
    """A request with its key: whose it is, on which route, and the digest of its body."""

    login: str
    route: str
    key: str
    body_digest: str


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
    with _holding(claim):
        kept = _find(access, claim, store.find_reply(claim.login, claim.route, claim.key))
        if kept is not None:
            return kept
        write = prepare()
        with store.begin() as work:
            if not work.claim_key(claim.login, claim.route, claim.key):
                raise _in_flight()
            # Another process may have answered since we looked.
            kept = _find(access, claim, work.find_reply(claim.login, claim.route, claim.key))
            if kept is not None:
                return kept
            answer = write(work)
            _keep(access, claim, work, answer)
            return _told(work, answer)


def _told(work: Work, answer: Answer) -> Answer:
    work.tell(answer.messages)
    return answer


def _keep(access: Access, claim: Claim, work: Work, answer: Answer) -> None:
    now = access.services.settings.now()
    reply = Reply(
        login=claim.login,
        route=claim.route,
        key=claim.key,
        body_digest=claim.body_digest,
        status=answer.status,
        body=answer.body,
        at=now,
    )
    work.keep_reply(reply, now - KEPT)


def _find(access: Access, claim: Claim, reply: Reply | None) -> Answer | None:
    """The answer that was kept, if it is young enough."""
    if reply is None or reply.at < access.services.settings.now() - KEPT:
        return None
    if reply.body_digest != claim.body_digest:
        raise RequestProblem(KEY_REUSED, "This key came before with another body: take a new key for a new request.")
    return Answer(reply.status, bytes(reply.body), replayed=True)


@contextmanager
def _holding(claim: Claim) -> Iterator[None]:
    """Keep the same key from being answered twice at once in this process."""
    name = (claim.login, claim.route, claim.key)
    with _lock:
        if name in _held:
            raise _in_flight()
        _held.add(name)
    try:
        yield
    finally:
        with _lock:
            _held.discard(name)


def _in_flight() -> RequestProblem:
    return RequestProblem(IN_FLIGHT, "A request with this key is being answered just now.", retry_after_s=RETRY_AFTER_S)
