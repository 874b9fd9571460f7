"""Layers and themes of the map: components, what cells are filled by, and both in the address."""

import csv
import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_incidents import record
from tests.fixtures.browser import Visit, faults

COVER = "9901010102000001"
AT_COVER = "?map=18/39.9005/116.4005"
BARE = "off=areas,segments,components,incidents,labels&map=17/39.9015/116.4015"
SIGNS = "document.querySelectorAll('.leaflet-components-pane canvas').length"
pytestmark = pytest.mark.browser


def switch(page: Page, name: str) -> Locator:
    return page.locator(f'.legend input[name="{name}"]')


def tone(page: Page, lon: float, lat: float) -> tuple[int, ...]:
    """The colour of the window where a place is."""
    at = page.evaluate("([lon, lat]) => map_city.latLngToContainerPoint([lat, lon])", [lon, lat])
    frame = page.locator("#map_city").bounding_box()
    assert frame is not None
    picture = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    return tuple(int(value) for value in picture[int(frame["y"] + at["y"]), int(frame["x"] + at["x"])])


def tones(page: Page) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of a cell in the west and of one in the east."""
    return tone(page, 116.4014, 39.9013), tone(page, 116.4027, 39.9013)


def test_a_component_is_drawn_above_streets_and_selected_by_a_click(visit: Callable[..., Visit], axe: str) -> None:
    visitor = visit(lang="en")
    page = visitor.open(AT_COVER)
    order = page.evaluate(
        "['segments', 'components', 'incidents'].map((name) => Number(map_city.getPane(name).style.zIndex))"
    )
    assert order == sorted(order)
    visitor.click_place(116.4005, 39.9005)
    expect(page.locator("#answer h2")).to_have_text("Sewage cover")
    facts = page.locator("#answer .facts")
    expect(facts).to_contain_text("District Water Bureau")
    expect(facts).to_contain_text("Component category")
    expect(facts).to_contain_text("sewage cover")
    parts = page.locator("#answer .answer-code .code-part")
    expect(parts).to_have_text(["990101", "01", "02", "000001"])
    expect(page.locator("path.selected-cell")).to_have_count(1)
    assert f"component={COVER}" in page.url
    assert faults(page, axe) == []
    colleague = visit(lang="en")
    theirs = colleague.open(page.url.removeprefix(visitor.address))
    expect(theirs.locator("#answer h2")).to_have_text("Sewage cover")
    theirs.get_by_role("button", name="See who answers").click()
    expect(theirs.locator(".answer-head .chip")).to_have_text("Inside")
    expect(theirs.locator("#answer")).to_contain_text("component of the category within 20 m is Sewage cover")
    assert visitor.troubles + colleague.troubles == []


def test_a_link_to_a_component_from_a_wide_screen_opens_on_a_phone(visit: Callable[..., Visit]) -> None:
    """The part of the map that the link shows is smaller there."""
    visitor = visit(width=375, height=760, lang="en")
    page = visitor.open(f"?component={COVER}&map=18/39.9005/116.4023")
    expect(page.locator("#answer h2")).to_have_text("Sewage cover")
    expect(page.locator("path.selected-cell")).to_be_in_viewport()
    assert visitor.troubles == []


def test_components_show_close_by_only_and_not_when_switched_off(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?map=16/39.9005/116.4005")
    row = page.locator(".legend li:has([name=components])")
    expect(row).to_contain_text("zoom in to see")
    assert page.evaluate(SIGNS) == 0
    page.evaluate("map_city.setZoom(18, { animate: false })")
    expect(row).not_to_contain_text("zoom in to see")
    expect(page.locator(".leaflet-components-pane canvas").first).to_be_attached()
    switch(page, "components").uncheck()
    expect(page.locator(".leaflet-components-pane canvas")).to_have_count(0)
    visitor.click_place(116.4005, 39.9005)
    expect(page.locator("#answer h2")).to_have_text("A0")
    assert visitor.troubles == []


def test_components_are_a_table_that_is_sorted_saved_and_walked_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open(f"{AT_COVER}&tab=table&layer=components")
    expect(page.locator("#view-table .list-count")).to_have_text("1 in view")
    values = page.locator(".twin tbody td")
    expect(values.nth(1)).to_have_text("sewage cover0102")
    expect(values.nth(3)).to_have_text("District Water BureauWATER")
    expect(page.locator('[data-column="category"]')).to_have_text("Component category")
    page.locator('[data-column="state"]').press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("State ↑")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save CSV").click()
    rows = list(csv.reader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    assert rows[1] == [COVER, "Sewage cover", "COMPONENT_CJT214:0102", "Intact", "WATER", "WATER", "DRAIN"]
    page.get_by_role("link", name=COVER).press("Enter")
    expect(page.locator("#answer h2")).to_have_text("Sewage cover")


def test_cells_are_filled_by_body_only_when_that_is_chosen_and_back_takes_it_away(
    visit: Callable[..., Visit], axe: str
) -> None:
    visitor = visit(lang="en")
    page = visitor.open(f"?{BARE}")
    bare = tones(page)
    assert bare[0] == bare[1]
    expect(page.locator(".legend-theme")).to_be_hidden()
    page.get_by_label("Fill", exact=True).select_option("body")
    expect(page.locator(".theme-key li")).to_have_text(["East Subdistrict Office", "West Subdistrict Office"])
    filled = tones(page)
    assert len({*filled, bare[0]}) == 3
    assert "theme=body" in page.url
    assert faults(page, axe) == []
    dark = visit(lang="en", scheme="dark")
    theirs = dark.open(page.url.removeprefix(visitor.address))
    expect(theirs.locator(".theme-key li")).to_have_count(2)
    assert len(set(tones(theirs))) == 2
    assert faults(theirs, axe) == []
    page.go_back()
    expect(page.locator(".theme-key")).to_have_count(0)
    expect(page.get_by_label("Fill", exact=True)).to_have_value("")
    assert tones(page) == bare
    assert visitor.troubles + dark.troubles == []


def test_cells_are_filled_by_open_incidents_as_they_come(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(f"?{BARE}&theme=load&q=counted%20by%20cell")
    key = page.locator(".legend-theme")
    expect(key).to_contain_text("Open incidents per cell")
    expect(key).to_contain_text("Last 7 days, “counted by cell”: 0 in all")
    expect(page.locator(".theme-key li")).to_have_count(7)
    bare = tones(page)
    assert bare[0] == bare[1]
    record(page, "counted by cell", 116.4014, 39.9013)
    expect(key).to_contain_text("1 in all")
    once = tones(page)
    assert once[0] != bare[0]
    assert once[1] == bare[1]
    record(page, "counted by cell", 116.4013, 39.9012)
    expect(key).to_contain_text("2 in all")
    assert tones(page)[0] not in {once[0], bare[0]}
    switch(page, "cells").uncheck()
    expect(key).to_have_text("Switch cells on to see it.")
    assert visitor.troubles == []


def test_a_theme_that_does_not_load_says_so_and_is_asked_for_again(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    visitor.page.route("**/api/v1/bodies*", lambda route: route.abort("connectionrefused"))
    page = visitor.open(f"?{BARE}&theme=body")
    expect(page.locator(".legend-theme")).to_contain_text("The service cannot be reached")
    page.unroute("**/api/v1/bodies*")
    page.locator(".legend-theme").get_by_role("button", name="Try again").click()
    expect(page.locator(".theme-key li")).to_have_count(2)


def test_layers_that_are_off_are_in_the_address_and_come_back_by_link_reload_and_back(
    visit: Callable[..., Visit],
) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?map=17/39.9015/116.4015")
    for name in ("cells", "incidents"):
        switch(page, name).uncheck()
    assert "off=cells,incidents" in page.url
    page.reload()
    for opened in (page, visit(lang="en").open(page.url.removeprefix(visitor.address))):
        for name in ("cells", "incidents"):
            expect(switch(opened, name)).not_to_be_checked()
        expect(switch(opened, "areas")).to_be_checked()
        expect(opened.locator(".leaflet-cells-pane canvas")).to_have_count(0)
    page.go_back()
    expect(switch(page, "incidents")).to_be_checked()
    expect(switch(page, "cells")).not_to_be_checked()
    page.go_back()
    expect(switch(page, "cells")).to_be_checked()
    expect(page.locator(".leaflet-cells-pane canvas").first).to_be_attached()
    assert "off=" not in page.url
    assert visitor.troubles == []
