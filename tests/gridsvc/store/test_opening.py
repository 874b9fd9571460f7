"""Databases that cannot be used: each is refused with what to do, and no message gives away a path or a password."""

import os
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from gridsvc.errors import InvalidInput, NotReady
from gridsvc.store import back_up, current_schema, downgrade, open_store, upgrade
from tests.fixtures.requirements import need


@pytest.mark.parametrize(
    "url",
    [
        "mysql://planner:secret@db/city",
        "sqlite://",
        "sqlite:///:memory:",
        "no url: secret",
        "postgresql+psycopg2://h/d",
    ],
)
def test_an_unsupported_url_is_refused(url: str) -> None:
    for use in (open_store, upgrade, current_schema):
        with pytest.raises(InvalidInput) as refusal:
            use(url)
        assert "secret" not in refusal.value.message


def test_a_database_that_is_not_there_is_not_ready_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "city.db"
    with pytest.raises(NotReady, match="gridsvc db upgrade") as refusal:
        open_store(f"sqlite:///{file}")
    assert str(tmp_path) not in refusal.value.message
    assert current_schema(f"sqlite:///{file}") is None
    assert not file.exists()


def test_a_database_without_tables_is_not_ready(bare_url: str) -> None:
    if bare_url.startswith("sqlite"):
        Path(make_url(bare_url).database or "").touch()
    assert current_schema(bare_url) is None
    with pytest.raises(NotReady, match="no tables yet; run `gridsvc db upgrade`"):
        open_store(bare_url)


def test_an_emptied_database_is_not_ready(bare_url: str) -> None:
    upgrade(bare_url)
    downgrade(bare_url, "base")
    with pytest.raises(NotReady, match="gridsvc db upgrade"):
        open_store(bare_url)


def test_a_database_of_a_newer_version_is_not_ready(sqlite_url: str, tmp_path: Path) -> None:
    with sqlite3.connect(make_url(sqlite_url).database or "") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for use in (open_store, upgrade, lambda url: back_up(url, tmp_path / "city.backup")):
        with pytest.raises(NotReady, match="newer gridsvc"):
            use(sqlite_url)
    assert not list(tmp_path.glob("*.backup*"))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    upgrade(url)
    return url


def test_a_file_that_is_no_database_is_not_ready(tmp_path: Path) -> None:
    file = tmp_path / "city.db"
    file.write_bytes(b"this is a letter, not a database\n" * 300)
    for use in (open_store, upgrade):
        with pytest.raises(NotReady, match="no SQLite database"):
            use(f"sqlite:///{file}")


def test_a_folder_that_cannot_be_made_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotReady, match="folder") as refusal:
        upgrade(f"sqlite:///{tmp_path}/file/city.db")
    assert str(tmp_path) not in refusal.value.message


def test_a_server_that_does_not_answer_is_not_ready() -> None:
    with pytest.raises(NotReady, match="cannot be reached") as refusal:
        open_store("postgresql://planner:secret@127.0.0.1:1/city")
    assert "secret" not in refusal.value.message
    assert "127.0.0.1" not in refusal.value.message


@pytest.mark.postgis
@pytest.mark.parametrize("wrong", [{"username": "nobody_here"}, {"database": "nothing_here"}])
def test_a_server_that_refuses_is_told_from_one_that_does_not_answer(wrong: dict[str, str]) -> None:
    base = os.environ.get("GRIDSVC_TEST_POSTGIS_URL", "")
    need("postgis", bool(base), "set GRIDSVC_TEST_POSTGIS_URL")
    with pytest.raises(NotReady, match="refuses this user"):
        open_store(make_url(base).set(**wrong).render_as_string(hide_password=False))


@pytest.mark.postgis
def test_a_database_without_postgis_is_not_ready() -> None:
    base = os.environ.get("GRIDSVC_TEST_POSTGIS_URL", "")
    need("postgis", bool(base), "set GRIDSVC_TEST_POSTGIS_URL")
    name = f"bare_{os.getpid()}"
    server = make_url(base).set(drivername="postgresql")
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            bare = server.set(database=name).render_as_string(hide_password=False)
            for use in (open_store, upgrade):
                with pytest.raises(NotReady, match="CREATE EXTENSION postgis"):
                    use(bare)
        finally:
            connection.execute(f"DROP DATABASE {name}")
