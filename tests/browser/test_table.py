"""The map as a table: what is in view, sorted, saved, and selecting what the map selects."""

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def test_cells_in_view_sort_and_select_the_cell(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?tab=table")
    page.locator("#view-table select").select_option("cells")
    names = page.locator(".twin tbody td:nth-child(2)")
    expect(names).to_have_text(["A0", "A1", "A2", "B0", "B1", "B2", "C0", "C1", "C2"])
    expect(page.locator(".twin tbody td:nth-child(3)").first).to_have_text("Apricot Community")
    heading = page.locator('[data-column="name"]')
    for _ in range(2):
        heading.click()
    expect(heading).to_be_focused()
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
    expect(names.first).to_have_text("C2")
    assert "layer=cells" in page.url
    assert "sort=-name" in page.url
    page.get_by_role("link", name="990101001002003").click()
    expect(page.locator("#answer h2")).to_have_text("B2")
    assert "cell=990101001002003" in page.url
    page.get_by_role("button", name="See who answers").click()
    expect(page.locator(".answer-head .chip")).to_have_text("Inside")
    assert [trouble for trouble in visitor.troubles if "404" not in trouble] == []


def test_only_what_is_in_view_is_listed_and_saved(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?tab=table&layer=cells&map=20/39.90005/116.40005")
    expect(page.locator("#view-table .list-count")).to_have_text("1 in view")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save CSV").click()
    rows = list(csv.reader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    head, (*told, opened) = rows
    assert head == ["Code", "Name", "Area", "Responsible body", "Open incidents"]
    assert told == ["990101001001001", "A0", "990101001001", "WEST"]
    assert opened.isdecimal()


def test_a_link_to_the_table_shows_it_on_a_phone(visit: Callable[..., Visit]) -> None:
    page = visit(375, 780, lang="en").open("?tab=table&layer=cells&map=17/39.9015/116.4015")
    expect(page.locator("#main")).to_have_attribute("data-height", "half")
    expect(page.locator(".twin tbody tr").first).to_be_in_viewport()


def test_cells_of_the_table_say_what_the_map_is_filled_by(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open("?tab=table&layer=cells&theme=body&map=17/39.9015/116.4015")
    row = page.locator(".twin tbody tr").filter(has_text="990101001001001")
    expect(page.locator(".legend")).to_contain_text(row.locator("td").nth(2).locator("span").inner_text())
    page.locator('[data-column="open"]').click()
    expect(page.locator(".twin tbody tr")).to_have_count(9)
    assert visitor.troubles == []


def test_a_cell_of_a_file_never_starts_a_formula(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    text = page.evaluate(
        """async () => (await import(new URL("assets/js/shared/csv.js", document.baseURI)))
          .csvText([["=1+1", "-2.5", "a,b", 'say "x"', "-a"]])"""
    )
    assert text == '\ufeff\'=1+1,-2.5,"a,b","say ""x""",\'-a\r\n'


def test_nothing_in_view_is_said(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?tab=table&layer=segments&map=18/39.95/116.45")
    expect(page.locator("#view-table .list-note")).to_have_text("Nothing in view.")


def test_opening_the_table_leaves_the_map_and_its_rows_as_they_are(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open("?map=17.5/39.9015/116.4015")
    bounds = "map_city.getBounds().toBBoxString()"
    before = page.evaluate(bounds)
    page.locator("#tab-table").click()
    count = page.locator("#view-table .list-count")
    expect(count).to_contain_text("(filter: Last 7 days)")
    assert page.evaluate(bounds) == before
    page.locator("#view-table select").select_option("cells")
    expect(count).to_have_text("9 in view")
    page.get_by_role("link", name="990101001001002").click()
    expect(page.locator("#answer h2")).to_have_text("A1")
    panel, cell = page.locator("#panel").bounding_box(), page.locator("path.selected-cell").bounding_box()
    assert panel is not None
    assert cell is not None
    assert cell["x"] >= panel["x"] + panel["width"]
    assert visitor.troubles == []


def test_the_table_says_what_incidents_are_filtered_by(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR").open("?tab=table&period=all&q=kerb&about=EVENT_CJT214:0505")
    expect(page.locator("#view-table .list-count")).to_contain_text("(filter: 0505 car parked wrongly, “kerb”)")


def test_a_shadow_shows_that_columns_go_on(visit: Callable[..., Visit]) -> None:
    """At the side where they do: a cover moves over it at the table's end."""
    page = visit(lang="en", role="ACCEPTOR").open("?tab=table&period=all")
    box = page.locator(".table-box")
    page.evaluate("document.querySelector('.table-box').hidden = false")
    assert "linear-gradient" in box.evaluate("(box) => getComputedStyle(box).backgroundImage")
    assert box.evaluate("(box) => getComputedStyle(box).backgroundAttachment") == "local, local, scroll, scroll"
