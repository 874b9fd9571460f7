"""Databases and folders that cannot be used: told in one line before anything is served; and one that goes away."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.bootstrap import build_services, open_store, upgrade_database
from api.settings import Settings
from gridsvc.errors import NotReady
from tests.fixtures.served_city import City


def use_open(settings: Settings) -> None:
    with open_store(settings):
        pass


USES = [upgrade_database, build_services, use_open]


@pytest.mark.parametrize("use", USES)
def test_a_data_folder_that_is_a_file_is_not_ready(tmp_path: Path, use: Callable[[Settings], object]) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(NotReady, match="check GRIDSVC_DATA_DIR"):
            use(Settings(data_dir=folder))


@pytest.mark.parametrize("use", USES)
def test_a_data_folder_without_rights_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: Callable[[Settings], object]
) -> None:
    # Who runs the tests may be the superuser, whom no rights hold back.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(NotReady, match="the folder's rights"):
        use(Settings(data_dir=tmp_path))


@pytest.mark.parametrize("use", USES)
def test_a_file_that_is_no_database_is_not_ready(tmp_path: Path, use: Callable[[Settings], object]) -> None:
    (tmp_path / "gridsvc.db").write_bytes(b"this is a letter\n" * 500)
    with pytest.raises(NotReady, match="no SQLite database"):
        use(Settings(data_dir=tmp_path))


def test_without_its_database_the_service_answers_on_and_says_so(serve: Callable[..., City], city_folder: Path) -> None:
    client = serve(demo=True).client

    def becomes(wanted: str) -> bool:
        end = time.monotonic() + 10
        while database() != wanted and time.monotonic() < end:
            time.sleep(0.05)
        return database() == wanted

    def database() -> str:
        answer = client.get("/health/ready")
        assert answer.status_code == 200
        return str(answer.json()["database"])

    assert database() == "reachable"
    with sqlite3.connect(city_folder / "gridsvc.db") as connection:
        connection.execute("ALTER TABLE edition RENAME TO gone")
    assert becomes("unreachable")
    assert client.get("/api/v1/resolve?lon=116.4005&lat=39.9013&datum=WGS84").status_code == 200
    assert client.get("/api/v1/people").status_code == 200
    with sqlite3.connect(city_folder / "gridsvc.db") as connection:
        connection.execute("ALTER TABLE gone RENAME TO edition")
    connection.close()
    assert becomes("reachable")
