"""Names of forty characters in every part of the roster, on a phone and at a desk."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.roster_page import choose, open_roster
from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser
LONG = "欧阳司徒上官诸葛" * 5
NAMED = re.compile(r"/api/v1/(people|departments|roster/(targets|coverage|vacancies))\?")
MOST_LINES = 6
SHANGHAI = ZoneInfo("Asia/Shanghai")


def lengthen(route: Route) -> None:
    """Everything that has a name has a long one."""
    answer = route.fetch().json()
    for rows in (answer.get(part, []) for part in ("items", "departments", "categories")):
        for row in rows:
            row.update({name: LONG for name in ("name", "target_name", "short_name") if name in row})
    route.fulfill(json=answer)


@pytest.fixture(params=[375, 1440])
def page(request: pytest.FixtureRequest, visit: Callable[..., Visit]) -> Page:
    """A clerk's page where all names are long."""
    visitor = visit(request.param, 812, role="ROSTER_CLERK")
    visitor.page.route(NAMED, lengthen)
    return open_roster(visitor)


def lines(page: Page, selector: str) -> float:
    """How many lines the highest of some elements has."""
    counted: float = page.locator(selector).evaluate_all(
        """(nodes) => Math.max(...nodes.map((node) => {
          const words = document.createRange();
          words.selectNodeContents(node);
          return words.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight);
        }))"""
    )
    return counted


def fits(page: Page) -> bool:
    """Whether neither the page nor the detail is wider than what there is."""
    found: bool = page.evaluate(
        """[document.documentElement, document.getElementById("detail")]
          .every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)"""
    )
    return found


def test_posts_and_their_detail(page: Page) -> None:
    expect(page.locator(".holder").first).to_have_text(LONG)
    assert lines(page, "td:has(> .link), .holder:not(:has(small))") <= MOST_LINES
    assert lines(page, ".grid td.role") < 2
    assert fits(page)
    choose(page, "CHIEF-EAST")
    expect(page.locator("#detail h2")).to_have_text(LONG)
    assert fits(page)


def test_the_matrix(page: Page) -> None:
    page.locator("#tab-matrix").click()
    expect(page.locator(".matrix thead .long").first).to_have_text(LONG)
    assert lines(page, ".matrix thead th") <= MOST_LINES
    assert fits(page)


def test_vacancies(page: Page) -> None:
    page.locator("#tab-vacancies").click()
    expect(page.locator("#view .rows .link").first).to_contain_text(LONG)
    assert fits(page)


def test_shifts(page: Page) -> None:
    begin, end = (datetime.now(SHANGHAI).replace(hour=hour, minute=0).isoformat() for hour in (8, 20))
    shift = {"code": "S1", "post": "CHIEF-EAST", "department": None, "person": "P05", "phone": None}
    answer = {"items": [{**shift, "starts_at": begin, "ends_at": end}], "roster": 1, "next_cursor": None}
    page.route("**/api/v1/shifts?*", lambda route: route.fulfill(json=answer))
    page.locator("#tab-shifts").click()
    expect(page.locator(".shift-open")).to_contain_text(LONG)
    expect(page.locator(".calendar tbody th")).to_contain_text(LONG)
    assert lines(page, ".calendar tbody th, .shift-open > span:not(.unseen)") <= MOST_LINES
    assert fits(page)


def test_a_person_in_the_search(page: Page) -> None:
    found = {"kind": "person", "code": "P05", "scheme": None, "name": LONG, "detail": LONG, "lon": None, "lat": None}
    page.route(
        "**/api/v1/search?*", lambda route: route.fulfill(json={"edition": 1, "items": [{**found, "posts": []}]})
    )
    page.keyboard.press("/")
    page.keyboard.type("欧阳")
    expect(page.locator(".found-name")).to_have_text(LONG)
    assert fits(page)
