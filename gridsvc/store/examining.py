"""What a database is, and whether it is sound: for who looks after it."""

from sqlalchemy import func, select, text

from gridsvc.model.operation import DatabaseFacts
from gridsvc.store.database import Database
from gridsvc.store.schema import schema_of
from gridsvc.store.work_tables import outbox


class Examining:
    """The part of the store that answers `OperationStore`."""

    _database: Database

    def examine(self) -> DatabaseFacts:
        """Reads the whole file of an embedded database: minutes for gigabytes."""
        with self._database.read() as connection:
            messages, newest = connection.execute(select(func.count(), func.max(outbox.c.at))).one()
            schema = schema_of(connection)
            if self._database.is_sqlite:
                product = f"SQLite {connection.scalar(text('SELECT sqlite_version()'))}"
                said = connection.scalar(text("PRAGMA quick_check(1)"))
                clock, fault = None, None if said == "ok" else "the file is damaged; restore it from a backup"
            else:
                version = connection.scalar(text("SHOW server_version"))
                product = f"PostgreSQL {version}, PostGIS {connection.scalar(text('SELECT postgis_lib_version()'))}"
                clock, fault = connection.scalar(select(func.clock_timestamp())), None
        return DatabaseFacts(
            product=product, schema=schema, clock=clock, fault=fault, messages=messages, newest_message=newest
        )

    def has_its_files(self) -> bool:
        """Always, of a database server."""
        return self._database.has_its_files()
