"""The search box by keyboard: what the service finds, grouped, and selected as if it had been clicked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def test_a_street_is_found_by_its_name_and_outlined(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open()
    page.keyboard.press("/")
    page.keyboard.type("apricot")
    expect(page.locator(".found-title", has_text="Streets and lanes")).to_be_visible()
    expect(page.locator(".found-title", has_text="Areas")).to_be_visible()
    lane = page.locator(".found", has_text="Apricot Lane")
    while lane.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    expect(page.locator("#search-text")).to_have_attribute("aria-activedescendant", lane.get_attribute("id") or "-")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("Apricot Lane")
    expect(page.locator("path.selected-segment")).to_have_count(1)
    assert "segment=L-A" in page.url
    page.get_by_role("button", name="See who answers").click()
    expect(page.locator('[data-part="chief"]')).to_contain_text("Apricot Lane")
    page.go_back()
    expect(page.locator(".thing h2")).to_have_text("Apricot Lane")
    assert visitor.troubles == []


def test_a_cell_is_found_by_its_code_with_enter_alone(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.keyboard.press("/")
    page.keyboard.type("990101001002003")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("B2")
    assert "cell=990101001002003" in page.url


def test_nothing_found_slow_and_away_are_told(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/search?*", hold)
    page.locator("#search-text").fill("qqqq")
    expect(page.locator("#search-note")).to_have_text("Searching…")
    held[0].continue_()
    expect(page.locator("#search-note")).to_have_text("Nothing found for “qqqq”.")
    page.unroute("**/api/v1/search?*")
    page.route("**/api/v1/search?*", lambda route: route.abort("connectionrefused"))
    page.locator("#search-text").fill("qqqqq")
    expect(page.locator("#search-note")).to_have_text("The service cannot be reached")
    page.locator("#search-text").press("Escape")
    expect(page.locator("#search-box")).to_be_hidden()


def test_a_service_without_search_still_takes_coordinates(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open()
    body = '{"type": "/problems/no-such-address", "title": "t", "status": 404}'
    page.route(
        "**/api/v1/search?*",
        lambda route: route.fulfill(status=404, content_type="application/problem+json", body=body),
    )
    page.locator("#search-text").fill("lake")
    expect(page.locator("#search-note")).to_contain_text("paste coordinates")
    page.locator("#search-text").fill("116.4003, 39.9013")
    page.locator("#search-text").press("Enter")
    expect(page.locator("#answer h2")).to_have_text("A1")


def test_a_person_is_found_with_posts_to_open_and_a_number_to_ring(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="DISPATCHER")
    page = visitor.open()
    page.keyboard.press("/")
    page.keyboard.type("An Yi")
    expect(page.locator(".found")).to_have_count(1)
    expect(page.locator(".found small")).to_have_text("Lane chief Apricot Lane")
    page.keyboard.press("Enter")
    card = page.locator(".thing")
    expect(card.locator("h2")).to_have_text("An Yi")
    expect(card.locator('a[href^="tel:"]')).to_be_visible()
    expect(page.locator("path.selected-segment")).to_have_count(1)
    assert "row=people:P01" in page.url
    card.locator('[data-part="posts"]').get_by_role("link", name="Apricot Lane").click()
    expect(card.locator("h2")).to_have_text("Apricot Lane")
    page.go_back()
    card.locator('[data-part="posts"]').get_by_role("link", name="Lane chief").click()
    expect(card.locator("h2")).to_have_text("Lane chief · Apricot Lane")
    assert visitor.troubles == []


def test_the_end_of_a_number_finds_the_incident_and_is_no_pair(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open("?lon=116.4002&lat=39.9028")
    page.get_by_role("button", name="Record an incident").click()
    page.locator(".form-foot .primary").click()
    number = (page.locator(".incident-number").text_content() or "").removeprefix("No. ")
    page.keyboard.press("Escape")
    page.locator("#search-text").fill(number[-6:])
    expect(page.locator(".found").first).to_contain_text(number)
    expect(page.locator("#search-datum")).to_be_hidden()
    page.locator("#search-text").fill(f"1122-{number[-6:]}")
    expect(page.locator("#search-datum")).to_be_hidden()
    page.locator("#search-text").fill(number[-6:].lstrip("0"))
    expect(page.locator(".found", has_text=number)).to_be_visible()
    assert visitor.troubles == []
