"""Replies to requests that may come again, by account, route and key."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import Connection, TextualSelect, text

from gridsvc.model.incidents import Reply
from gridsvc.store.bulk import delete_many, insert_together
from gridsvc.store.work_tables import reply

Name = tuple[str, str, str]
"""Login, route, key."""

_CLAIM = text("SELECT n FROM unnest(CAST(:numbers AS bigint[])) AS n WHERE pg_try_advisory_xact_lock(n)")
_PARTS = ("login", "route", "key")
_MEMBERS = tuple(column.name for column in reply.c)


class ReplyWork:
    """The part of a transaction that answers `gridsvc.ports.recording.ReplyWork`."""

    _connection: Connection

    def claim_key(self, login: str, route: str, key: str) -> bool:
        """See `claim_keys`."""
        return bool(claim_keys(self._connection, [(login, route, key)]))

    def find_reply(self, login: str, route: str, key: str) -> Reply | None:
        """What was answered before."""
        return find_replies(self._connection, [(login, route, key)]).get((login, route, key))

    def keep_reply(self, given: Reply) -> None:
        """In place of an older one."""
        forget_replies(self._connection, [(given.login, given.route, given.key)])
        add_replies(self._connection, [given])


def claim_keys(connection: Connection, names: Iterable[Name]) -> set[Name]:
    """Those that no other transaction is answering; none will until this one ends.

    On SQLite all of them: this transaction has the only write lock, so nobody else is at anything.
    """
    numbers = {name: _number_of(name) for name in names}
    if connection.dialect.name == "sqlite" or not numbers:
        return set(numbers)
    free = set(connection.scalars(_CLAIM, {"numbers": list(numbers.values())}))
    return {name for name, number in numbers.items() if number in free}


def find_replies(connection: Connection, names: Sequence[Name]) -> dict[Name, Reply]:
    """What was answered before, whenever that was."""
    if not names:
        return {}
    given = {f"{part}{row}": text for row, name in enumerate(names) for part, text in zip(_PARTS, name, strict=True)}
    rows = connection.execute(_find(len(names)), given)
    return {(row.login, row.route, row.key): Reply(**row._asdict()) for row in rows}


@lru_cache(maxsize=64)
def _find(count: int) -> TextualSelect:
    """For so many names. As a join, because SQLite looks at every row to find a tuple `IN` a list."""
    rows = ", ".join(f"(:login{row}, :route{row}, :key{row})" for row in range(count))
    wanted = f"(VALUES {rows}) AS wanted"  # with names of columns that both databases give
    found = "login = wanted.column1 AND route = wanted.column2 AND key = wanted.column3"
    return text(f"SELECT {', '.join(_MEMBERS)} FROM {wanted} JOIN reply ON {found}").columns(*reply.c)  # noqa: S608


def add_replies(connection: Connection, replies: Sequence[Reply]) -> None:
    """Keep new ones."""
    rows = [{name: getattr(given, name) for name in _MEMBERS} for given in replies]
    insert_together(connection, reply, rows)


def forget_replies(connection: Connection, names: Sequence[Name]) -> None:
    """Free their keys."""
    delete_many(connection, reply, names)


def _number_of(name: Name) -> int:
    """For PostgreSQL's advisory locks, which have numbers."""
    return int.from_bytes(blake2b("\0".join(name).encode(), digest_size=8).digest(), signed=True)
