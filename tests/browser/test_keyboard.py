"""Everything that a click does can be done with the keyboard, and axe finds nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maps.build_assets import WORKSHOP, install_packages
from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, which comes with the front-end packages."""
    source = WORKSHOP / "node_modules" / "axe-core" / "axe.min.js"
    if not source.is_file():
        install_packages()
    return source.read_text("utf-8")


def faults(page: Page, axe: str) -> list[Any]:
    page.evaluate(axe)
    found: list[Any] = page.evaluate(
        "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
    )
    return found


def test_a_pair_with_latitude_first_is_refused_with_the_right_way_round(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open()
    page.keyboard.press("/")
    expect(page.locator("#place-text")).to_be_focused()
    page.keyboard.type("39.9013, 116.4003")
    page.keyboard.press("Enter")
    expect(page.locator("#place-error")).to_contain_text("116.4003, 39.9013")
    page.locator("#place-text").fill("somewhere")
    page.keyboard.press("Enter")
    expect(page.locator("#place-error")).to_contain_text("Write longitude, latitude")
    expect(page.locator('[data-state="empty"]')).to_be_visible()


def test_pasted_coordinates_are_found(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.keyboard.press("/")
    page.keyboard.type("(116.4003, 39.9013)")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("A1")


def test_enter_asks_about_the_centre_and_escape_clears(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open("?view=18/39.9005/116.4015")
    expect(page.locator(".crosshair")).to_be_hidden()
    while not page.evaluate("document.activeElement.id === 'map_city'"):
        page.keyboard.press("Tab")
    expect(page.locator(".crosshair")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("B0")
    page.keyboard.press("Escape")
    expect(page.locator('[data-state="empty"]')).to_be_visible()
    expect(page.locator(".place-marker")).to_have_count(0)
    assert "lon=" not in page.url
    assert visitor.troubles == []


def test_help_opens_closes_and_gives_the_focus_back(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open()
    page.locator("#help-open").focus()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#help")).to_contain_text("Ask about the map's centre")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator("#help-open")).to_be_focused()


def test_the_panel_folds_and_the_map_stays_where_it_is(visit: Callable[..., Visit]) -> None:
    page = visit().open("?view=18/39.9005/116.4015")
    before = page.evaluate("map_city.containerPointToLatLng([0, 0])")
    page.keyboard.press("]")
    expect(page.locator("#inspector")).to_be_hidden()
    after = page.evaluate("map_city.containerPointToLatLng([0, 0])")
    assert abs(before["lng"] - after["lng"]) < 1e-6
    page.keyboard.press("]")
    expect(page.locator("#inspector")).to_be_visible()


@pytest.mark.parametrize(
    "query", ["", "?lon=116.40195&lat=39.9013&accuracy_m=30&category=EVENT_CJT214:0505", "?lon=116.41&lat=39.9"]
)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_axe_finds_nothing(visit: Callable[..., Visit], axe: str, query: str, width: int, scheme: str) -> None:
    page = visit(width, scheme=scheme).open(query)
    page.locator('.answer, [data-state]:not([data-state="loading"])').first.wait_for()
    for trace in page.locator(".trace summary").all():
        trace.click()
    assert faults(page, axe) == []
