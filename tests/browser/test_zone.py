"""A zone or line drawn on the map: who is concerned, as a list and as a file."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from shapely import Polygon

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
    [lane] = [row for row in rows if row[1] == "L-A"]
    assert rows[0][-2:] == ["Length (m)", "Area (m²)"]
    assert (lane[-2] != "", lane[-1]) == (True, "")
    assert all(row[-2] == "" and row[-1] for row in rows if row[0] in {"Cells", "Areas", "Departments"})
    assert re.search(
        r"Apricot Lane.*% · [\d,]+ m$", answer.locator(".bars li", has_text="Apricot Lane").inner_text(), re.DOTALL
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the list").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"- Apricot Lane \d+ % · [\d,]+ m$", copied, re.MULTILINE)
    assert re.search(r"- West Subdistrict Office \d+ % · [\d,.]+ (m²|ha)$", copied, re.MULTILINE)
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


def test_enter_finishes_what_was_clicked_and_adds_no_point(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?tab=zone&map=17/39.9015/116.4015")
    page.get_by_role("button", name="Draw a zone").click()
    for place in ((116.4003, 39.9003), (116.4024, 39.9004)):
        visitor.click_place(*place)
    page.keyboard.press("Enter")
    expect(page.locator(".draw-hint")).to_have_text("Click the map to add points (2 of 3)")
    visitor.click_place(116.4022, 39.9023)
    page.keyboard.press("Enter")
    expect(page.locator(".zone-answer")).to_be_visible()
    expect(page.locator("#draw-bar")).to_be_hidden()
    assert page.url.split("shape=")[1].split("&")[0].count(";") == 2
    assert visitor.troubles == []


def test_space_adds_the_centre_and_enter_finishes_on_the_map_alone(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?tab=zone&map=18/39.9015/116.4005")
    page.get_by_role("button", name="Draw a line").press("Enter")
    expect(page.locator("#map_city")).to_be_focused()
    page.keyboard.press("Space")
    page.evaluate("map_city.panBy([120, 0], { animate: false })")
    page.keyboard.press("Space")
    expect(page.locator(".draw-hint")).to_contain_text("2 points")
    page.keyboard.press("Enter")
    expect(page.locator(".zone-answer")).to_contain_text("Apricot Lane")
    expect(page.locator(".place-marker")).to_have_count(0)


def test_a_line_that_is_drawn_is_not_filled_as_a_zone_is(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?tab=zone&map=17/39.9015/116.4015")
    for form, fill in (("line", "none"), ("zone", "rgb(11, 92, 173)")):
        page.get_by_role("button", name=f"Draw a {form}").click()
        for place in ((116.4003, 39.9003), (116.4024, 39.9004), (116.4022, 39.9023)):
            visitor.click_place(*place)
        expect(page.locator("path.zone-sketch")).to_have_css("fill", fill)
        page.keyboard.press("Escape")


def test_a_zone_that_crosses_itself_is_told_while_it_is_drawn(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?tab=zone&map=17/39.9015/116.4015")
    page.get_by_role("button", name="Draw a zone").click()
    for place in ((116.4003, 39.9003), (116.4024, 39.9023), (116.4024, 39.9003)):
        visitor.click_place(*place)
    expect(page.locator("path.zone-crossing")).to_have_count(0)
    visitor.click_place(116.4003, 39.9023)
    expect(page.locator("path.zone-crossing")).to_have_count(2)
    expect(page.locator(".draw-hint")).to_contain_text("The border crosses itself")
    expect(page.get_by_role("button", name="Finish")).to_be_disabled()
    page.keyboard.press("Enter")
    expect(page.locator("#draw-bar")).to_be_visible()
    page.get_by_role("button", name="Undo a point").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".zone-answer")).to_be_visible()
    assert visitor.troubles == []


def test_a_line_may_cross_itself(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?tab=zone&map=17/39.9015/116.4015")
    page.get_by_role("button", name="Draw a line").click()
    for place in ((116.4003, 39.9003), (116.4024, 39.9023), (116.4024, 39.9003), (116.4003, 39.9023)):
        visitor.click_place(*place)
    page.keyboard.press("Enter")
    expect(page.locator(".zone-answer")).to_be_visible()


@pytest.mark.parametrize(
    ("points", "crosses"),
    [
        pytest.param([[0, 0], [2, 0], [2, 2], [0, 2]], False, id="square"),
        pytest.param([[0, 0], [2, 2], [2, 0], [0, 2]], True, id="bow tie"),
        pytest.param([[0, 0], [2, 0], [2, 2]], False, id="triangle"),
        pytest.param([[0, 0], [1, 0], [2, 0]], True, id="all on a line"),
        pytest.param([[0, 0], [4, 0], [4, 4], [2, 0]], True, id="corner on an edge"),
        pytest.param([[0, 0], [4, 0], [4, 4], [4, 2]], True, id="folded back"),
        pytest.param([[0, 0], [4, 0], [4, 2], [4, 4]], False, id="corner on the way"),
        pytest.param([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], False, id="closed by hand"),
        pytest.param([[0, 0], [4, 0], [4, 0], [4, 4]], False, id="clicked twice"),
        pytest.param([[0, 0], [4, 0]], False, id="two points"),
    ],
)
def test_what_counts_as_crossing(visit: Callable[..., Visit], points: list[list[float]], crosses: bool) -> None:
    visitor = visit()
    visitor.page.goto(f"{visitor.address}assets/js/shared/crossing.js")
    found = visitor.page.evaluate(
        "async (points) => (await import(location.href)).findCrossing(points) !== null", points
    )
    assert found == crosses
    if len(points) > 2:
        assert Polygon(points).is_valid != crosses
