"""Everything that a click does can be done with the keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def test_a_pair_with_latitude_first_is_refused_with_the_right_way_round(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open()
    page.keyboard.press("/")
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.type("39.9013, 116.4003")
    expect(page.locator("#search-error")).to_contain_text("116.4003, 39.9013")
    page.keyboard.press("Enter")
    expect(page.locator('[data-state="empty"]')).to_be_visible()


def test_pasted_coordinates_are_found(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.keyboard.press("Control+k")
    page.keyboard.type("(116.4003, 39.9013)")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("A1")


def test_enter_asks_about_the_centre_and_escape_clears(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open("?map=18/39.9005/116.4015")
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
    expect(page.locator("#help")).to_contain_text("Record an incident at the chosen place")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator("#help-open")).to_be_focused()


def test_the_panels_fold_and_what_the_map_shows_stays_on_its_place_of_the_screen(visit: Callable[..., Visit]) -> None:
    page = visit().open("?map=18/39.9005/116.4015")
    seen = """(() => {
      const box = map_city.getContainer().getBoundingClientRect();
      const at = map_city.latLngToContainerPoint([39.9005, 116.4015]);
      return [Math.round(box.left + at.x), Math.round(box.top + at.y)];
    })()"""
    before = page.evaluate(seen)
    for key, panel in (("[", "#panel"), ("]", "#inspector")):
        page.keyboard.press(key)
        expect(page.locator(panel)).to_be_hidden()
        assert page.evaluate(seen) == before
        page.keyboard.press(key)
        expect(page.locator(panel)).to_be_visible()
        assert page.evaluate(seen) == before
