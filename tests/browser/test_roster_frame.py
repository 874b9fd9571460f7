"""The frame around the roster and the phone page: search, edition in force, help, keys."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.roster_page import choose, open_roster
from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser

IN_FORCE = "Edition 1 · in force since 2026-01-01"


def find(page: Page, key: str, words: str) -> None:
    """Open the search by a key and type; the results are there after it."""
    page.keyboard.press(key)
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator(".found").first).to_be_visible()


@pytest.mark.parametrize(
    ("key", "words", "selected", "named"),
    [
        ("/", "990101001002003", "cell=990101001002003", "B2"),
        ("Control+k", "apricot lane", "segment=L-A", "Apricot Lane"),
        ("/", "116.4003, 39.9013", "lon=116.4003&lat=39.9013", "A1"),
    ],
)
def test_what_lies_on_the_map_opens_in_the_console(
    visit: Callable[..., Visit], key: str, words: str, selected: str, named: str
) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, "?lang=en")
    find(page, key, words)
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text(named)
    assert selected in page.url
    assert "lang=en" in page.url
    page.go_back()
    expect(page.locator("#find-post")).to_be_visible()
    assert visitor.troubles == []


def test_a_person_opens_in_the_roster_with_the_posts_that_they_hold(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, "?view=matrix")
    find(page, "/", "An Yi")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("Apricot Lane")
    expect(page.locator("#detail .card-name").first).to_contain_text("An Yi")
    expect(page.locator("#find-post")).to_have_value("An Yi")
    expect(page.locator("#tab-posts")).to_have_attribute("aria-selected", "true")
    assert "post=" in page.url
    assert "view=posts" in page.url
    page.go_back()
    expect(page.locator("#tab-matrix")).to_have_attribute("aria-selected", "true")
    assert visitor.troubles == []


def test_the_edition_in_force_is_in_the_bar_and_follows_the_language(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en", role="ROSTER_CLERK"))
    expect(page.locator("#edition")).to_have_text(IN_FORCE)
    page.locator("#language").click()
    expect(page.locator("#edition")).to_have_text("第 1 版 · 2026-01-01 起生效")
    expect(page.locator("#tab-posts")).to_have_text("岗位与人员")
    page.reload()
    assert "lang=zh" in page.url
    expect(page.locator("#tab-posts")).to_have_text("岗位与人员")


def test_who_may_not_read_the_roster_still_sees_the_edition(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="STEWARD")

    def without_the_roster(route: Route) -> None:
        session = route.fetch().json()
        session["actions"].pop("READ_ROSTER")
        route.fulfill(json=session)

    visitor.page.route("**/api/v1/session", without_the_roster)
    page = open_roster(visitor)
    expect(page.locator("#view")).to_contain_text("You may not read the roster")
    expect(page.locator("#edition")).to_have_text(IN_FORCE)


def test_a_phone_tells_the_edition_in_the_menu_of_who_is_here(visit: Callable[..., Visit]) -> None:
    visitor = visit(375, 812, "en", role="ROSTER_CLERK")
    page = visitor.page
    for address in ("", "roster", "field"):
        page.goto(f"{visitor.address}{address}")
        page.locator("#who summary").click()
        expect(page.locator(".who-menu")).to_contain_text(IN_FORCE)
        expect(page.locator("#edition")).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_is_here_is_told_with_names_beside_the_codes(visit: Callable[..., Visit], lang: str) -> None:
    visitor = visit(375, 812, lang, role="ROSTER_CLERK")
    limits = {"area": "990101002", "area_name": "东街道", "department": "WATER", "department_name": None}
    visitor.page.route("**/api/v1/session", lambda route: route.fulfill(json=route.fetch().json() | limits))
    page = open_roster(visitor)
    page.locator("#who summary").click()
    told = {
        "zh": "名册管理员 · 辖区 东街道 (990101002) · 部门 WATER",
        "en": "Roster clerk · within 东街道 (990101002) · of WATER",
    }
    expect(page.locator(".who-more:not(.who-edition)")).to_have_text(told[lang])


def test_a_search_fits_and_axe_finds_nothing(visit: Callable[..., Visit], axe: str) -> None:
    page = open_roster(visit(375, lang="en", role="ROSTER_CLERK"))
    find(page, "/", "a")
    for width in (375, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert faults(page, axe) == [], width


def test_help_lists_the_keys_and_they_do_what_it_says(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en", role="ROSTER_CLERK"))
    page.keyboard.press("?")
    expect(page.locator("#help")).to_contain_text("Next and previous row")
    page.keyboard.press("/")
    expect(page.locator("#search-text")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    rows = page.locator(".grid tbody .link")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_be_visible()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_contain_text("Choose a post")
    assert not re.search("post=", page.url)


def test_no_key_acts_while_something_is_typed(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en", role="ROSTER_CLERK"))
    choose(page, "east")
    page.locator("#find-post").fill("")
    page.locator("#find-post").press_sequentially("j/k?")
    expect(page.locator("#find-post")).to_have_value("j/k?")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#detail h2")).to_be_visible()
