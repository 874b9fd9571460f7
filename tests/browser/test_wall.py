"""The wall screen: how one gets there and away again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def test_a_key_opens_the_wall_and_escape_leaves_it(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?cell=990101001001002")
    expect(page.locator("#answer h2")).to_have_text("A1")
    page.locator("#help-open").focus()
    page.keyboard.press("w")
    expect(page.locator("#wall .figure")).to_have_count(3)
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".crosshair")).to_be_hidden()
    assert "view=wall" in page.url
    for key in ("/", "?", "c"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#wall")).to_be_hidden()
    expect(page.locator("#answer h2")).to_have_text("A1")
    expect(page.locator("#help-open")).to_be_focused()
    assert "view=wall" not in page.url
    page.go_back()
    expect(page.locator("#wall .figure")).to_have_count(3)
    page.go_back()
    expect(page.locator("#wall")).to_be_hidden()
    assert visitor.troubles == []


def test_the_help_leads_to_the_wall(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.locator("#help-open").click()
    expect(page.locator("#help-keys")).to_contain_text("打开或退出大屏")
    page.get_by_role("button", name="打开大屏").click()
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator("#wall .figure")).to_have_count(3)
    page.keyboard.press("w")
    expect(page.locator("#wall")).to_be_hidden()
