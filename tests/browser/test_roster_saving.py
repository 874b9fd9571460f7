"""Whole tables of the roster saved as files from its page: all rows, for a spreadsheet and for the import."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.roster_page import open_roster
from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser


def save(page: Page, name: str, folder: Path) -> Path:
    """Press a button that saves a table, and keep the file."""
    with page.expect_download() as told:
        page.get_by_role("button", name=name).click()
    file = folder / told.value.suggested_filename
    told.value.save_as(file)
    return file


def test_a_table_is_saved_whole_and_can_be_imported_again(visit: Callable[..., Visit], tmp_path: Path) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor)
    listed = page.evaluate('fetch("api/v1/people?limit=1000").then((answer) => answer.json())')
    book, table = save(page, "Save people as XLSX", tmp_path), save(page, "Save people as CSV", tmp_path)
    assert (book.name, table.name) == (f"people-r{listed['roster']}.xlsx", f"people-r{listed['roster']}.csv")
    heads, *rows = openpyxl.load_workbook(book).worksheets[0].values
    codes = [row[heads.index("code")] for row in rows]
    assert codes == [item["code"] for item in listed["items"]]
    assert table.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets would read another encoding"
    page.get_by_role("tab", name="Import").click()
    for file in (book, table):
        page.locator("#import-file").set_input_files(file)
        page.get_by_role("button", name="Compare").click()
        expect(page.locator(".import-found h2")).to_have_text("Nothing changes")
        expect(page.locator(".import-found")).to_contain_text(f"{len(codes)} rows are as in the roster")
    assert visitor.troubles == []


def test_who_may_only_read_saves_too(visit: Callable[..., Visit], axe: str, tmp_path: Path) -> None:
    page = open_roster(visit(375, lang="en", role="INSPECTOR"), "?view=import")
    expect(page.locator("#view")).to_contain_text("You may not import into the roster")
    assert save(page, "Save duty lists as CSV", tmp_path).name.startswith("duty_lists-r")
    for width in (375, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page, axe) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_what_cannot_be_saved_is_said(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(), "?view=shifts")
    page.route("**/api/v1/shifts?whole=true", lambda route: route.abort("connectionrefused"))
    line, press = page.locator(".save-line"), page.get_by_role("button", name="值班 存为 XLSX")
    press.click()
    expect(line.get_by_role("alert")).not_to_be_empty()
    page.unroute("**/api/v1/shifts?whole=true")
    told = {"status": 413, "content_type": "application/problem+json", "json": {"detail_zh": "请存为 CSV。"}}
    page.route("**/api/v1/shifts?whole=true", lambda route: route.fulfill(**told))  # type: ignore[arg-type]
    press.click()
    expect(line.get_by_role("alert")).to_have_text("请存为 CSV。")
    page.unroute("**/api/v1/shifts?whole=true")
    with page.expect_download():
        press.click()
    expect(line.get_by_role("alert")).not_to_be_visible()
