"""Where the map looks: what is chosen stands in its free part, and it stays at the city."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Visit

COVER, CELL = (116.4005, 39.9005), (116.4015, 39.9015)
CENTRE = "(({ lng, lat }) => [lng, lat])(map_city.getCenter())"
PUT_UNDER = """([place, control]) => {
  const [frame, over] = ["#map_city", control].map((name) => document.querySelector(name).getBoundingClientRect());
  const at = map_city.latLngToContainerPoint([place[1], place[0]]);
  const wanted = [over.x - frame.x + 1, over.y - frame.y + over.height / 2];
  map_city.panBy([at.x - wanted[0], at.y - wanted[1]], { animate: false });
}"""
IS_HIDDEN = """(control) => {
  const boxOf = (name) => document.querySelector(name).getBoundingClientRect();
  const [chosen, over] = ["path.selected-cell", control].map(boxOf);
  const [x, y] = [chosen.x + chosen.width / 2, chosen.y + chosen.height / 2];
  return x > over.left && x < over.right && y > over.top && y < over.bottom;
}"""
pytestmark = pytest.mark.browser


def centre(page: Page) -> list[float]:
    found: list[float] = page.evaluate(CENTRE)
    return found


@pytest.mark.parametrize("control", [".map-buttons", ".legend"])
@pytest.mark.parametrize(
    ("layer", "code", "place"),
    [("components", "9901010102000001", COVER), ("cells", "990101001002002", CELL)],
)
def test_what_is_chosen_from_the_table_comes_out_from_under_the_controls(
    visit: Callable[..., Visit], layer: str, code: str, place: tuple[float, float], control: str
) -> None:
    page = visit(lang="en").open(f"?tab=table&layer={layer}&map=17/39.9015/116.4015")
    link = page.get_by_role("link", name=code)
    expect(link).to_be_visible()
    page.evaluate(PUT_UNDER, [place, control])
    link.click()
    expect(page.locator("path.selected-cell")).to_have_count(1)
    assert not page.evaluate(IS_HIDDEN, control)


def test_a_link_to_a_place_beyond_the_city_shows_the_city(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?lon=10&lat=10")
    expect(page.locator('#answer [data-state="outside"]')).to_be_visible()
    assert centre(page) == pytest.approx([116.4015, 39.9015], abs=0.001)


def test_coordinates_beyond_the_city_leave_the_map_where_it_is(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?map=17/39.9010/116.4010")
    page.locator("#search-text").fill("10, 10")
    page.locator("#search-text").press("Enter")
    expect(page.locator('#answer [data-state="outside"]')).to_be_visible()
    assert centre(page) == pytest.approx([116.4010, 39.9010], abs=1e-4)


def test_the_next_page_speaks_the_language_of_this_one(visit: Callable[..., Visit]) -> None:
    page = visit(lang="zh").open("?lang=en")
    page.locator(".bar-pages a", has_text="Field").click()
    expect(page.locator("#other summary")).to_have_text("Use other coordinates")
    page.locator("#language").click()
    page.reload()
    expect(page.locator("#other summary")).to_have_text("用其他坐标")
    page.locator("#language").click()
    page.locator(".bar-pages a", has_text="Roster").click()
    expect(page.locator("#language")).to_have_text("中文")


def test_a_word_goes_with_its_number(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open()
    written = page.evaluate(
        """async () => {
          const { addTexts, text } = await import(new URL("assets/js/shared/language.js", document.baseURI));
          addTexts({ zh: { sent: "{n} {n|photo|photos}" }, en: {} });
          return [1, "1", 0, 2, "1,001"].map((n) => text("sent", { n }));
        }"""
    )
    assert written == ["1 photo", "1 photo", "0 photos", "2 photos", "1,001 photos"]
