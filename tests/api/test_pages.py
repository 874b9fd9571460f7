"""The pages and their files."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from api.page_drawing import prepare_pages
from api.settings import Settings
from gridsvc.model.accounts import Action
from maps.assets import static_folder
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City


def test_a_page_that_was_not_drawn_is_not_ready(serve: Callable[..., City]) -> None:
    answer = serve(demo=True).client.get("/")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")


@pytest.mark.parametrize(
    "path",
    [
        "../pages.py",
        "%2e%2e/pages.py",
        "..%2fpages.py",
        "/etc/passwd",
        "%00",
        "vendor",
        "a" * 5000,
        "",
    ],
)
def test_no_path_leaves_the_assets(client: Client, path: str) -> None:
    assert client.get(f"/assets/{path}").status_code == 404


def test_an_asset_is_asked_for_again_and_not_sent_again(client: Client) -> None:
    name = next(path for path in sorted(static_folder().rglob("*.js")) if "vendor" not in path.parts)
    address = f"/assets/{name.relative_to(static_folder()).as_posix()}"
    first = client.get(address)
    assert first.content == name.read_bytes()
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_docs_load_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "://" not in page.text
    assert "<script>" not in page.text
    assert client.get("/docs/start.js").headers["content-type"].startswith("text/javascript")


def test_the_rights_are_a_page_that_the_docs_lead_to(client: Client) -> None:
    assert "(docs/rights)" in client.get("/openapi.json").json()["info"]["description"]
    page = client.get("/docs/rights")
    assert page.headers["content-type"].startswith("text/html")
    for action in Action:
        assert f"<td><code>{action.value}</code></td>" in page.text
    assert "<th scope=col>duty chief</th>" in page.text
    assert "<strong>scope</strong>: the account's territory" in page.text
    assert not re.search(r"\*\*|^- |`|://|<script", page.text, re.MULTILINE)


def test_the_page_is_drawn_once_by_a_process_of_its_own(serve: Callable[..., City], city_folder: Path) -> None:
    settings = Settings(data_dir=city_folder, city_name="Tiny City")
    prepare_pages(settings)
    drawn = (settings.page_dir / "console.html").stat().st_mtime_ns
    prepare_pages(settings)
    assert (settings.page_dir / "console.html").stat().st_mtime_ns == drawn
    page = serve(demo=True).client.get("/")
    assert page.status_code == 200
    assert "Tiny City" in page.text
