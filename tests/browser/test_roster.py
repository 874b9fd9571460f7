"""The roster page: read by all who may, changed only after a look at what changes and what the checks say."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def open_roster(visitor: Visit, query: str = "") -> Page:
    visitor.page.goto(f"{visitor.address}roster{query}")
    expect(visitor.page.locator("#view .skeleton")).to_have_count(0)
    return visitor.page


@pytest.mark.parametrize("view", ["posts", "shifts", "vacancies", "matrix", "import"])
@pytest.mark.parametrize("width", [375, 1440])
def test_every_view_renders_without_trouble_and_fits(visit: Callable[..., Visit], view: str, width: int) -> None:
    visitor = visit(width=width, lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, f"?view={view}")
    expect(page.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#view > *").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.troubles == []


def test_a_visitor_of_the_demo_reads_and_cannot_change(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en"))
    page.locator(".grid .link").first.click()
    expect(page.locator("#detail h2")).to_be_visible()
    expect(page.locator("#detail")).to_contain_text("may only read")
    expect(page.locator("#detail .primary")).to_have_count(0)


def test_a_filter_narrows_the_posts_and_says_how_many(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en"))
    expect(page.locator(".grid tbody tr").first).to_be_visible()
    page.locator(".roster-filter input").fill("nothing is called so")
    expect(page.locator(".grid tbody")).to_contain_text("No post fits")


def test_a_holder_is_changed_from_a_day_after_a_preview(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor)
    page.locator(".grid tbody tr:not(.vacant-row) .link").first.click()
    page.locator("#detail .primary").click()
    expect(page.locator("#change-dialog .primary")).to_be_disabled()
    page.locator("#leave-vacant").check()
    page.locator("#from-day").fill("2099-01-01")
    page.locator("#change-dialog button[type=submit]").click()
    expect(page.locator(".difference")).to_contain_text("valid_to")
    page.locator("#change-dialog .primary").click()
    expect(page.locator("#announcer")).to_contain_text("roster revision")
    expect(page.locator("#detail")).to_contain_text("2099-01-01")
    assert visitor.troubles == []


def test_tabs_are_walked_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en"))
    page.locator("#tab-posts").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#tab-shifts")).to_have_attribute("aria-selected", "true")
    assert "view=shifts" in page.url
