"""The frame around the map: sizes, languages, tones, and the sheet on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Visit

SELECTED = "?lon=116.4003&lat=39.9013&accuracy_m=20&category=EVENT_CJT214:0505"
COUNT_TONES = """
[...document.querySelectorAll("#map_city canvas.leaflet-tile, #map_city .map-labels")].map((canvas) => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer;
  return new Set(new Uint32Array(pixels)).size;
})
"""
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [375, 1440])
def test_fits_every_screen_without_trouble(
    visit: Callable[..., Visit], tmp_path: Path, width: int, lang: str, scheme: str
) -> None:
    visitor = visit(width, 812 if width == 375 else 900, lang, scheme)
    page = visitor.open(SELECTED)
    expect(page.locator("#answer h2")).to_have_text("A1")
    picture = page.screenshot(path=tmp_path / f"{width}-{lang}-{scheme}.png")
    assert len(picture) > 10_000
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visitor.troubles == []


def test_the_canvas_is_not_blank(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.wait_for_timeout(200)
    tones = page.evaluate(COUNT_TONES)
    assert len(tones) >= 4  # squares of three layers, and the names
    assert sum(count > 2 for count in tones) >= 4, tones


def test_language_switch_changes_every_label_and_the_address(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="zh")
    page = visitor.open(SELECTED)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("#edition")).to_have_text("第 1 版 · 2026-01-01 起生效")
    expect(page.locator('[data-part="chief"]')).to_contain_text("巷长")
    page.locator("#language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#edition")).to_have_text("Edition 1 · in force since 2026-01-01")
    expect(page.locator('[data-part="chief"]')).to_contain_text("Lane chief")
    expect(page.locator(".legend summary")).to_have_text("Layers")
    assert "lang=en" in page.url
    assert visitor.troubles == []


def test_the_phone_sheet_has_three_heights_and_never_hides_the_place(visit: Callable[..., Visit]) -> None:
    visitor = visit(375, 812, "zh")
    page = visitor.open()
    stage, handle = page.locator("#main"), page.locator("#sheet-handle")
    expect(stage).to_have_attribute("data-height", "peek")
    visitor.click_place(116.4015, 39.9002)
    expect(page.locator("#answer h2")).to_have_text("B0")
    expect(stage).to_have_attribute("data-height", "half")
    marker, sheet = page.locator(".place-marker").bounding_box(), page.locator("#inspector").bounding_box()
    assert marker is not None
    assert sheet is not None
    assert marker["y"] + marker["height"] < sheet["y"]
    handle.click()
    expect(stage).to_have_attribute("data-height", "full")
    handle.click()
    expect(stage).to_have_attribute("data-height", "peek")


def test_buttons_on_the_map_are_big_enough(visit: Callable[..., Visit]) -> None:
    for width in (375, 1440):
        page = visit(width).open()
        for box in page.evaluate(
            "[...document.querySelectorAll('.map-buttons button')].map((b) => b.getBoundingClientRect().toJSON())"
        ):
            assert min(box["width"], box["height"]) >= 40


def test_layers_can_be_switched_off(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open()
    for label in ("Areas", "Cells", "Streets and lanes", "Components", "Incidents", "Names"):
        page.locator(".legend").get_by_label(label).uncheck()
    page.wait_for_timeout(200)
    assert all(count == 1 for count in page.evaluate(COUNT_TONES))
    page.locator(".legend").get_by_label("Cells").check()
    page.wait_for_timeout(400)
    assert any(count > 2 for count in page.evaluate(COUNT_TONES))
    # Reading a canvas twice, as this test does, is warned of.
    assert [trouble for trouble in visitor.troubles if "Canvas2D" not in trouble] == []


def test_names_are_not_set_below_what_lies_on_the_map(visit: Callable[..., Visit]) -> None:
    placed = (
        visit()
        .open()
        .evaluate(
            """async () => {
          const { placeLabels } = await import(new URL("assets/js/shared/label_places.js", document.baseURI));
          const label = { x: 50, y: 50, angle: 0, name: "A", style: "DISTRICT", length: Infinity };
          const button = { west: 0, east: 60, north: 0, south: 60 };
          const place = (obstacles) => placeLabels([label], () => 20, { x: 200, y: 200 }, 17, obstacles).length;
          return [place([]), place([button])];
        }"""
        )
    )
    assert placed == [1, 0]


def test_an_edition_begins_on_the_citys_day_wherever_the_reader_is(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open()
    day = """async () => {
      const { cityDay } = await import(new URL("assets/js/shared/dom.js", document.baseURI));
      return cityDay("2026-01-01T00:00:00+08:00");
    }"""
    assert page.evaluate(day) == "2026-01-01"
