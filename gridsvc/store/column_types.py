"""Column types that mean the same on SQLite and on PostGIS; geometry crosses as WKB, byte for byte."""

from datetime import UTC, datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, LargeBinary, Text, TypeDecorator, func

from gridsvc.errors import InvalidInput

SRID = 4326


class PostgisGeometry(Geometry):
    """A real `geometry(GEOMETRY, 4326)` column that takes and gives plain WKB instead of GeoAlchemy2's elements.

    Used as a variant of a binary column only: GeoAlchemy2's table hooks, which make indexes of their own and
    stumble over decorated types, then see no spatial column and keep away.
    """

    as_binary = "ST_AsBinary"
    cache_ok = True

    def __init__(self) -> None:
        super().__init__("GEOMETRY", srid=SRID, spatial_index=False)

    def bind_expression(self, bindvalue: ColumnElement[Any]) -> ColumnElement[Any]:
        """WKB carries no reference system, so it is given beside."""
        return func.ST_GeomFromWKB(bindvalue, SRID, type_=self)

    def bind_processor(self, dialect: Dialect) -> None:
        """Bytes go as they are."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Bytes come as they are."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, comes back aware, whatever the session's time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps text without an offset, so it must be UTC before."""
        if value is None:
            return None
        instant = as_utc(value)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Add the offset that SQLite does not keep, turn PostgreSQL's into UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_utc(value: datetime) -> datetime:
    """The same instant in UTC; a time without offset is refused, because no zone is guessed."""
    if value.tzinfo is None:
        msg = f"{value.isoformat()} has no UTC offset; say one, e.g. {value.isoformat()}+08:00"
        raise InvalidInput(msg)
    return value.astimezone(UTC)


ID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up only a column that is declared INTEGER."""

CODE = Text().with_variant(Text(collation="C"), "postgresql")
"""Text ordered by code point on both databases, as Python orders it."""

WKB = LargeBinary().with_variant(PostgisGeometry(), "postgresql")
