"""axe finds nothing, whatever panel is open, light or dark, wide or narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.phone import open_field
from tests.fixtures.browser import Visit, faults

PLACE = "lon=116.40195&lat=39.9013&accuracy_m=30&category=EVENT_CJT214:0505"
SHAPE = "shape=polygon:116.4001,39.9001;116.4025,39.9002;116.4020,39.9025"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("query", ["", f"?{PLACE}", "?lon=116.41&lat=39.9", f"?tab=zone&{SHAPE}", "?area=990101001"])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_axe_finds_nothing_in_what_is_selected(
    visit: Callable[..., Visit], axe: str, query: str, width: int, scheme: str
) -> None:
    page = visit(width, scheme=scheme).open(query)
    page.locator('.answer:not([aria-busy]), #answer [data-state]:not([data-state="loading"])').first.wait_for(
        state="attached"
    )
    for trace in page.locator(".trace summary").all():
        trace.click()
    assert faults(page, axe) == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (375, "light")])
def test_axe_finds_nothing_in_lists_forms_and_dialogs(
    visit: Callable[..., Visit], axe: str, width: int, scheme: str
) -> None:
    visitor = visit(width, lang="en", scheme=scheme, role="ACCEPTOR")
    page = visitor.open("?lon=116.4003&lat=39.9013")
    page.get_by_role("button", name="Record an incident").click()
    expect(page.locator(".record")).to_be_visible()
    page.locator(".record .more summary").click()
    assert faults(page, axe) == []
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Dispute").click()
    expect(page.locator(".dispute")).to_be_visible()
    assert faults(page, axe) == []
    page.keyboard.press("Escape")
    page.locator("#search-text").fill("116.4003, 39.9013")
    expect(page.locator(".found")).to_have_count(1)
    assert faults(page, axe) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#who summary").click()
    assert faults(page, axe) == []
    page.get_by_role("button", name="Switch role").click()
    assert faults(page, axe) == []


def test_axe_finds_nothing_in_the_table_the_help_and_on_the_wall(visit: Callable[..., Visit], axe: str) -> None:
    page = visit(scheme="dark").open("?tab=table&layer=cells")
    expect(page.locator(".twin tbody tr")).to_have_count(9)
    assert faults(page, axe) == []
    page.keyboard.press("?")
    assert faults(page, axe) == []
    wall = visit(1920, 1080).open("?view=wall")
    expect(wall.locator(".figure")).to_have_count(3)
    assert faults(wall, axe) == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1440, "light")])
def test_axe_finds_nothing_on_the_phone_page(visit: Callable[..., Visit], axe: str, width: int, scheme: str) -> None:
    visitor = visit(width, lang="en", scheme=scheme, role="COLLECTOR")
    page = open_field(visitor, located=False)
    expect(page.locator("#where h2")).to_have_text("No position yet")
    page.locator("#other summary").click()
    assert faults(page, axe) == []
    page.locator("#other-text").fill("116.4003, 39.9013")
    page.locator("#other-form button").click()
    expect(page.locator(".field-chief")).to_be_visible()
    assert faults(page, axe) == []
    page.locator("#report").click()
    page.locator(".field-report .choice").first.click()
    assert faults(page, axe) == []


@pytest.mark.parametrize("address", ["docs/rights", "problems/not-ready"])
def test_axe_finds_nothing_on_pages_to_read(visit: Callable[..., Visit], axe: str, address: str) -> None:
    visitor = visit(375, lang="en", scheme="dark")
    visitor.page.goto(f"{visitor.address}{address}")
    expect(visitor.page.get_by_role("heading").first).to_be_visible()
    assert faults(visitor.page, axe) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.troubles == []
