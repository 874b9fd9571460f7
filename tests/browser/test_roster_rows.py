"""A long list of posts: the one of a link is in it, and those of one target are told apart."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Route, expect

from tests.browser.roster_page import choose, open_roster
from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser

MANY = 150
HEIGHT_OF_WORDS = """(node) => {
  const words = document.createRange();
  words.selectNodeContents(node);
  return words.getBoundingClientRect().height;
}"""
CUT_OFF = """(nodes) => nodes.filter((node) =>
  node.getBoundingClientRect().right > innerWidth - 8 || node.scrollWidth > node.clientWidth
).map((node) => node.textContent)"""
DAY = datetime.now(ZoneInfo("Asia/Shanghai")).replace(minute=0, second=0, microsecond=0)


def more_posts(route: Route) -> None:
    """Those of the city and many more, two of each target."""
    answer = route.fetch().json()
    [officer] = [post for post in answer["items"] if post["code"] == "OFFICER-1"]
    codes = [f"POST-{number // 2:03d}-{number % 2 + 1}" for number in range(MANY)]
    answer["items"] += [{**officer, "code": code, "target_code": f"D-{code[5:8]}"} for code in codes]
    route.fulfill(json=answer)


def shift_of(post: str) -> dict[str, Any]:
    times = {"starts_at": DAY.replace(hour=8).isoformat(), "ends_at": DAY.replace(hour=20).isoformat()}
    return {"code": f"S-{post}", "post": post, "department": None, "person": "P06", "phone": None, **times}


@pytest.fixture
def clerk(visit: Callable[..., Visit]) -> Visit:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    visitor.page.route("**/api/v1/posts?limit=20000*", more_posts)
    return visitor


@pytest.mark.parametrize("code", ["POST-030-1", "POST-074-2"])
def test_the_post_of_a_link_is_in_sight_and_marked(clerk: Visit, code: str) -> None:
    page = open_roster(clerk, f"?view=posts&post={code}")
    expect(page.locator("#detail h2")).to_have_text(f"D-{code[5:8]}")
    row = page.locator(f'[data-post="{code}"]')
    expect(row).to_have_attribute("data-chosen", "")
    expect(row).to_be_in_viewport()
    expect(page.locator(".grid tbody tr")).to_have_count(100)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(f'[data-post="{code}"]')).to_have_count(1), "not once more at its own place"


def test_posts_of_one_target_are_told_apart(clerk: Visit) -> None:
    page = clerk.page
    shifts = {"items": [shift_of(f"POST-001-{number}") for number in (1, 2)], "roster": 1, "next_cursor": None}
    page.route("**/api/v1/shifts?*", lambda route: route.fulfill(json=shifts))
    open_roster(clerk)
    choose(page, "POST-001-2")
    expect(page.locator('[data-post="POST-001-2"] small').first).to_have_text("D-001 · 2")
    page.locator("#find-post").fill("CHIEF-WEST")
    expect(page.locator('[data-post="CHIEF-WEST"] small').first).to_have_text("990101001")
    page.locator("#tab-shifts").click()
    expect(page.locator(".calendar tbody th")).to_have_text(["Grid officer · D-001 (1)", "Grid officer · D-001 (2)"])


def test_a_changed_name_of_forty_signs_leaves_the_columns_beside_it_whole(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="zh", role="ROSTER_CLERK"), "?view=import")
    file = {
        "name": "people.csv",
        "mimeType": "text/csv",
        "buffer": f"code,name\nP01,{'欧阳司徒上官诸葛' * 6}\n".encode(),
    }
    page.locator("#import-file").set_input_files(file)
    page.get_by_role("button", name="比较差异").click()
    for cell in ("名称", "An Yi"):
        expect(page.locator(".changed td", has_text=cell).first).to_be_visible()
        assert page.locator(".changed td", has_text=cell).first.evaluate(HEIGHT_OF_WORDS) < 30, "on one line"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_stands_above_the_shifts_fits_a_phone(visit: Callable[..., Visit], lang: str) -> None:
    page = open_roster(visit(375, 760, lang=lang, role="ROSTER_CLERK"), "?view=shifts")
    bar = page.locator(".shift-days")
    assert bar.locator("button, h2").evaluate_all(CUT_OFF) == []
    expect(bar.locator("button")).to_have_count(4)
