"""The roster on a phone: tabs and lists that fit, one thing at a time, and the way back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.roster_page import change, choose, open_roster
from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser
HEIGHT = 760


def is_in_sight(page: Page, selector: str) -> bool:
    """Whether an element is whole within the window."""
    found: bool = page.locator(selector).evaluate(
        """(node) => {
          const { left, right, top, bottom } = node.getBoundingClientRect();
          return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
        }"""
    )
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_tabs_are_in_sight(visit: Callable[..., Visit], lang: str) -> None:
    page = open_roster(visit(375, HEIGHT, lang=lang, role="ROSTER_CLERK"))
    for view in ("posts", "shifts", "vacancies", "matrix", "disputes", "import"):
        assert is_in_sight(page, f"#tab-{view}"), view
        assert page.locator(f"#tab-{view}").evaluate("(tab) => tab.scrollWidth <= tab.clientWidth"), view


def test_an_open_post_leaves_the_tabs_in_sight_and_has_a_way_back(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(375, HEIGHT, lang="en", role="ROSTER_CLERK"))
    choose(page, "CHIEF-WEST")
    assert is_in_sight(page, "#tab-posts")
    assert is_in_sight(page, "#detail h2")
    expect(page.locator("#find-post")).not_to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.locator('[data-post="CHIEF-WEST"] .link')).to_be_focused()
    expect(page.locator("#detail")).not_to_be_visible()
    page.go_back()
    expect(page.locator("#detail h2")).to_be_visible()
    page.go_back()
    expect(page.locator("#find-post")).to_be_visible()


def test_shifts_are_shown_day_by_day_and_not_all_at_once(visit: Callable[..., Visit]) -> None:
    visitor = visit(375, HEIGHT, lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, "?view=shifts")
    today = page.evaluate("new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })")
    people = [{"table": "people", "key": f"G{n}", "row": {"code": f"G{n}", "name": f"值守员{n}"}} for n in range(40)]
    shifts = [
        {
            "table": "shifts",
            "row": {
                "person": f"G{n}",
                "starts_at": f"{today}T{hour:02d}:00+08:00",
                "ends_at": f"{today}T{hour + 4}:00+08:00",
            },
        }
        for n in range(40)
        for hour in (8, 12)
    ]
    change(page, *people, *shifts)
    page.reload()
    rows = page.locator(".calendar tbody tr")
    expect(rows).to_have_count(20)
    assert page.locator("#view").evaluate("(view) => view.scrollHeight") < 5 * HEIGHT
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(40)
    page.locator("#find-shift").fill("值守员39")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Next day").click()
    expect(page.locator("#view")).to_contain_text("No shifts on this day")
    page.get_by_role("button", name="Today").click()
    expect(page.locator("#find-shift")).to_have_value("值守员39")
    expect(page.locator(".shift")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.troubles == []


def test_nothing_asks_for_a_post_beside_what_has_none(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en", role="ROSTER_CLERK"), "?view=shifts")
    for view in ("shifts", "matrix", "import"):
        page.locator(f"#tab-{view}").click()
        expect(page.locator("#detail")).not_to_be_visible()
        page.locator("#tab-vacancies").click()
        expect(page.locator("#detail")).to_contain_text("Choose a vacant post")
