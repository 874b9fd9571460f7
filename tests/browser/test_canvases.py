"""What the map is drawn on stays as large as the screen needs, however it gets from one zoom to another."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser
WATCH = """
window.widest = 0;
const plain = CanvasRenderingContext2D.prototype.setTransform;
CanvasRenderingContext2D.prototype.setTransform = function (...given) {
  if (this.canvas.gridDrawn) window.widest = Math.max(window.widest, this.canvas.width);
  return plain.apply(this, given);
};
"""
FROM_FAR = "?map=14/39.9015/116.4015"


@pytest.mark.parametrize("held", [False, True])
def test_a_jump_of_several_zooms_draws_no_canvas_larger_than_a_tile(visit: Callable[..., Visit], held: bool) -> None:
    """With the squares of the old zoom still there, or their features only coming when the map is elsewhere."""
    visitor = visit(lang="en", motion=True)
    page = visitor.page
    page.add_init_script(WATCH)

    def keep(_: Route) -> None:
        """Until it is taken away."""

    if held:
        page.route("**/tiles/**", keep)
    page.goto(visitor.address + FROM_FAR)
    if held:
        expect(page.locator(".leaflet-areas-pane canvas").first).to_be_attached()
    else:
        expect(page.locator(".leaflet-areas-pane .leaflet-tile-loaded").first).to_be_visible()
    expect(page.locator("#edition")).not_to_be_empty()
    page.locator("#search-text").fill("990101001002003")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("B2")
    expect(page).to_have_url(re.compile(r"[?&]map=1[78][/%]"))
    if held:
        page.unroute("**/tiles/**", keep)  # which lets those go that wait
    expect(page.locator(".leaflet-cells-pane .leaflet-tile-loaded").first).to_be_visible()
    assert page.evaluate("window.widest") == 512 * page.evaluate("devicePixelRatio")
