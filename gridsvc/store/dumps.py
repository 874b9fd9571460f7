"""Dumps of a PostgreSQL database by its own tools, which must be on the PATH."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, inspect, text

from gridsvc.errors import Conflict, InvalidInput, NotReady
from gridsvc.store.database import Database, connect_engine
from gridsvc.store.migrations import REVISIONS


def dump(url: URL, file: Path) -> None:
    """Write the tables of the database's schema, as of one moment, and read the dump's contents back."""
    schema, _ = _look(url)
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--schema={schema}", f"--file={file}")
    _list_of(url, file)


def load_dump(url: URL, file: Path, *, replace: bool) -> None:
    """Bring a dump back in one transaction. Conflict where tables are there and `replace` was not said; InvalidInput
    for the dump of a newer program, before anything is touched.
    """
    listed = _list_of(url, file)
    if _schema_of(url, file) not in REVISIONS:
        raise InvalidInput(f"{file.name} was made by a newer gridsvc; install that version")
    schema, has_tables = _look(url)
    if has_tables and not replace:
        raise Conflict("the database has tables: say --replace to drop them first")
    # The schema itself is there, and PostGIS may live in it.
    wanted = [line for line in listed.splitlines() if line and not line.startswith(";") and " SCHEMA " not in line]
    names = file.with_name(f".{file.name}.list")
    try:
        names.write_text("\n".join(wanted), "utf-8")
        clean = ["--clean", "--if-exists"] if replace else []
        options = ["--single-transaction", "--no-owner", "--no-privileges", f"--use-list={names}", *clean]
        _run("pg_restore", url, *options, f"--schema={schema}", str(file))
    finally:
        names.unlink(missing_ok=True)


def _look(url: URL) -> tuple[str, bool]:
    """(the schema that our tables are in, whether they are there)."""
    with closing(Database(connect_engine(url))) as database, database.read() as connection:
        schema = str(connection.scalar(text("SELECT current_schema()")))
        return schema, inspect(connection).has_table("alembic_version")


def _list_of(url: URL, file: Path) -> str:
    listed = _run("pg_restore", url, "--list", str(file), connects=False)
    if " TABLE " not in listed or "alembic_version" not in listed:
        raise InvalidInput(f"{file.name} is no backup of gridsvc")
    return listed


def _schema_of(url: URL, file: Path) -> str:
    """The revision that a dump's tables have."""
    told = _run("pg_restore", url, "--data-only", "--table=alembic_version", "--file=-", str(file), connects=False)
    rows = told.partition("FROM stdin;\n")[2]
    return rows.partition("\n")[0]


def _address_of(url: URL) -> str:
    """For the tools, with all that the URL says of the connection but the password."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - a third of a second, not for those on SQLite

    about: dict[str, Any] = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    return make_conninfo(**about | {name: ",".join(values) for name, values in url.normalized_query.items()})


def _run(tool: str, url: URL, *arguments: str, connects: bool = True) -> str:
    """One tool to its end. The password goes by the environment: arguments are for everybody to see."""
    path = shutil.which(tool)
    if path is None:
        raise NotReady(f"{tool} is not on the PATH: install PostgreSQL's client programs, or have its host do it")
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    command = [path, *([f"--dbname={_address_of(url)}"] if connects else []), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if "error" in line), "").partition("error: ")[2]
        raise InvalidInput(f"{tool} refused: {reason or 'see its log'}")
    return done.stdout
