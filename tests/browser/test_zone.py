"""A zone or line drawn on the map: who is concerned, as a list and as a file."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Visit

SHAPE = "?tab=zone&shape=polygon:116.400100,39.900100;116.402500,39.900200;116.402000,39.902500"
pytestmark = pytest.mark.browser


def test_a_drawn_zone_lists_who_is_concerned_and_a_link_gives_it_again(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?map=17/39.9015/116.4015")
    page.locator("#tab-zone").click()
    page.get_by_role("button", name="Draw a zone").click()
    for place in ((116.4003, 39.9003), (116.4024, 39.9004), (116.4022, 39.9023)):
        visitor.click_place(*place)
    page.get_by_role("button", name="Finish").click()
    answer = page.locator(".zone-answer")
    expect(answer).to_contain_text("West Subdistrict Office")
    expect(answer).to_contain_text("Apricot Community")
    expect(answer.locator(".bars li").first).to_contain_text("%")
    expect(page.locator("path.selected-cell")).to_have_count(1)
    assert re.search(r"shape=polygon:116\.400\d{3},39\.900\d{3};", page.url)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save CSV").click()
    rows = list(csv.reader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    assert rows[0][:3] == ["Kind", "Code", "Name"]
    assert ["Cells", "990101001001001"] in [row[:2] for row in rows]
    colleague = visit(lang="en")
    theirs = colleague.open(page.url.removeprefix(visitor.address))
    expect(theirs.locator(".zone-answer .chip")).to_have_text(answer.locator(".chip").text_content() or "-")
    assert visitor.troubles + colleague.troubles == []


def test_a_line_is_drawn_by_keyboard_and_escape_gives_up(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?tab=zone&map=18/39.9015/116.4005")
    page.get_by_role("button", name="Draw a line").press("Enter")
    expect(page.get_by_role("button", name="Finish")).to_be_disabled()
    page.get_by_role("button", name="Add the centre").press("Enter")
    page.evaluate("map_city.panBy([120, 0], { animate: false })")
    page.get_by_role("button", name="Add the centre").press("Enter")
    page.get_by_role("button", name="Finish").press("Enter")
    expect(page.locator(".zone-answer")).to_contain_text("Apricot Lane")
    page.get_by_role("button", name="Draw a zone").press("Enter")
    expect(page.locator("#draw-bar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#draw-bar")).to_be_hidden()


def test_phones_are_in_the_list_to_be_rung(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR").open(SHAPE)
    expect(page.locator('.zone-answer a[href^="tel:"]').first).to_be_visible()
    chief = page.locator(".zone-answer .rows li", has_text="An Yi")
    expect(chief.locator('a[href^="tel:"]')).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save CSV").click()
    rows = list(csv.reader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    [row] = [row for row in rows if row[1] == "P01"]
    assert row[2:5] == ["An Yi", "Lane chief", "Apricot Lane"]
    assert row[5]
    chief.get_by_role("link", name="Apricot Lane").click()
    expect(page.locator(".thing h2")).to_have_text("Apricot Lane")
