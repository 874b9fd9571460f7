"""The outbox, numbered in the order of commits, and replies to requests that may come again."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, func, insert, select, text
from sqlalchemy import Row as SqlRow

from gridsvc.model.incidents import Reply
from gridsvc.model.work import Message, Topic
from gridsvc.store.answers import decode_codes, encode_codes
from gridsvc.store.database import Database
from gridsvc.store.work_tables import outbox, reply

KEPT = timedelta(days=7)
_SWEPT_AT_ONCE = 100
"""Old messages that go with one telling: more than one telling adds, and few enough to hold nobody up."""

_OUTBOX_LOCK = 7_011_960
"""Any number, as long as it is always the same: on PostgreSQL one transaction at a time numbers messages."""

# Made once: every recorded incident needs them, and building a statement takes longer than running it.
_NEWEST = select(func.max(outbox.c.number))
_OLDEST = select(func.min(outbox.c.number))
_TAKE_TURN = text("SELECT pg_advisory_xact_lock(:key)")
_ADD_MESSAGE = insert(outbox)
_SWEEP = delete(outbox).where(outbox.c.number < bindparam("below"), outbox.c.at < bindparam("before"))
_FIND_REPLY = select(reply).where(
    reply.c.login == bindparam("of_login"), reply.c.route == bindparam("of_route"), reply.c.key == bindparam("of_key")
)
_ADD_REPLY = insert(reply)
_FORGET_REPLIES = delete(reply).where(reply.c.at < bindparam("before"))


class Live:
    """The part of the store that answers `LiveStore`."""

    _database: Database

    def last_message(self) -> int:
        """0 where there is none."""
        with self._database.read() as connection:
            return _newest(connection)

    def first_message(self) -> int:
        """0 where there is none."""
        with self._database.read() as connection:
            return _oldest(connection)

    def list_messages(self, after: int, limit: int) -> list[Message]:
        """In order."""
        wanted = select(outbox).where(outbox.c.number > after).order_by(outbox.c.number).limit(limit)
        with self._database.read() as connection:
            return [_decode(row) for row in connection.execute(wanted)]


class LiveWork:
    """The part of a transaction that answers `gridsvc.ports.live.LiveWork`."""

    _connection: Connection

    def tell(self, messages: Sequence[Message]) -> None:
        """To be called last: from here to the commit nobody else can number a message."""
        tell(self._connection, messages)

    def find_reply(self, login: str, route: str, key: str) -> Reply | None:
        """What was answered before."""
        return find_reply(self._connection, login, route, key)

    def keep_reply(self, given: Reply, forget_before: datetime) -> None:
        """Older ones go."""
        self._connection.execute(_FORGET_REPLIES, {"before": forget_before})
        self._connection.execute(_ADD_REPLY, asdict(given))


def find_reply(connection: Connection, login: str, route: str, key: str) -> Reply | None:
    """What was answered to a request with this key."""
    row = connection.execute(_FIND_REPLY, {"of_login": login, "of_route": route, "of_key": key}).first()
    return None if row is None else Reply(**row._asdict())


def tell(connection: Connection, messages: Sequence[Message]) -> None:
    """Put messages into the outbox, last in a transaction: from here to its commit nobody else can number one."""
    if not messages:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_TURN, {"key": _OUTBOX_LOCK})
    newest = _newest(connection)
    rows = [_encode(message, newest + count) for count, message in enumerate(messages, start=1)]
    connection.execute(_ADD_MESSAGE, rows)
    # The newest ones stay whatever their age: the next number follows from them.
    below = min(_oldest(connection) + _SWEPT_AT_ONCE, newest)
    connection.execute(_SWEEP, {"below": below, "before": messages[-1].at - KEPT})


def _oldest(connection: Connection) -> int:
    return connection.scalar(_OLDEST) or 0


def _newest(connection: Connection) -> int:
    return connection.scalar(_NEWEST) or 0


def _encode(message: Message, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "at": message.at,
        "topic": message.topic.value,
        "body": orjson.dumps(message.body).decode(),
        "areas": encode_codes(message.areas),
        "departments": encode_codes(message.departments),
        "made_by": message.made_by,
    }


def _decode(row: SqlRow[Any]) -> Message:
    return Message(
        number=row.number,
        at=row.at,
        topic=Topic(row.topic),
        body=orjson.loads(row.body),
        areas=decode_codes(row.areas),
        departments=decode_codes(row.departments),
        made_by=row.made_by,
    )
