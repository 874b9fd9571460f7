"""The outbox, numbered in the order of commits."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, func, select, text
from sqlalchemy import Row as SqlRow

from gridsvc.model.work import Message, Topic
from gridsvc.store.answers import decode_codes, encode_codes
from gridsvc.store.bulk import insert_together
from gridsvc.store.database import Database
from gridsvc.store.work_tables import outbox

_OUTBOX_LOCK = 7_011_960
"""Any number, as long as it is always the same: on PostgreSQL one transaction at a time numbers messages."""

# Made once: every recorded incident needs them, and building a statement takes longer than running it.
_NEWEST = select(func.max(outbox.c.number))
_OLDEST = select(func.min(outbox.c.number))
_TAKE_TURN = text("SELECT pg_advisory_xact_lock(:key)")


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


def tell(connection: Connection, messages: Sequence[Message]) -> None:
    """Put messages into the outbox, last in a transaction: from here to its commit nobody else can number one."""
    if not messages:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_TURN, {"key": _OUTBOX_LOCK})
    newest = _newest(connection)
    rows = [_encode(message, newest + count) for count, message in enumerate(messages, start=1)]
    insert_together(connection, outbox, rows)


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
