"""The schema of a database: which revision it has, and migrations up and down, without an ini file."""

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, func, inspect, select, text

from gridsvc.errors import NotReady
from gridsvc.store.database import Database, connect_engine, parse_url, sqlite_path
from gridsvc.store.migrations import REVISIONS
from gridsvc.store.sweeping import sweep

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATION_LOCK = 7_011_958
"""Any number, as long as it is always the same: two `db upgrade` at once wait for each other on PostgreSQL."""


def upgrade(url: str) -> None:
    """Bring the database to the newest schema; on SQLite it is made where it is absent. Leftovers are swept."""
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotReady("the folder of the database cannot be made; check its name and rights") from error
    migrate(parsed, "upgrade", "head")
    with closing(Database(connect_engine(parsed))) as database:
        sweep(database, datetime.now(UTC))


def downgrade(url: str, revision: str) -> None:
    """Bring the database back to an older schema ("base": empty). What the newer one held beyond it is lost."""
    parsed = parse_url(url)
    check_file(parsed)
    migrate(parsed, "downgrade", revision)


def current_schema(url: str) -> str | None:
    """The revision that the database has, None when it has no tables."""
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    if path is not None and not path.exists():
        return None
    database = Database(connect_engine(parsed))
    try:
        with database.read() as connection:
            return schema_of(connection)
    finally:
        database.close()


def schema_of(connection: Connection) -> str | None:
    """The revision that a connected database has."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def check_file(url: URL) -> None:
    """Refuse an embedded database that is not there, instead of making an empty one by looking."""
    path = sqlite_path(url)
    try:
        is_absent = path is not None and not path.is_file()
    except OSError as error:
        raise NotReady("the folder of the database cannot be read; check its rights") from error
    if is_absent:
        raise NotReady("there is no database yet; run `gridsvc db upgrade`")


def check_schema(database: Database) -> None:
    """Refuse a database whose tables are not those of this program."""
    with database.read() as connection:
        check_postgis(connection)
        current = schema_of(connection)
    if current == REVISIONS[-1]:
        return
    if current is None:
        raise NotReady("the database has no tables yet; run `gridsvc db upgrade`")
    check_known(current)
    raise NotReady("the database has an older schema; run `gridsvc db upgrade`")


def check_known(revision: str | None) -> None:
    """Refuse the schema of a newer program, which nothing here can read, upgrade or back up."""
    if revision is not None and revision not in REVISIONS:
        raise NotReady("the database was made by a newer gridsvc; install that version")


def check_postgis(connection: Connection) -> None:
    """Refuse a PostgreSQL database without the extension."""
    if connection.dialect.name != "postgresql":
        return
    if connection.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")) is None:
        raise NotReady("the database has no PostGIS; have its administrator run CREATE EXTENSION postgis in it")


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see REVISIONS

    config = Config()
    config.set_main_option("script_location", "gridsvc.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: URL, direction: str, revision: str) -> None:
    """Bring a database "upgrade" or "downgrade" to a revision, in one transaction."""
    from alembic import command  # noqa: PLC0415 - see REVISIONS

    database = Database(connect_engine(url, foreign_keys=False))
    try:
        with database.write() as connection:
            check_postgis(connection)
            check_known(schema_of(connection))
            if not database.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            config = _config()
            config.attributes["connection"] = connection
            getattr(command, direction)(config, revision)
    finally:
        database.close()
