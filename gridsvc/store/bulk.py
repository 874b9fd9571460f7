"""Many rows at once, as each database takes them fastest: executemany on SQLite, arrays on PostgreSQL.

Sent row by row, PostgreSQL spends the time on messages; COPY cannot pass over rows that are known.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, column, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from gridsvc.store.column_types import SRID, PostgisGeometry


def insert_many(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, skip_known: bool = False
) -> None:
    """Insert rows that all have the same columns; `skip_known` passes over those that break a unique constraint."""
    if not rows:
        return
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    if connection.dialect.name == "sqlite":
        # Past SQLAlchemy, which would look at each value of each row for a quarter of the time that the lock is held.
        pick = itemgetter(*names)
        connection.exec_driver_sql(_sqlite_insert(table, names, skip_known), [pick(row) for row in rows])
        return
    connection.execute(
        _postgresql_insert(table, names, skip_known), {name: [row[name] for row in rows] for name in names}
    )


@cache
def _postgresql_insert(table: Table, names: tuple[str, ...], skip_known: bool) -> postgresql.Insert:
    """From an array for each name; made once, since building it takes longer than running it for a few rows."""
    kinds = [type(table.c[name].type)() for name in names]
    arrays = [bindparam(name, type_=postgresql.ARRAY(kind)) for name, kind in zip(names, kinds, strict=True)]
    given = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in zip(names, kinds, strict=True)))
    given = given.render_derived()
    values = [
        func.ST_GeomFromWKB(given.c[name], SRID, type_=PostgisGeometry()) if name == "geometry" else given.c[name]
        for name in names
    ]
    return _insert(table, skip_known).from_select(names, select(*values))


def _insert(table: Table, skip_known: bool) -> postgresql.Insert:
    # PostgreSQL's construct gives the same ON CONFLICT clause on SQLite.
    insert = postgresql.insert(table)
    return insert.on_conflict_do_nothing() if skip_known else insert


def insert_together(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """As `insert_many`, for tens of rows while other threads are busy: one statement on SQLite too.

    There each step of a statement lets other threads run, and waits until one of them lets go: a step for each row
    takes longer than all the work.
    """
    if not rows or connection.dialect.name != "sqlite":
        insert_many(connection, table, rows)
        return
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    encoders = _sqlite_encoders(table, names)
    values: list[Any] = []
    for row in rows:
        values += [row[name] if encode is None else encode(row[name]) for name, encode in encoders]
    connection.exec_driver_sql(_sqlite_insert_together(table, names, len(rows)), tuple(values))


@cache
def _sqlite_encoders(table: Table, names: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Each name with what turns its values into the driver's, None where they are that already."""
    dialect = sqlite.dialect()
    return [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]


@lru_cache(maxsize=256)
def _sqlite_insert_together(table: Table, names: tuple[str, ...], count: int) -> str:
    more = f", ({', '.join('?' * len(names))})" * (count - 1)
    return _sqlite_insert(table, names, skip_known=False) + more


@cache
def _sqlite_insert(table: Table, names: tuple[str, ...], skip_known: bool) -> str:
    """With a question mark for each name; both are in the order of the table."""
    insert = _insert(table, skip_known).values({name: text("?") for name in names})
    return str(insert.inline().compile(dialect=sqlite.dialect()))


def delete_many(
    connection: Connection, table: Table, keys: Sequence[Sequence[Any]], *conditions: ColumnElement[bool]
) -> None:
    """Delete rows by the columns of their primary key, in the order of the table; only where conditions hold."""
    if not keys:
        return
    columns = list(table.primary_key.columns)
    names = [f"key_{column.name}" for column in columns]
    matches = [column == bindparam(name) for column, name in zip(columns, names, strict=True)]
    given = [dict(zip(names, key, strict=True)) for key in keys]
    connection.execute(delete(table).where(*matches, *conditions), given)
