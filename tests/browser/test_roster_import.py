"""A file on the roster page: what is wrong with it is said by row and column, and what was written is said too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.roster_page import open_roster
from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser


def compare(page: Page, text: str) -> None:
    """Choose a file of people and compare it."""
    page.locator("#import-file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Compare").click()


@pytest.mark.parametrize("width", [375, 1440])
def test_a_bad_row_is_shown_with_its_row_its_column_and_what_to_do(
    visit: Callable[..., Visit], axe: str, width: int
) -> None:
    page = open_roster(visit(width, lang="en", role="ROSTER_CLERK"), "?view=import")
    compare(page, "code,name,valid_from\nP02,Bo Er,\nNEW,Hu,someday\n")
    expect(page.locator(".import-found [role=alert]")).to_contain_text("nothing was written")
    line = page.locator(".import-found tbody tr")
    expect(line).to_have_count(1)
    expect(line.locator("td").nth(0)).to_have_text("3")
    expect(line.locator("td").nth(1)).to_contain_text("valid_from")
    expect(line.locator("td").nth(2)).to_contain_text("someday")
    expect(line.locator("td").nth(3)).to_contain_text("2026-11-22")
    expect(page.locator("#view")).not_to_contain_text("Nothing changes")
    expect(page.get_by_role("button", name="Write to the roster")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page, axe) == []


def test_what_is_wrong_is_said_in_chinese(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(role="ROSTER_CLERK"), "?view=import")
    page.locator("#import-file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": b"code,name,valid_from\nNEW,Hu,someday\n"}
    )
    page.get_by_role("button", name="比较差异").click()
    expect(page.locator(".import-found tbody td").nth(2)).to_contain_text("不是有效的日期")
    expect(page.locator(".import-found")).to_contain_text("起始日")


def test_what_was_written_is_said(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, "?view=import")
    compare(page, "code,name\nP07,Gao Qi-Qi\nIMP1,Hu Yi\nIMP2,Hu Er\n")
    expect(page.locator(".import-found")).to_contain_text("Would be written: 1 changed, 2 added")
    page.get_by_role("button", name="Write to the roster").click()
    expect(page.locator(".written h2")).to_contain_text("Written: 1 changed, 2 added, revision")
    expect(page.locator(".written")).to_contain_text("people.csv")
    page.locator(".written summary").first.click()
    expect(page.locator(".written")).to_contain_text("Gao Qi-Qi")
    compare(page, "code,name\nP07,Gao Qi-Qi\nIMP1,Hu Yi\n")
    expect(page.locator(".import-found")).to_contain_text("Nothing changes")
    expect(page.locator(".import-found")).to_contain_text("2 rows are as in the roster")
    expect(page.locator(".written")).to_have_count(0)
    assert visitor.troubles == []
