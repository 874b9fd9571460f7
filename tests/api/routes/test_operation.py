"""Health, version, the kinds of problems."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from api.bootstrap import upgrade_database
from api.http.problems import KINDS
from api.settings import Settings
from gridsvc import __version__
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City


@pytest.fixture
def empty(serve: Callable[..., City], tmp_path: Path) -> Client:
    folder = tmp_path / "empty"
    upgrade_database(Settings(data_dir=folder))
    return serve(data_dir=folder, demo=True).client


@pytest.mark.parametrize("address", ["/health/ready", "/healthz", "/api/v1/editions", "/api/v1/people"])
def test_nothing_published_is_not_ready(empty: Client, address: str) -> None:
    answer = empty.get(address)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/not-ready"
    assert int(answer.headers["retry-after"]) > 0


def test_nothing_published_cannot_be_asked(empty: Client) -> None:
    answer = empty.get("/api/v1/resolve?lon=116.4&lat=39.9&datum=WGS84")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")


def test_the_process_lives_without_an_edition(empty: Client) -> None:
    assert empty.get("/health/live").json() == {"status": "live"}


@pytest.mark.parametrize("address", ["/health/ready", "/healthz"])
def test_ready_names_what_answers(client: Client, address: str) -> None:
    said = client.get(address).json()
    state = {"status": "ready", "edition": 1, "roster": 1, "database": "reachable", "writable": True}
    assert said == state | {"ties": {}}


@pytest.mark.parametrize("name", ["gridsvc.db", "gridsvc.db-wal"])
def test_ready_knows_of_a_file_that_is_moved_away_before_anybody_asks_the_database(
    serve: Callable[..., City], city_folder: Path, name: str
) -> None:
    client = serve(data_dir=city_folder).client
    assert client.get("/health/ready").json()["writable"] is True
    (city_folder / name).rename(city_folder / "gone")
    said = client.get("/health/ready").json()
    (city_folder / "gone").rename(city_folder / name)
    assert (said["status"], said["database"], said["writable"]) == ("ready", "unreachable", False)


def test_answers_that_only_the_lowest_code_decided_are_counted_by_body(client: Client) -> None:
    for lon in (116.402, 116.4025):  # on the border of two subdistricts, and inside one
        assert client.get(f"/api/v1/resolve?lon={lon}&lat=39.9003&datum=WGS84").status_code == 200
    assert client.get("/health/ready").json()["ties"] == {"WEST": 1}


def test_version(client: Client) -> None:
    assert client.get("/version").json() == {"name": "gridsvc", "version": __version__, "api": "v1"}


def test_every_kind_of_problem_is_explained(client: Client) -> None:
    listed = client.get("/problems").json()["problems"]
    assert {kind["type"] for kind in listed} == {f"/problems/{name}" for name in KINDS}
    assert client.get("/problems/none-such").status_code == 404


@pytest.mark.parametrize("name", KINDS)
def test_the_type_of_a_problem_opens_a_page_in_both_languages(client: Client, name: str) -> None:
    shown = client.get(f"/problems/{name}", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "accept" in shown.headers["vary"].lower()
    kind = KINDS[name]
    for text in (kind.title, kind.title_zh, kind.remedy, kind.remedy_zh):
        assert escape(text) in shown.text
    assert "$" not in shown.text
    for accept in ("*/*", "application/json"):
        assert client.get(f"/problems/{name}", headers={"Accept": accept}).json()["title"] == kind.title
